#!/usr/bin/env bash
# A million contacts through the release binary of `contact-import`.
set -euo pipefail
cd "$(dirname "$0")/.."

# On its own: built together with another or with the test, it would get their features, too.
cargo build --quiet --release -p contact-import

# The test has the database and both services in it: they have to be fast, not small.
export CARGO_PROFILE_BENCH_LTO=off CARGO_PROFILE_BENCH_CODEGEN_UNITS=16 CARGO_PROFILE_BENCH_OPT_LEVEL=2
cargo test --profile bench -p patchcord-tests --test imports_soak -- --ignored --nocapture
