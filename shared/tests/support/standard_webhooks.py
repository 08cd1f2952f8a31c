"""Makes standard_webhooks.json, the signatures of the tests, with the specification's own library.

    pip install standardwebhooks==1.1.0
    python3 standard_webhooks.py > standard_webhooks.json
"""

import hashlib
import json
from datetime import datetime
from pathlib import Path

from standardwebhooks import Webhook

KEYS = {
    "channel": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "old": "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    "answer": "whsec_YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODk=",
    "stranger": "whsec_c3RyYW5nZXIgYnl0ZXMgdGhhdCBub2JvZHkga25vd3M=",
}
# When the tests take place.
NOW = 1_700_000_000

HELLO = {
    "type": "message.created",
    "timestamp": "2023-11-14T22:13:00Z",
    "data": {"sender": "ada", "message": "hello"},
}
REST = {"sender": "ada", "message": "hello", "message_id": "7", "metadata": {"lang": "en"}}
PAID = {"type": "invoice.paid", "data": {"customer": 42, "amount": 3}}


def key_of(channel, room, sender, event, ordinal):
    text = "\n".join([channel, room, sender, event])
    return f"{hashlib.sha256(text.encode()).hexdigest()[:16]}-{ordinal}"


def compact(value):
    return json.dumps(value, separators=(",", ":"), sort_keys=True)


def fixture(name, body, keys=("channel",), message="msg_1", at=NOW):
    # The library takes the time as UTC without a zone.
    moment = datetime.utcfromtimestamp(at)
    signatures = [Webhook(KEYS[key]).sign(message, moment, body) for key in keys]
    return name, {"id": message, "at": at, "signature": " ".join(signatures), "body": body}


REPLY = {
    "type": "message.reply",
    "timestamp": "2023-11-14T22:13:20Z",
    "data": {"recipient_id": "ada", "in_reply_to": "msg_1", "text": "1: hello"},
}

DOCUMENT = Path(__file__).parents[3] / "docs/standard-webhook.md"


def shown(kind):
    """The first block of the document that begins with ```kind, without its indentation."""
    block = DOCUMENT.read_text().split(f"```{kind}\n", 1)[1].split("```", 1)[0]
    return compact(json.loads(block))


FIXTURES = dict(
    [
        fixture("hello", json.dumps(HELLO, indent=2)),
        fixture("another", compact(HELLO), message="msg_2"),
        fixture("rest", compact(REST)),
        fixture("paid", compact(PAID)),
        fixture("not json", "hello"),
        fixture("a list", "[1]"),
        fixture("no id", compact(HELLO), message=""),
        fixture("no sender", compact({"type": "message.created", "data": {"message": "hello"}})),
        fixture("old key", compact(HELLO), keys=["old"]),
        fixture("both keys", compact(HELLO), keys=["old", "channel"]),
        fixture("strange and ours", compact(HELLO), keys=["stranger", "channel"]),
        fixture("stranger's key", compact(HELLO), keys=["stranger"]),
        fixture("300 s ago", compact(HELLO), at=NOW - 300),
        fixture("300 s ahead", compact(HELLO), at=NOW + 300),
        fixture("stale", compact(HELLO), at=NOW - 301),
        fixture("future", compact(HELLO), at=NOW + 301),
        fixture("document", shown("json event")),
        # What the channels answer.
        fixture("reply", compact(REPLY), message=key_of("crm", "ada", "ada", "msg_1", 0)),
        fixture(
            "reply with another key",
            compact(REPLY),
            keys=["answer"],
            message=key_of("crm", "ada", "ada", "msg_1", 0),
        ),
        fixture(
            "callback",
            compact({"recipient_id": "ada", "text": "1: hello"}),
            message=key_of("site", "ada", "ada", "m-1", 0),
        ),
    ]
)

print(json.dumps({"keys": KEYS, "requests": FIXTURES}, indent=2))
