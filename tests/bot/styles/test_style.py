"""A style on disk: what is read, and what is refused with which words."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.styles import DEMO_STYLE, Description, Label, StyleError, house_style, house_styles, read_style
from bot.styles.description import describe, parse, to_toml

TOML = """name = "Two fields"
artist = "Alice"
year = 2026
licence = "CC0-1.0"
source = "drawn by hand"
description = "A field above a field."

[[label]]
name = "sky"
colour = "#3060c0"

[[label]]
name = "wheat"
colour = "#e0c040"
"""


def make_style(folder: Path, toml: str = TOML, files: tuple[str, ...] = ("picture", "map", "doodle")) -> Path:
    """A style folder whose pictures are empty files: reading a style opens no picture."""
    folder.mkdir()
    (folder / "style.toml").write_text(toml, encoding="utf-8")
    for name in files:
        (folder / f"{name}.png").touch()
    return folder


def test_a_style_is_read_with_its_paths_and_palette(tmp_path: Path) -> None:
    style = read_style(make_style(tmp_path / "two-fields"))
    assert (style.slug, style.artist, style.year) == ("two-fields", "Alice", 2026)
    assert style.palette == {"sky": (0x30, 0x60, 0xC0), "wheat": (0xE0, 0xC0, 0x40)}
    assert style.picture == tmp_path / "two-fields" / "picture.png"


def test_a_style_cannot_be_changed(tmp_path: Path) -> None:
    style = read_style(make_style(tmp_path / "two-fields"))
    with pytest.raises(ValidationError, match="frozen"):
        style.name = "Another"


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    folder = make_style(tmp_path / "two-fields", files=("picture",))
    with pytest.raises(StyleError, match=r"lacks map\.png"):
        read_style(folder)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("#e0c040", "#3060c8", r"sky #3060c0 and wheat #3060c8 lie 8 apart"),
        ("#e0c040", "#E0C040", "colour"),
        ('"wheat"', '"sky"', "two labels are called 'sky'"),
        ('artist = "Alice"\n', "", "artist"),
        ("year = 2026", "year = 12345", "year"),
        ('"Alice"', '"Al\\u001b[31mice"', r"U\+001B"),
        ('"Alice"', '"Al\\u202eice"', r"U\+202E"),
        ('"Alice"', '"Al\\nice"', r"U\+000A"),
        ('"Alice"', f'"{"A" * 81}"', "80"),
        ('"sky"', '"Wheat"', "two labels are called"),
        ("year = 2026", "year = " + "9" * 5000, "not in order"),
        ("year = 2026", "year = " + "[" * 5000, "not in order"),
        ("[[label]]", "# " + "x" * 40_000 + "\n[[label]]", "32 KiB"),
        ("year = 2026", "year = 2026\nyeer = 1", "yeer"),
        ("year = 2026", "year = ", "not in order"),
    ],
)
def test_what_is_not_in_order_is_refused(tmp_path: Path, old: str, new: str, says: str) -> None:
    folder = make_style(tmp_path / "two-fields", TOML.replace(old, new))
    with pytest.raises(StyleError, match=says):
        read_style(folder)


def test_an_unknown_slug_is_told_the_known_ones() -> None:
    with pytest.raises(StyleError) as raised:
        house_style("mona-lisa")
    assert "'mona-lisa'" in str(raised.value)
    assert all(style.slug in str(raised.value) for style in house_styles())


def test_the_demo_style_is_there() -> None:
    assert house_style(DEMO_STYLE).slug == DEMO_STYLE


def test_what_is_said_of_it_needs_neither_year_nor_doodle(tmp_path: Path) -> None:
    folder = make_style(tmp_path / "two-fields", TOML.replace("year = 2026\n", ""), files=("picture", "map"))
    style = read_style(folder)
    assert (style.year, style.has_doodle, style.by_whom) == (None, False, "Alice, CC0-1.0")
    with pytest.raises(StyleError, match="no doodle"):
        _ = style.doodle


@pytest.mark.parametrize("suffix", [".jpg", ".jpeg", ".webp"])
def test_pictures_may_be_of_other_kinds(tmp_path: Path, suffix: str) -> None:
    folder = make_style(tmp_path / "two-fields", files=("map",))
    (folder / f"picture{suffix}").touch()
    assert read_style(folder).picture.suffix == suffix


ODD = Description(
    name='A "quoted" \\ name',
    artist="Zo\u00eb \u5317\u658e",
    year=-300,
    licence="CC BY 4.0",
    source="https://example.org/?a=b#c",
    credits="thanks to ' and #",
    label=(Label(name="a = [b]", colour="#000000"), Label(name="#1", colour="#ffffff")),
)


def test_a_description_is_read_as_it_was_written() -> None:
    assert describe(parse(to_toml(ODD).encode(), "style.toml"), "style.toml") == ODD


def test_an_old_year_is_told_as_people_do() -> None:
    assert ODD.by_whom == "Zo\u00eb \u5317\u658e, 300 BC, CC BY 4.0"


def test_what_is_wrong_is_one_sentence_without_the_strangers_control_characters(tmp_path: Path) -> None:
    folder = make_style(tmp_path / "two-fields", TOML.replace("year = 2026", '"\\u001b[2J" = 1'))
    with pytest.raises(StyleError) as raised:
        read_style(folder)
    assert str(raised.value).isprintable()
    assert "http" not in str(raised.value)
