"""Signs every body of this directory as Meta does, with Python's hmac, into SIGNATURES.

Run it in this directory after a body was changed. `batch.json` is made here, too: 100 messages of
10 people in turn, with one that cannot be read.
"""

import glob
import hashlib
import hmac
import json

APP_SECRET = b"6f1c5e2a9b7d4830"
ACCESS_TOKEN = b"EAAG-page-token"
PAGE = "682498302938465"


def message(number):
    item = {
        "sender": {"id": f"psid-{number % 10}"},
        "recipient": {"id": PAGE},
        "timestamp": 1518479195308 + number,
        "message": {"mid": f"m_{number}", "text": f"{number}"},
    }
    if number == 57:
        item["message"] = {"text": "a message without its id"}
    return item


def hexadecimal(text):
    return hmac.new(APP_SECRET, text, hashlib.sha256).hexdigest()


entries = [
    {
        "id": PAGE,
        "time": 1518479195594,
        "messaging": [message(number) for number in range(start, start + 25)],
    }
    for start in range(0, 100, 25)
]
with open("batch.json", "w") as file:
    json.dump({"object": "page", "entry": entries}, file)

with open("SIGNATURES", "w") as file:
    for name in sorted(glob.glob("*.json")):
        with open(name, "rb") as body:
            print(name, hexadecimal(body.read()), file=file)
    print("appsecret_proof", hexadecimal(ACCESS_TOKEN), file=file)
