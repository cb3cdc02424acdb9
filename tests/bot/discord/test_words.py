"""All languages say the same things; what is documented is what is said."""

import re
import string
from pathlib import Path

import pytest

from bot.discord.troubles import WHEN, Trouble, page
from bot.discord.words import ENGLISH, LANGUAGES, catalogue, language_of, say

ROOT = Path(__file__).parents[3]
OTHERS = [language for language in LANGUAGES if language != ENGLISH]
NAME = re.compile(r"^[-_\w]{1,32}$")


def braces(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_has_every_key_with_the_same_values(language: str) -> None:
    english, other = catalogue(ENGLISH), catalogue(language)
    assert english.keys() == other.keys()
    assert {key for key in english if braces(english[key]) != braces(other[key])} == set()
    same = {key for key in english if english[key] == other[key] and len(english[key]) > 24}
    assert not {key for key in same if braces(english[key]) == set()}, "left in English"


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_and_descriptions_are_as_discord_takes_them(language: str) -> None:
    texts = catalogue(language)
    for key, text in texts.items():
        group, _, last = key.rpartition(".")
        if group.startswith("command") and (last == "description" or last.endswith("_about")):
            assert 1 <= len(text) <= 100, (key, len(text))
        elif group.startswith("command"):
            assert NAME.match(text), key
            assert text == text.lower(), key
        elif group == "menu":
            assert len(text) <= 32, key
        elif group == "button":
            assert len(text) <= 80, key
    top = [text for key, text in texts.items() if re.fullmatch(r"command\.[a-z]+(_new)?\.name", key)]
    assert len(top) == len(set(top))


def test_every_key_that_the_code_says_is_there() -> None:
    english = catalogue(ENGLISH)
    code = "\n".join(path.read_text() for path in (ROOT / "bot" / "discord").rglob("*.py"))
    said = set(re.findall(r'(?:say\([^"()]*|say\(\s*answer\.language,\s*|named\()"([a-z_]+\.[a-z_.]+)"', code))
    assert said
    assert said <= english.keys(), said - english.keys()


def test_every_trouble_has_its_own_sentence_and_is_documented() -> None:
    texts = [catalogue(ENGLISH)[f"trouble.{trouble.value}"] for trouble in Trouble]
    assert {f"trouble.{one.value}" for one in Trouble} == {k for k in catalogue(ENGLISH) if k.startswith("trouble.")}
    assert set(WHEN) == set(Trouble)
    assert len(set(texts)) >= 20
    assert (ROOT / "docs" / "discord-messages.md").read_text() == page(), "run `twobit bot messages`"


@pytest.mark.parametrize(("locale", "language"), [("es-419", "es"), ("en-GB", "en"), ("sv-SE", "en"), (None, "en")])
def test_a_locale_finds_its_catalogue(locale: str | None, language: str) -> None:
    assert language_of(locale) == language


def test_what_is_unknown_is_said_in_english() -> None:
    assert say("xx", "job.next") == catalogue(ENGLISH)["job.next"]
