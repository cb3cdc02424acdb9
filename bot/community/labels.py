"""Labels' names in the reader's language: the house's and those that colours go by; people's own stay as they are."""

import re
from collections.abc import Iterable
from typing import Literal

from bot.community.catalogues import ENGLISH, SHARED
from bot.community.library_style import LibraryStyle

Naming = Literal["own", "house", "colour"]  # who named labels: a person, the house, or nobody
catalogue, say = SHARED.texts, SHARED.say

NUMBERED = re.compile(r"(.+?)( \d+)?")  # of two colours with one name the second has a number
PLACES = ("upper left", "upper right", "lower left", "lower right", "upper", "lower", "left", "right")
SHADES = ("dark", "light", "greyish")


def naming_of(style: LibraryStyle | None) -> Naming:
    """Who named a style's labels; None: pictures that belong to no style."""
    return "colour" if style is None else "house" if style.scope == "house" else "own"


def naming_of_key(style_key: str | None) -> Naming:
    """The same by the style's key, as jobs and works have it."""
    return "colour" if style_key is None else "house" if style_key.startswith("house:") else "own"


def label_name(name: str, naming: Naming, language: str) -> str:
    """A label's name; what no catalogue knows stays as it is."""
    if language == ENGLISH or naming == "own":
        return name
    if naming == "house":
        return catalogue(language).get(f"label.{_key(name)}", name)
    found = NUMBERED.fullmatch(name)
    assert found is not None
    return _colour(found[1], language) + (found[2] or "") if found[1] else name


def label_names(names: Iterable[str], naming: Naming, language: str) -> list[str]:
    """Several."""
    return [label_name(name, naming, language) for name in names]


def _colour(name: str, language: str) -> str:
    texts = catalogue(language)
    place = next((one for one in PLACES if name.startswith(f"{one} ")), "")
    if place:
        rest = name.removeprefix(f"{place} ")
        called = _colour(rest, language)
        return name if called == rest else say(language, f"place.{_key(place)}", colour=called)
    if f"colour.{_key(name)}" in texts:
        return texts[f"colour.{_key(name)}"]
    shade, _, rest = name.partition(" ")
    colour = texts.get(f"colour.{_key(rest)}")
    return name if shade not in SHADES or colour is None else say(language, f"shade.{shade}", colour=colour)


def _key(name: str) -> str:
    return name.lower().replace(" ", "_")
