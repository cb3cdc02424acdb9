"""A style on disk: what is read, and what is refused with which words."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.styles import DEMO_STYLE, StyleError, house_style, house_styles, read_style

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
    with pytest.raises(StyleError, match=r"lacks map\.png, doodle\.png"):
        read_style(folder)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("#e0c040", "#3060c8", r"sky #3060c0 and wheat #3060c8 lie 8 apart"),
        ("#e0c040", "#E0C040", "colour"),
        ('"wheat"', '"sky"', "two labels are called 'sky'"),
        ("year = 2026", "", "year"),
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
