#!/usr/bin/env python3
"""Fetches AWS's DynamoDB Local into a directory: jars into lib/, native SQLite into native/.

    fetch.py DIRECTORY            with Maven, or without it from the repository in MAVEN_REPOSITORY
    fetch.py --write DIRECTORY    with Maven, and writes files.sha256 anew from what came

Every file is checked against files.sha256, whose paths are those of a Maven repository.
"""

import hashlib, os, pathlib, shutil, subprocess, sys, urllib.request

HERE = pathlib.Path(__file__).resolve().parent
LOCK = HERE / "files.sha256"
PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
REPOSITORY = os.environ.get("MAVEN_REPOSITORY")


def with_maven(into):
    command = ["mvn", "--quiet", "--batch-mode", "--file", str(HERE / "pom.xml"), PLUGIN]
    command += [f"-DoutputDirectory={into}", "-Dmdep.useRepositoryLayout=true", "-DincludeScope=runtime"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        print(f"fetch.py: Maven failed, going on without it:\n{done.stdout}", file=sys.stderr)
    return done.returncode == 0


def without_maven(into, path):
    if not REPOSITORY:
        sys.exit("fetch.py: expected Maven (Debian: apt-get install maven), or the address of a Maven repository in MAVEN_REPOSITORY")
    file = into / path
    file.parent.mkdir(parents=True, exist_ok=True)
    with urllib.request.urlopen(f"{REPOSITORY}/{path}", timeout=60) as answer, open(file, "wb") as out:
        shutil.copyfileobj(answer, out)


def sha256(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


def main():
    write = sys.argv[1] == "--write"
    home = pathlib.Path(sys.argv[-1]).resolve()
    raw = home / "repository"
    shutil.rmtree(home, ignore_errors=True)
    raw.mkdir(parents=True)
    came = bool(shutil.which("mvn")) and with_maven(raw)

    if write:
        if not came:
            sys.exit("fetch.py: Maven did not bring the files")
        found = sorted(f for f in raw.rglob("*") if f.suffix in (".dll", ".dylib", ".jar", ".so"))
        LOCK.write_text("".join(f"{sha256(f)}  {f.relative_to(raw).as_posix()}\n" for f in found))

    for line in LOCK.read_text().splitlines():
        expected, path = line.split()
        if not (raw / path).is_file():
            without_maven(raw, path)
        if sha256(raw / path) != expected:
            sys.exit(f"fetch.py: {path} is not the file that is expected")
        place = home / ("lib" if path.endswith(".jar") else "native")
        place.mkdir(exist_ok=True)
        shutil.move(raw / path, place / pathlib.PurePosixPath(path).name)
    shutil.rmtree(raw)


main()
