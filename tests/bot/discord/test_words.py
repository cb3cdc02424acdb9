"""All languages say the same things; what is documented is what is said."""

import ast
import itertools
import re
import string
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from bot.community.labels import label_name
from bot.community.reasons import refusal, why_not
from bot.desk import RefusedError, Standing
from bot.discord.asking import checked
from bot.discord.doubts import doubts_of
from bot.discord.notes import NOTES, note
from bot.discord.troubles import WHEN, Trouble, TroubleError, page
from bot.discord.words import ENGLISH, LANGUAGES, catalogue, language_of, say
from bot.styles import house_style, house_styles
from tests.pictures import SAND, SEA, SKY, flat, png
from worker.contract import Failure, PaintOptions, PictureError
from worker.contract.fitting import decode_fitting
from worker.contract.maps import check_maps
from worker.contract.maps.names import colour_name
from worker.contract.maps.report import Code
from worker.contract.maps.vectors import far_from_style

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


@pytest.mark.parametrize("language", LANGUAGES)
def test_commands_are_called_as_discord_shows_them_in_that_language(language: str) -> None:
    english, texts = catalogue(ENGLISH), catalogue(language)
    names = {key.split(".")[1]: text for key, text in texts.items() if re.fullmatch(r"command\.\w+\.name", key)}
    called = {english[f"command.{key}.name"]: key for key in names if "_" not in key or key == "paint_new"}
    said = 0
    for key, text in english.items():
        for path in re.findall(r"/([a-z_]+(?: [a-z_]+)?)(?=[`)])", text):
            top, _, sub = path.partition(" ")
            keys = [called[top], *([f"{called[top]}_{sub}"] if sub else [])]
            shown = f"/{' '.join(names[one] for one in keys)}"
            assert re.search(rf"{shown}(?=[`) ])", texts[key]), (key, shown)
            said += 1
        assert texts[key].count("`/") == text.count("`/"), key
    assert said > 20
    for menu in ("doodle", "style"):
        assert f"*{texts[f'menu.{menu}']}*" in texts["help.text"]
    assert f"`{texts['command.paint.size']}`" in texts["trouble.too_large_to_send"]


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
    groups |= {"label", "colour", "note"}  # each has a test of its own
    made = {
        "button",
        "results",
        "gallery",
        "style",
        "form",
        "span",
        "shade",
        "place",
    }  # said by a name that is put together
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


def test_a_choice_out_of_its_range_is_told_in_signs() -> None:
    with pytest.raises(TroubleError) as caught:
        checked({"beta": -1.0})
    assert caught.value.told("de") == "beta ist -1.0 und muss ≥ 0 sein: wähle anders."


def test_the_labels_of_the_house_have_a_name_in_every_language() -> None:
    names = {label.name for style in house_styles() for label in style.label}
    keys = {key for key in catalogue(ENGLISH) if key.startswith("label.")}
    assert keys == {f"label.{name.replace(' ', '_')}" for name in names}
    assert label_name("autumn wood", "house", "de") == "Herbstwald"
    assert label_name("autumn wood", "own", "de") == "autumn wood"
    assert label_name("autumn wood", "house", ENGLISH) == "autumn wood"
    assert label_name("my hat", "house", "ja") == "my hat"


def test_every_colour_has_a_name_in_every_language() -> None:
    steps = range(0, 256, 17)
    names = {colour_name(np.array(rgb, np.uint8)) for rgb in itertools.product(steps, repeat=3)}
    assert len(names) > 40
    assert not {name for name in names if label_name(name, "colour", "ja") == name}
    assert label_name("dark blue 2", "colour", "fr") == "bleu foncé 2"
    assert label_name("my hat", "colour", "fr") == "my hat"
    assert label_name("upper left dark blue 2", "colour", "de") == "dunkles blau oben links 2"
    assert label_name("left hat", "colour", "de") == "left hat"


def test_a_report_calls_labels_in_the_readers_language() -> None:
    style = house_style("coast-dusk")
    names = {label.colour: label.name for label in style.label}
    sparse = png(flat(64, 48, [(0x5A, 0x8F, 0xD6), (0x1F, 0x4F, 0xA0)]))
    pictures = style.picture.read_bytes(), style.map.read_bytes(), sparse
    told = doubts_of(*pictures, names, "house").told("de")
    assert "Himmel" in told
    assert "sunlit rock" not in told
    assert "sunlit rock" in doubts_of(*pictures, names, "own").told("de")
    assert "dunkles blau" in doubts_of(*pictures, {}, "colour").told("de")


def notes_of_maps() -> set[str]:
    """Warnings as a painter notes them, made by what makes them."""
    sky, near, sea, dot = (90, 143, 214), (104, 143, 214), (31, 79, 160), (90, 143, 211)
    style = flat(64, 48, [sky, sea, SAND])
    scarce = style.copy()
    scarce[:], scarce[:4, :16] = sea, sky
    one = np.full_like(style, 90)
    pairs = [(style, flat(64, 48, [near, sea])), (style, flat(64, 48, [sky, near, dot])), (scarce, flat(64, 48, [sky]))]
    reports = [check_maps(None, png(a), png(b)) for a, b in [*pairs, (one, one)]]
    return {one.text for report in reports for one in report.warnings}


def test_what_a_painter_notes_is_said_in_every_language() -> None:
    source = (ROOT / "engine" / "paint.py").read_text()
    (engines,) = re.findall(r'note = f"(.+)"', source)
    made = {re.sub(r"\{\w+\}", "7", engines), *notes_of_maps()}
    kinds = {key for text in made for key, pattern in NOTES.items() if re.fullmatch(pattern, text.rstrip("."))}
    assert kinds == {"memory", "same", "joined", "blank", "unused", "scarce", "one_label"}, made
    assert not {text for text in made if note(text, "colour", "de") == text}
    unused = (
        "Used nowhere in the doodle, and so not painted: sea (22% of the style map), my hat (9.5% of the style map)."
    )
    assert note(unused, "house", "de").endswith("Meer (22%), my hat (9.5%).")
    blank = (
        "Nothing is drawn in the doodle yet: it is sky all over, and so will the painting be. "
        "Draw over it in the style's other colours: sea, my hat."
    )
    assert note(blank, "house", "de").endswith("anderen Farben des Stils darüber: Meer, my hat.")
    scarce = "Sea is 50% of the doodle, but only 1.0% of the style map: the same strokes will be seen 50 times."
    assert note(scarce, "house", "fr").startswith("mer ")
    assert note("a note of tomorrow", "house", "ja") == "a note of tomorrow"


def test_what_a_painter_notes_of_a_photo_is_said_in_every_language() -> None:
    style = house_style("autumn-lake")
    own = {"style": style.picture.read_bytes(), "style_map": style.map.read_bytes(), "doodle": style.map.read_bytes()}
    noise = np.random.default_rng(0).integers(0, 256, (96, 128, 3), np.uint8)
    (unlike,) = decode_fitting({**own, "content": png(noise)}, PaintOptions()).notes
    assert note(unlike, "house", "de").startswith("Die Bereiche der Skizze folgen nichts")


def test_what_a_painter_notes_of_embeddings_is_said_in_every_language() -> None:
    rng = np.random.default_rng(0)
    near = rng.random((9, 9, 4), np.float32) * np.float32(0.1)
    called = {"style_map": "The style map", "doodle": "The doodle"}
    (far,) = far_from_style(near, near + np.float32(0.9), called)
    assert note(far.text, "own", "es") != far.text
