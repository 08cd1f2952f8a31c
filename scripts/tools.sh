#!/usr/bin/env bash
# Fetches tools into target/tools, each once, and says nothing when they are there.
#
#   scripts/tools.sh run     cargo-lambda, for `make run`
#   scripts/tools.sh test    besides: SAM, cfn-lint, DynamoDB Local, moto and a browser, for `make test`
#
# Needs python3, and Java for the tests. What is on PATH in the wanted version is used. The browser
# is the system's: Chromium and its chromedriver, on PATH or named by CHROMIUM and CHROMEDRIVER.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo_lambda=1.9.2
sam=1.170.0
cfn_lint=1.58.0
dynamodb_local=2.6.1
moto=5.2.5

tools="$PWD/target/tools"
venv="$tools/venv"
mkdir -p "$tools/bin"

say() { echo "tools: $*" >&2; }
fail() { say "$*"; exit 1; }

# A Python environment in target/tools. Debian ships a python3 that can make one only without pip.
make_venv() {
  [ -e "$venv/without-pip" ] && return
  # One that was interrupted while it was made has a python, and no pip.
  "$venv/bin/python" -m pip --version >/dev/null 2>&1 && return
  command -v python3 >/dev/null || return 1
  python3 -m venv --clear "$venv" >/dev/null 2>&1 && return
  python3 -m venv --without-pip --clear "$venv" && touch "$venv/without-pip"
}

# Installs packages with whichever pip there is.
pip_install() {
  if ! make_venv; then
    return 1
  elif "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
  elif python3 -m pip --version >/dev/null 2>&1; then
    python3 -m pip --python "$venv/bin/python" install --quiet --disable-pip-version-check "$@"
  elif command -v uv >/dev/null; then
    uv pip install --quiet --python "$venv/bin/python" "$@"
  else
    return 1
  fi
}

is_cargo_lambda() {
  [ -x "$1" ] && [[ "$("$1" lambda --version 2>/dev/null)" == "cargo-lambda $cargo_lambda "* ]]
}

# target/tools/bin/cargo-lambda, of exactly this version.
get_cargo_lambda() {
  local link="$tools/bin/cargo-lambda" on_path
  [ -e "$tools/cargo-lambda-$cargo_lambda" ] && [ -x "$link" ] && return
  on_path="$(command -v cargo-lambda || true)"
  if is_cargo_lambda "$on_path"; then
    ln -sf "$on_path" "$link"
  elif say "fetching cargo-lambda $cargo_lambda" && pip_install "cargo-lambda==$cargo_lambda"; then
    ln -sf "$venv/bin/cargo-lambda" "$link"
  else
    say "python3 has no pip (Debian: apt-get install python3-venv), so cargo-lambda is compiled, which takes a while"
    cargo install --quiet --locked --root "$tools/cargo" "cargo-lambda@$cargo_lambda"
    ln -sf "$tools/cargo/bin/cargo-lambda" "$link"
  fi
  is_cargo_lambda "$link" || fail "$link is not cargo-lambda $cargo_lambda"
  touch "$tools/cargo-lambda-$cargo_lambda"
}

# The checks of the template want all three side by side, with cargo-lambda's Zig.
get_template_tools() {
  local stamp="$tools/template-$sam-$cfn_lint-$cargo_lambda"
  [ -e "$stamp" ] && return
  say "fetching aws-sam-cli $sam and cfn-lint $cfn_lint"
  pip_install "aws-sam-cli==$sam" "cfn-lint==$cfn_lint" "cargo-lambda==$cargo_lambda" ||
    fail "cannot install Python packages; is there a pip? (Debian: apt-get install python3-venv)"
  touch "$stamp"
}

get_dynamodb_local() {
  local stamp="$tools/dynamodb-local-$dynamodb_local"
  [ -e "$stamp" ] && return
  command -v java >/dev/null || fail "DynamoDB Local needs Java 17 or later (Debian: apt-get install default-jre-headless)"
  say "fetching DynamoDB Local $dynamodb_local"
  python3 scripts/dynamodb-local/fetch.py "$tools/dynamodb-local" || fail "cannot fetch DynamoDB Local"
  touch "$stamp"
}

# In an environment of its own, so that it changes no version that SAM or cfn-lint wants.
get_moto() {
  local stamp="$tools/moto-$moto" venv="$tools/moto"
  [ -e "$stamp" ] && return
  say "fetching moto $moto"
  pip_install "moto[server]==$moto" ||
    fail "cannot install Python packages; is there a pip? (Debian: apt-get install python3-venv)"
  touch "$stamp"
}

has_browser() {
  command -v "${CHROMIUM:-chromium}" >/dev/null && command -v "${CHROMEDRIVER:-chromedriver}" >/dev/null
}

# Both come from the system's packages, which keep their versions in step. Installed only by root, as
# whom containers run; nobody else is asked for a password.
get_browser() {
  has_browser && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "installing chromium and chromium-driver"
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
      chromium chromium-driver; } >"$tools/apt.log" 2>&1 || say "apt-get failed: see $tools/apt.log"
  fi
  has_browser || fail "the settings page is tested in Chromium: install chromium and chromedriver (Debian: apt-get install chromium chromium-driver), or let CHROMIUM and CHROMEDRIVER name them"
}

case "${1:-}" in
  run) get_cargo_lambda ;;
  test) get_cargo_lambda; get_template_tools; get_dynamodb_local; get_moto; get_browser ;;
  *) fail "expected run or test" ;;
esac
