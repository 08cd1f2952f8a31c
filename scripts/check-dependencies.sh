#!/usr/bin/env bash
# What a cold start cannot afford stays out of the functions: other TLS libraries, AWS's SDK, and
# HTTP/2, which DynamoDB does not speak. deny.toml bans the TLS libraries for the whole workspace; this needs cargo alone.
set -euo pipefail
cd "$(dirname "$0")/.."

for manifest in functions/*/Cargo.toml; do
  function="$(basename "$(dirname "$manifest")")"
  tree="$(cargo tree --quiet --locked --package "$function" --edges normal --prefix none)"
  for crate in aws-lc-sys aws-lc-rs openssl-sys native-tls h2 aws-smithy-runtime; do
    if grep -q "^$crate v" <<<"$tree"; then
      echo "check-dependencies: the function $function has $crate again, by way of:" >&2
      cargo tree --quiet --locked --package "$function" --edges normal --invert "$crate" >&2
      exit 1
    fi
  done
done
