"""What people write, made fit to be kept and shown: one line, no control characters, not too long."""

import re
import unicodedata

from bot.desk.errors import RefusedError

WHO = re.compile(r"[a-z][a-z0-9_-]{0,19}:[^\s\x00]{1,170}")
KEPT_FORMAT = "\u200d"  # joins the parts of an emoji
# Cc: control; Cf: direction overrides and the like, which make one text look like another; Cs, Co, Cn: no characters.
UNFIT = ("Cc", "Cf", "Cs", "Co", "Cn")


def line(value: str, what: str, most: int, *, least: int = 0) -> str:
    """`value` as one clean line of `least` to `most` characters. Raises RefusedError naming `what`."""
    kept = "".join(
        character if character == KEPT_FORMAT or unicodedata.category(character) not in UNFIT else " "
        for character in value
    )
    clean = unicodedata.normalize("NFC", " ".join(kept.split()))
    if len(clean) < least:
        text = f"{what} is missing: write {least} to {most} characters."
        raise RefusedError(text, "text_missing", least=least, most=most)
    if len(clean) > most:
        text = f"{what} has {len(clean)} characters and {most} are taken: make it shorter."
        raise RefusedError(text, "text_long", count=len(clean), most=most)
    return clean


def slug_of(name: str, most: int = 60) -> str:
    """A name for addresses and commands: a-z, 0-9 and single dashes; empty where nothing of it can be written so."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:most].strip("-")


def who(value: str, what: str) -> str:
    """A person or server as "<front>:<id>"; ValueError for a front that sends anything else."""
    if WHO.fullmatch(value) is None:
        raise ValueError(f"{what} {value!r} is not <front>:<id>")
    return value
