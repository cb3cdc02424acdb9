"""Names in any language become letters, not boxes."""

import pytest
from PIL import Image, ImageDraw

from worker.contract.lettering import NO_LETTER, font_for


def drawn(words: str) -> bytes:
    sheet = Image.new("L", (80, 60))
    ImageDraw.Draw(sheet).text((4, 4), words, 255, font_for(words, 40))
    return sheet.tobytes()


@pytest.mark.parametrize("letter", [*"AzöüßéñçŁźőİΩθЖя→"])
def test_the_letters_of_europe_are_drawn(letter: str) -> None:
    font = font_for(letter, 40)
    assert bytes(font.getmask(letter)) != bytes(font.getmask(NO_LETTER))
    assert drawn(letter) != drawn(NO_LETTER)


def test_plain_english_keeps_its_font() -> None:
    assert font_for("Coast at dusk, 46%", 20).getname() == font_for("", 20).getname()  # type: ignore[union-attr]
    assert font_for("Küste", 20).getname() != font_for("", 20).getname()  # type: ignore[union-attr]


@pytest.mark.parametrize("words", ["海と空", "🎨", "\ufffe\x00\n", ""])
def test_what_no_font_has_is_drawn_all_the_same(words: str) -> None:
    assert font_for(words, 20).getlength(words.replace("\n", "")) >= 0
