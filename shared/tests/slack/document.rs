//! docs/slack.md.
