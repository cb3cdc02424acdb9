"""Letters for the pictures that people get: names of styles and labels are in any language."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

EUROPEAN = Path(__file__).parent / "fonts" / "DejaVuSans.ttf"
# Ours would weigh tens of megabytes: those of the system, by the names that Debian, macOS and Windows give them.
OTHERS = (
    "NotoSansCJK-Regular.ttc",
    "wqy-microhei.ttc",
    "DroidSansFallbackFull.ttf",
    "unifont.otf",
    "Arial Unicode.ttf",
    "Hiragino Sans GB.ttc",
    "meiryo.ttc",
    "msgothic.ttc",
)
PROBE = 24  # px in which it is seen whether a font has a letter
NO_LETTER = "\uffff"  # no character: every font draws its box for it


def font_for(words: str, size: int) -> Font:
    """A font of `size` px that has all letters of `words`; the European one where none is found.

    Pillow's own for plain English, then DejaVu Sans, then what the system has.
    """
    for name in (None, str(EUROPEAN), *OTHERS):
        font = _font(name, size)
        if font is not None and all(_has(name, letter) for letter in set(words)):
            return font
    european = _font(str(EUROPEAN), size)
    assert european is not None
    return european


def open_fonts(sizes: Sequence[int]) -> None:
    """Open all that `font_for` may want in these sizes: for a process that can open no file later."""
    for name in (None, str(EUROPEAN), *OTHERS):
        for size in (*sizes, PROBE):
            _font(name, size)


@lru_cache(64)
def _font(name: str | None, size: int) -> Font | None:
    try:
        return ImageFont.load_default(size) if name is None else ImageFont.truetype(name, size)
    except OSError:
        return None  # not on this system


@lru_cache(4096)
def _has(name: str | None, letter: str) -> bool:
    font = _font(name, PROBE)
    if font is None:
        return False
    if not letter.isprintable() or letter.isspace():
        return True
    drawn, box = font.getmask(letter), font.getmask(NO_LETTER)
    return drawn.size != box.size or bytes(drawn) != bytes(box)
