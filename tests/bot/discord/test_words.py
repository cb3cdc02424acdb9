"""All languages say the same things; what is documented is what is said."""

import ast
import re
import string
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest

from bot.desk import RefusedError, Standing
from bot.discord.doubts import doubts_of
from bot.discord.reasons import refusal, why_not
from bot.discord.troubles import WHEN, Trouble, page
from bot.discord.words import ENGLISH, LANGUAGES, catalogue, language_of, say
from tests.pictures import SAND, SEA, SKY, flat, png
from worker.contract import Failure, PictureError
from worker.contract.maps.report import Code

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


def refusals() -> dict[str, set[str]]:
    """Codes that desk, community and contract give to what they refuse, with the values that come along."""
    found: dict[str, set[str]] = {}
    kinds = {"RefusedError", "NotThereError", "PictureError"}
    for folder in ("bot/desk", "bot/community", "worker/contract"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in kinds and len(node.args) > 1:
                    codes = {one.value for one in ast.walk(node.args[1]) if isinstance(one, ast.Constant)}
                    for code in {str(one) for one in codes if re.fullmatch(r"[a-z]+_[a-z_]+", str(one))}:
                        found[code] = {one.arg for one in node.keywords if one.arg}
    return found


def test_what_is_refused_is_said_in_every_language() -> None:
    codes, english = refusals(), catalogue(ENGLISH)
    known = {key.removeprefix("refused.") for key in english if key.startswith("refused.")}
    assert len(codes) > 30
    assert known == set(codes)
    assert not {code for code in known if braces(english[f"refused.{code}"]) - codes[code]}


def test_findings_and_failures_are_those_of_the_contract() -> None:
    english = catalogue(ENGLISH)
    findings = {code.replace(" ", "_") for code in get_args(Code)}
    assert {key.removeprefix("finding.") for key in english if key.startswith("finding.")} <= findings
    failures = set(get_args(Failure)) - {"returned"} | {"lost", "outdated"}
    assert {key.removeprefix("failure.") for key in english if key.startswith("failure.")} == failures


def test_reasons_are_in_the_persons_language() -> None:
    error = PictureError("The doodle is 8x8 px", "picture_small", name="The doodle", width=8, height=8, least=32)
    assert refusal(error, "de").startswith("Skizze: 8×8 px")
    assert refusal(RefusedError("As it is.", "nobody_knows"), "de") == "As it is."
    failed = Standing("j", "failed", 3, datetime.now(UTC), failure="crashed", message="It broke off 3 times.")
    assert why_not(failed, "en") == "It broke off 3 times."
    assert "immer wieder" in why_not(failed, "de")
    odd = png(flat(64, 48, [SKY, (255, 0, 255), SAND]))
    doubts = doubts_of(odd, png(flat(64, 48, [SKY, SEA, SAND])), odd, {})
    told = doubts.told("de")
    assert "#ff00ff" in told
    assert "der Stilkarte fehlt" in told
    assert "lacks" not in told
    sparse = doubts_of(odd, png(flat(64, 48, [SKY, SEA, SAND])), png(flat(64, 48, [SKY, SAND])), {})
    assert "Nirgends in der Skizze" in sparse.told("de")


def test_no_text_is_left_over() -> None:
    code = "\n".join(path.read_text() for path in (ROOT / "bot" / "discord").rglob("*.py"))
    groups = {"command", "menu", "choice", "language", "trouble", "refused", "finding", "failure", "prompt", "role"}
    made = {"button", "results", "gallery", "style", "form", "span"}  # said by a name that is put together
    left = {
        key
        for key in catalogue(ENGLISH)
        if key.split(".")[0] not in groups | made
        and not re.search(f"[\"']{re.escape(key)}[\"']", code)
        and key.split(".")[0] != "settings"
    }
    assert not left
    pieces = {key.rpartition(".")[2] for key in catalogue(ENGLISH) if key.startswith("button.")}
    assert not {one for one in pieces if not re.search(f'[".]{one}"', code)}
