"""Signs the samples as Slack does, with Python's hmac: writes signatures.json.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import hashlib
import hmac
import json
import pathlib
import urllib.parse

SECRET = b"8f742231b10e8888abcd99yyyzzz85a5"  # the one of that page
TIMES = {"now": 1700000000, "stale": 1699999699, "future": 1700000302}

here = pathlib.Path(__file__).parent
samples = json.loads((here / "samples.json").read_text())


def compact(value):
    return json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)


bodies = {name: compact(event) for name, event in samples["events"].items()}
for name, payload in samples["interactions"].items():
    bodies[name] = "payload=" + urllib.parse.quote(compact(payload), safe="")
bodies |= samples["forms"]


def sign(body, time):
    signed = f"v0:{time}:".encode() + body.encode()
    return "v0=" + hmac.new(SECRET, signed, hashlib.sha256).hexdigest()


signatures = {
    time: {name: sign(body, seconds) for name, body in sorted(bodies.items())}
    for time, seconds in TIMES.items()
}
(here / "signatures.json").write_text(json.dumps(signatures, indent=1) + "\n")
