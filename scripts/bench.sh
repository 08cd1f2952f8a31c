#!/usr/bin/env bash
# Measures the release binaries. Results are printed, and written to target/bench.json.
# Arguments go to `patchcord bench`; `scripts/bench.sh --help` lists them.
set -euo pipefail
cd "$(dirname "$0")/.."

# Each on its own: built together with another or with the tool, it would get their features, too.
cargo build --quiet --release -p webhook
cargo build --quiet --release -p botmatic
cargo build --quiet --release -p contact-import

# The tool has to be fast, not small; so it is built in less time.
export CARGO_PROFILE_BENCH_LTO=off CARGO_PROFILE_BENCH_CODEGEN_UNITS=16 CARGO_PROFILE_BENCH_OPT_LEVEL=2
cargo run --quiet --profile bench -p patchcord-local --bin patchcord -- bench "$@"
