#!/usr/bin/env bash
# Everything that has to pass. Needs nothing running beforehand and leaves nothing running.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { echo "test: $*" >&2; }

# What the tests need of the stack is theirs, not the caller's.
unset CONVERSATIONS_TABLE DYNAMODB_ENDPOINT PATCHCORD_CONFIG PATCHCORD_DATA

scripts/tools.sh test
export CARGO_LAMBDA="$PWD/target/tools/bin/cargo-lambda"

step "format"
cargo fmt --all --check
step "clippy"
cargo clippy --quiet --workspace --all-targets -- -D warnings
step "unit and integration tests"
cargo test --quiet --workspace
if [ -x scripts/check-template.sh ]; then
  step "template"
  scripts/check-template.sh
fi
step "passed"
