"""`make audit`: are known holes in what `constraints.txt` pins, and is everything pinned?

Where no database of holes can be reached it says why within seconds and passes; the pins are checked always.
"""

import importlib.metadata
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).parent.parent
CONSTRAINTS = ROOT / "constraints.txt"
DATABASES = ("pypi", "osv")
PROBE_SECONDS = 5.0  # one package; two databases, so that the answer "out of reach" comes within 15 s
AUDIT_SECONDS = 300.0
SOCKET_SECONDS = 3
PIN = re.compile(r"^[A-Za-z0-9._-]+==[A-Za-z0-9.!+_-]+$")


def name_of(text: str) -> str:
    """A distribution's name as PEP 503 writes it."""
    return re.sub(r"[-_.]+", "-", text).lower()


def pins(text: str) -> dict[str, str]:
    """Version by name. Raises ValueError naming a line that is no pin."""
    lines = [line.split("#")[0].strip() for line in text.splitlines()]
    for line in lines:
        if line and not PIN.match(line):
            raise ValueError(f"constraints.txt: {line!r} pins no version: write name==version")
    return {name_of(name): version for name, _, version in (line.partition("==") for line in lines if line)}


def needed(root: str = "twobit") -> dict[str, str]:
    """Version by name of all that is installed here because `root` with its extras asks for it."""
    found: dict[str, str] = {}
    waiting = [root]
    while waiting:
        for text in importlib.metadata.requires(waiting.pop()) or ():
            name = name_of(re.split(r"[\s\[<>=!~;(@]", text, maxsplit=1)[0])
            if name in found or name in (root, "pip"):  # pip is the venv's own
                continue
            try:
                found[name] = importlib.metadata.version(name)
            except importlib.metadata.PackageNotFoundError:
                continue  # of an extra or a system that is not ours
            waiting.append(name)
    return found


def unpinned(pinned: dict[str, str], installed: dict[str, str]) -> list[str]:
    """What is installed and not pinned at that version, one line each."""
    return [
        f"{name} {version} is installed, constraints.txt has {pinned.get(name, 'no such line')}"
        for name, version in sorted(installed.items())
        if pinned.get(name) != version
    ]


def asked(lines: list[str], database: str, seconds: float) -> tuple[list[dict[str, Any]], str]:
    """(what pip-audit says of each package that it knows, else why not)."""
    with tempfile.TemporaryDirectory() as folder:
        listed, out = Path(folder) / "pins.txt", Path(folder) / "found.json"
        listed.write_text("\n".join(lines))
        words = ["-r", str(listed), "--no-deps", "--disable-pip", "-s", database, "--timeout", str(SOCKET_SECONDS)]
        command = [sys.executable, "-m", "pip_audit", *words, "--progress-spinner", "off", "-f", "json", "-o", str(out)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)
        except subprocess.TimeoutExpired:
            return [], f"no answer within {seconds:.0f} s"
        if not out.exists():
            return [], (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        found = json.loads(out.read_text())["dependencies"]
    known = [each for each in found if "skip_reason" not in each]
    return known, "" if known else found[0]["skip_reason"]


def holes(found: list[dict[str, Any]]) -> list[str]:
    """One line for each known hole."""
    return [
        f"{each['name']} {each['version']}: {hole['id']}, mended in {', '.join(hole['fix_versions']) or 'no release'}"
        for each in found
        for hole in each["vulns"]
    ]


def main() -> int:
    """0 when all is well, as far as it could be looked at."""
    pinned = pins(CONSTRAINTS.read_text())
    wrong = unpinned(pinned, needed())
    click.echo(f"{len(pinned)} packages are pinned" if not wrong else "\n".join(wrong))
    lines = [f"{name}=={version}" for name, version in pinned.items()]
    for database in DATABASES:
        probe, reason = asked(["packaging==" + pinned["packaging"]], database, PROBE_SECONDS)
        if not probe:
            click.echo(f"holes are not looked up: database {database} is out of reach ({reason[-200:]})")
            continue
        found, reason = asked(lines, database, AUDIT_SECONDS)
        told = holes(found)
        click.echo("\n".join(told) or f"no known hole in {len(found)} of {len(lines)} packages, by {database} {reason}")
        wrong += told
        break
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
