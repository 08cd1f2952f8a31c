//! Patchcord.
