"""What a post's words ask for: a command, a style's name, choices. Words of all languages are understood."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, cast, get_args

from bot.community import LibraryStyle, Role
from bot.fediverse.words import heard

Act = Literal[
    "styles",
    "show",
    "help",
    "again",
    "vary",
    "larger",
    "publish",
    "unpublish",
    "delete",
    "forget",
    "cancel",
    "recipe",
    "where",
    "map",
    "report",
    "stop",
    "start",
]

MENTION = re.compile(r"(?<!\w)@[\w.-]+(?:@[\w.-]+)?")
TAG = re.compile(r"(?<!\w)#\w+")
LINK = re.compile(r"https?://\S+")
NUMBER = {
    "seed": re.compile(r"\bseed\s*[:=]?\s*(\d{1,10})\b", re.IGNORECASE),
    "size": re.compile(r"\bsize\s*[:=]?\s*(\d{2,5})\b", re.IGNORECASE),
    "beta": re.compile(r"\bbeta\s*[:=]?\s*(\d{1,6}(?:\.\d+)?)\b", re.IGNORECASE),
    "gamma": re.compile(r"\bgamma\s*[:=]?\s*(\d{1,6}(?:\.\d+)?)\b", re.IGNORECASE),
}
PRESET = re.compile(r"\b(draft|fast|best)\b", re.IGNORECASE)
ALONE: frozenset[Act] = frozenset(get_args(Act)) - {"show", "publish", "report", "vary", "map"}
MOST_BESIDE = 3  # words beside a command that takes none
SHORT_ALT = 4  # words; a longer description tells what is seen, not what it is for


@dataclass(frozen=True, slots=True)
class Heard:
    """A post's words, sorted."""

    act: Act | None
    rest: str  # without the command's own words and the choices
    choices: dict[str, float | int | str] = field(default_factory=dict)  # seed, size, beta, gamma, preset

    @property
    def words(self) -> list[str]:
        """Of the rest."""
        return _words(self.rest)


def hear(text: str) -> Heard:
    """Sort the words of a post."""
    plain = " ".join(LINK.sub(" ", TAG.sub(" ", MENTION.sub(" ", text))).split())
    choices: dict[str, float | int | str] = {}
    act, rest = _command(plain)
    if act in ALONE and len(rest.split()) > MOST_BESIDE:
        act, rest = None, plain  # a sentence that happens to begin with that word
    for name, pattern in NUMBER.items():
        found = pattern.search(rest)
        if found:
            choices[name] = float(found[1]) if name in ("beta", "gamma") else int(found[1])
            rest = pattern.sub(" ", rest, count=1)
    found = PRESET.search(rest)
    if found:
        choices["preset"] = found[1].lower()
        rest = PRESET.sub(" ", rest, count=1)
    return Heard(act, " ".join(rest.split()), choices)


def _command(plain: str) -> tuple[Act | None, str]:
    """The longest phrase that the post begins with, after what people say to be kind."""
    said, plain = plain, _to_the_point(plain)
    low = plain.casefold()
    for phrase, act in sorted(heard("command").items(), key=lambda one: -len(one[0])):
        if _begins(low, phrase):
            return cast("Act", act), plain[len(phrase) :].strip(" .,:;!?")
    return None, said


def _to_the_point(plain: str) -> str:
    """Without a greeting and a please before it."""
    kind = sorted(heard("courtesy"), key=len, reverse=True)
    while (phrase := next((one for one in kind if _begins(plain.casefold(), one)), None)) is not None:
        plain = plain[len(phrase) :].lstrip(" .,:;!?、。")
    return plain


def _begins(low: str, phrase: str) -> bool:
    if not low.startswith(phrase):
        return False
    after = low[len(phrase) : len(phrase) + 1]
    return not after or not phrase.isascii() or not (after.isalnum() or after in "-_")


def role_named(words: str) -> Role | None:
    """The role that a short description names: the longest word first, since a style map is no style."""
    low = f" {' '.join(_words(words)[:SHORT_ALT])} "
    for phrase, role in sorted(heard("role").items(), key=lambda one: -len(one[0])):
        if (f" {phrase} " in low) if phrase.isascii() else (phrase in low):
            return cast("Role", role)
    return None


def roles_in_order(words: str, count: int) -> list[Role] | None:
    """The roles in the order that a post names them, when they are `count` different ones and nothing else is said."""
    left = f" {' '.join(_words(words))} "
    found: list[tuple[int, Role]] = []
    for phrase, role in sorted(heard("role").items(), key=lambda one: -len(one[0])):
        sought = f" {phrase} " if phrase.isascii() else phrase
        at = left.find(sought)
        if at >= 0:
            found.append((at, cast("Role", role)))
            left = left.replace(
                sought, " " + "\0" * (len(sought) - 2) + " " if phrase.isascii() else "\0" * len(sought)
            )
    roles = [role for _, role in sorted(found)]
    return roles if len(roles) == count and len(set(roles)) == count else None


def style_named(words: str, styles: Sequence[LibraryStyle]) -> LibraryStyle | None:
    """The style whose name stands in the post, the longest first, or a word of its short name that no other has."""
    said = _words(words)
    text = f" {' '.join(said)} "
    whole = [(name, style) for style in styles for name in {_plain(style.name), _plain(style.slug)}]
    for name, style in sorted(whole, key=lambda one: -len(one[0])):
        if f" {name} " in text:
            return style
    for word in said:
        having = [style for style in styles if len(word) > 3 and word in _plain(style.slug).split()]
        if len(having) == 1:
            return having[0]
    return None


def _plain(name: str) -> str:
    return " ".join(_words(name))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold().replace("_", " "))
