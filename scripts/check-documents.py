#!/usr/bin/env python3
"""Whether what the documents name is there: files of code, and where links lead to.

    scripts/check-documents.py

A file may be named by the end of its path, as in `chat/dispatcher/claim.rs`.
"""
import pathlib
import re
import subprocess
import sys

# Files that a reader is told to make.
MADE_BY_READERS = {"functions/webhook/src/custom.rs", "functions/worker/src/shop.rs"}

CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
RUST_FILE = re.compile(r"`([\w./-]+\.rs)`")
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(#[^)\s]*)?\)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)


def anchors(document):
    """The anchors of the headings, as GitHub makes them."""
    headings = HEADING.findall(CODE.sub("", document.read_text()))
    kept = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {"#" + text.replace(" ", "-") for text in kept}


def problems(document, files):
    text = CODE.sub("", document.read_text())
    for name in RUST_FILE.findall(text):
        is_there = any(file == name or file.endswith("/" + name) for file in files)
        if not is_there and name not in MADE_BY_READERS:
            yield f"expected a file {name}"
    for path, anchor in LINK.findall(text):
        target = document.parent / path if path else document
        if not target.exists():
            yield f"expected {path} to be there"
        elif anchor and anchor not in anchors(target):
            yield f"expected a heading for {path}{anchor}"


def main():
    listed = subprocess.run(["git", "ls-files"], capture_output=True, check=True, text=True)
    files = listed.stdout.splitlines()
    documents = [pathlib.Path(file) for file in files if file.endswith(".md")]
    found = [f"{it}: {problem}" for it in documents for problem in problems(it, files)]
    sys.exit("\n".join(found) or None)


if __name__ == "__main__":
    main()
