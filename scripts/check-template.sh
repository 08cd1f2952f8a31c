#!/usr/bin/env bash
# Checks template.yaml, builds it, and looks into what would be uploaded: a function's zip has an
# executable `bootstrap` that Amazon Linux 2023 can load, the layer's zip has patchcord.yaml.
#
# Needs sam, cfn-lint, cargo and cargo-lambda, in target/tools/venv/bin or on PATH, and python3.
# Needs no AWS account: the upload goes to a stand-in for S3 on 127.0.0.1. Writes to target/ only.
set -euo pipefail
cd "$(dirname "$0")/.."

# The versions that scripts/tools.sh has fetched come first.
PATH="$PWD/target/tools/venv/bin:$PATH"
out="$PWD/target/sam"
mkdir -p "$out"

missing=0
for tool in cargo cargo-lambda cfn-lint python3 sam; do
  if ! command -v "$tool" >/dev/null; then
    echo "check-template: $tool is missing, in target/tools/venv/bin and on PATH" >&2
    missing=1
  fi
done
if [ ! -f patchcord.yaml ]; then
  echo "check-template: patchcord.yaml is missing; the layer is made of it" >&2
  missing=1
fi
[ "$missing" = 0 ] || exit 1

# No telemetry, no file in the home directory, no account: the keys are made up.
export SAM_CLI_TELEMETRY=0 __SAM_CLI_APP_DIR="$out/home"
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true
export AWS_DEFAULT_REGION=eu-west-1 AWS_ACCESS_KEY_ID=none AWS_SECRET_ACCESS_KEY=none
unset AWS_PROFILE AWS_REGION AWS_SESSION_TOKEN
mkdir -p "$__SAM_CLI_APP_DIR"

# cargo-lambda looks for the Zig of its own Python package with the first python3 on PATH, which
# need not be the one that it was installed with.
python="$(dirname "$(readlink -f "$(command -v cargo-lambda)")")/python3"
if [ -x "$python" ]; then
  export CARGO_ZIGBUILD_PYTHON_PATH="$python"
fi

step() { echo "check-template: $*"; }

step "sam validate --lint ($(sam --version))"
sam validate --lint --template-file template.yaml

step "cfn-lint ($(cfn-lint --version))"
cfn-lint template.yaml

step "who may call the functions, and what a queue invokes"
"$(dirname "$(readlink -f "$(command -v sam)")")/python3" scripts/check-permissions.py

# What sam builds one after the other is linked at the same time here; sam
# finds it up to date.
binaries=()
for function in functions/*/; do
  binaries+=(--bin "$(basename "$function")")
done
step "cargo lambda build ($(cargo-lambda lambda --version))"
cargo lambda build --quiet --release "${binaries[@]}"

step "sam build"
rm -rf "$out/build"
sam build --template-file template.yaml --build-dir "$out/build" --cache-dir "$out/cache"

step "what sam deploy would upload"
python3 - "$out" <<'PYTHON'
"""Runs `sam package` against a stand-in for S3 and looks into the zips that it uploads."""

import http.server, io, json, os, re, subprocess, sys, threading, zipfile

out = sys.argv[1]
uploads = {}


class StandIn(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status):
        self.send_response(status)
        self.send_header("ETag", '"0"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_HEAD(self):
        self.answer(404)  # not there yet: sam uploads it

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        uploads[self.path.split("?")[0]] = body
        self.answer(200)

    def log_message(self, *args):
        pass


def fail(why):
    sys.exit(f"check-template: {why}")


def upload_of(resources, name, uri):
    where = resources[name]["Properties"][uri]
    path = where.removeprefix("s3:/")
    if path not in uploads:
        fail(f"{name}: {where} was not uploaded")
    return zipfile.ZipFile(io.BytesIO(uploads[path]))


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), StandIn)
threading.Thread(target=server.serve_forever, daemon=True).start()
env = dict(os.environ, AWS_ENDPOINT_URL_S3=f"http://127.0.0.1:{server.server_port}", NO_PROXY="127.0.0.1")
package = ["sam", "package", "--template-file", f"{out}/build/template.yaml", "--s3-bucket", "stand-in"]
package += ["--output-template-file", f"{out}/packaged.json", "--use-json"]
done = subprocess.run(package, env=env, capture_output=True, text=True)
if done.returncode:
    fail(f"sam package failed:\n{done.stdout}{done.stderr}")
resources = json.load(open(f"{out}/packaged.json"))["Resources"]

functions = [name for name, r in resources.items() if r["Type"] == "AWS::Serverless::Function"]
if not functions:
    fail("the template has no function")
for name in functions:
    code = upload_of(resources, name, "CodeUri")
    if code.namelist() != ["bootstrap"]:
        fail(f"{name}: expected a zip with bootstrap alone, found {code.namelist()[:10]}")
    if not code.getinfo("bootstrap").external_attr >> 16 & 0o111:
        fail(f"{name}: bootstrap is not executable")
    binary = code.read("bootstrap")
    if binary[:4] != b"\x7fELF":
        fail(f"{name}: bootstrap is not a Linux binary")
    glibc = max((tuple(map(int, v.split(b"."))) for v in re.findall(rb"GLIBC_(\d+\.\d+)", binary)), default=(0, 0))
    if glibc > (2, 34):
        fail(f"{name}: bootstrap wants glibc {glibc[0]}.{glibc[1]}, Amazon Linux 2023 has 2.34")
    size = len(uploads[resources[name]["Properties"]["CodeUri"].removeprefix("s3:/")])
    print(f"  {name}: bootstrap, {len(binary):,} bytes ({size:,} zipped), glibc {glibc[0]}.{glibc[1]} or later")

layer = upload_of(resources, "ConfigLayer", "ContentUri")
if layer.namelist() != ["patchcord.yaml"]:
    fail(f"ConfigLayer: expected a zip with patchcord.yaml alone, found {layer.namelist()[:10]}")
if layer.read("patchcord.yaml") != open("patchcord.yaml", "rb").read():
    fail("ConfigLayer: patchcord.yaml is not the one of the repository")
if layer.getinfo("patchcord.yaml").external_attr >> 16 & 0o444 != 0o444:
    fail("ConfigLayer: patchcord.yaml cannot be read by everybody, so the function cannot read it")
print("  ConfigLayer: patchcord.yaml")
PYTHON

step "passed"
