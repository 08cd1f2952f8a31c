#!/usr/bin/env bash
# Measures the release binary. Results are printed, and written to target/bench.json.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo build --quiet --release -p webhook
cargo run --quiet --release -p patchcord-local --bin patchcord -- bench "$@"
