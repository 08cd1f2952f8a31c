#!/usr/bin/env bash
# Everything that has to pass. Needs nothing running beforehand and leaves nothing running.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { echo "test: $*" >&2; }

# What the tests need of the stack is theirs, not the caller's.
unset CONVERSATIONS_TABLE CONTACTS_TABLE DYNAMODB_ENDPOINT PATCHCORD_CONFIG PATCHCORD_DATA
unset BOTMATIC_BASE_URL CRM_BASE_URL PATCHCORD_BOTMATIC_PORT PATCHCORD_CRM_PORT
unset IMPORT_QUEUE_URL AWS_ENDPOINT_URL_SQS AWS_ENDPOINT_URL_S3 PATCHCORD_SQS_PORT
unset PATCHCORD_ADMIN_KEY PATCHCORD_PUSH_KEY PATCHCORD_ENCRYPTION_KEY

scripts/tools.sh test
export CARGO_LAMBDA="$PWD/target/tools/bin/cargo-lambda"

step "format"
cargo fmt --all --check
step "what the documents name"
scripts/check-documents.py
step "what must not be in a function"
scripts/check-dependencies.sh
step "clippy"
cargo clippy --quiet --workspace --all-targets -- -D warnings
step "documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --quiet --no-deps --package patchcord
step "unit and integration tests"
cargo test --workspace --no-fail-fast
step "template"
scripts/check-template.sh
step "passed"
