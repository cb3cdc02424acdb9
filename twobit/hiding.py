"""The last fence before a line is shown: what this process knows to be secret is not in it, whoever wrote the line."""

import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote

SHORTEST = 4  # characters; less would blot out half of every line
SECRET = re.compile(r"TOKEN|SECRET|PASSWORD|HEADERS|ACCESS_KEY$")
OURS = ("TWOBIT_", "AWS_", "OTEL_EXPORTER_")
IN_URL = re.compile(r"//[^/@]*?:(.*)@|[?&](?:password|sslpassword|secret|token|key)=([^&#]*)")
# Discord's addresses of an answer hold a token that posts in the bot's name for 15 minutes.
INTERACTION = re.compile(r"(/(?:webhooks|interactions)/\d+/)[\w.~%-]+")
SHOWN = "***"


class Hiding:
    """Blots secrets out of text."""

    def __init__(self, environment: Mapping[str, str] | None = None, arguments: Sequence[str] | None = None) -> None:
        """What is secret, is read from the settings (their files too) and the command line, once."""
        found = set(_secrets(os.environ if environment is None else environment))
        for word in sys.argv if arguments is None else arguments:
            found |= set(_in_url(word))
        both = found | {unquote(each) for each in found}
        words = sorted((each for each in both if len(each) >= SHORTEST), key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, words))) if words else None

    def hide(self, text: str) -> str:
        """The text without them."""
        shown = INTERACTION.sub(rf"\1{SHOWN}", text)
        return shown if self._known is None else self._known.sub(SHOWN, shown)


def _secrets(environment: Mapping[str, str]) -> Iterator[str]:
    for name, value in environment.items():
        if not name.startswith(OURS):
            continue
        setting = name.removesuffix("_FILE")
        text = value if setting == name else _read(value)
        if SECRET.search(setting):
            yield text
            yield from text.split("=")[1:]  # headers: name=value
        else:
            yield from _in_url(text)


def _in_url(text: str) -> Iterator[str]:
    for found in IN_URL.finditer(text):
        yield found[1] or found[2] or ""


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""  # whoever needs it says so
