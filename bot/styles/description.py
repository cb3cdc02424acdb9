"""What style.toml says of a style: whose it is, and the names and colours of its labels."""

import tomllib
import unicodedata
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.styles.errors import StyleError

Rgb = tuple[int, int, int]

NEAREST = 60.0  # least RGB distance between two labels' colours: a person must tell them apart at a glance
MAX_TOML_BYTES = 32 * 2**10
FACTS = ("name", "artist", "year", "licence", "source", "description", "credits")


def _plain(text: str) -> str:
    """Refuse what a terminal or a page would obey instead of showing: escapes, line breaks, reversed writing."""
    if not text.isprintable():
        hidden = next(character for character in text if not character.isprintable())
        raise ValueError(f"it holds the invisible character U+{ord(hidden):04X}: write plain text on one line")
    if text != text.strip():
        raise ValueError("it begins or ends with a space: take the space away")
    return unicodedata.normalize("NFC", text)


Line = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(_plain)]
Passage = Annotated[str, Field(max_length=400), AfterValidator(_plain)]


class Label(BaseModel):
    """One label of a style's map."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=40), AfterValidator(_plain)]
    colour: Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]

    @property
    def rgb(self) -> Rgb:
        """The colour as three numbers, 0 to 255."""
        red, green, blue = bytes.fromhex(self.colour[1:])
        return red, green, blue


class Description(BaseModel):
    """Whose a style is, and its labels in the order of style.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Line
    artist: Line
    year: Annotated[int, Field(ge=-9999, le=9999)] | None = None  # None: nobody knows
    licence: Line
    source: Annotated[Passage, Field(min_length=1)]
    description: Passage = ""
    credits: Passage = ""  # who else is to be thanked: photographer, museum, map maker
    label: Annotated[tuple[Label, ...], Field(min_length=1, max_length=32)]

    @model_validator(mode="after")
    def _told_apart(self) -> Self:
        """Refuse two labels of one name, or of colours that people would mix up."""
        for index, one in enumerate(self.label):
            for other in self.label[:index]:
                if one.name.casefold() == other.name.casefold():
                    raise ValueError(f"two labels are called {one.name!r}: name each one differently")
                far = sum((a - b) ** 2 for a, b in zip(one.rgb, other.rgb, strict=True)) ** 0.5
                if far < NEAREST:
                    raise ValueError(
                        f"{other.name} {other.colour} and {one.name} {one.colour} lie {far:.0f} apart in RGB:"
                        f" choose colours at least {NEAREST:.0f} apart"
                    )
        return self

    @property
    def palette(self) -> dict[str, Rgb]:
        """The labels' names and colours, 0 to 255, in the order of style.toml."""
        return {label.name: label.rgb for label in self.label}

    @property
    def by_whom(self) -> str:
        """Artist, year where it is known, and licence, for a line below the name."""
        year = self.year or 0
        when = f"{-year} BC" if year < 0 else str(year or "")
        return ", ".join(part for part in (self.artist, when, self.licence) if part)


def parse(data: bytes, where: str) -> dict[str, object]:
    """What a style.toml says, not checked yet. Raises StyleError, which calls the file `where`."""
    if len(data) > MAX_TOML_BYTES:
        raise StyleError(f"{where} has more than the {MAX_TOML_BYTES // 2**10} KiB that are taken: shorten it")
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:  # no TOML, no UTF-8, numbers or brackets beyond measure
        raise StyleError(f"{where} is not in order: {' '.join(str(error).split())[:200]}") from error


def describe(said: dict[str, object], where: str) -> Description:
    """The checked description. Raises StyleError, which calls the file `where`."""
    try:
        return Description.model_validate(said)
    except ValidationError as error:
        raise not_in_order(error, where) from error


def not_in_order(error: ValidationError, where: str) -> StyleError:
    """One sentence about the first fault that pydantic found."""
    first = error.errors(include_url=False, include_context=False)[0]
    place = " ".join(str(part + 1) if isinstance(part, int) else part for part in first["loc"])[:80]
    given = "" if isinstance(first["input"], dict | list | tuple) else f" (it is {first['input']!r:.60})"
    said = first["msg"].removeprefix("Value error, ")
    return StyleError(f"{where} is not in order: {ascii(place)[1:-1]}{': ' if place else ''}{said}{given}")


def to_toml(description: Description) -> str:
    """The text of style.toml; reading it gives the same description."""
    facts = {name: getattr(description, name) for name in FACTS}
    lines = [f"{name} = {_value(fact)}" for name, fact in facts.items() if fact not in (None, "")]
    for label in description.label:
        lines += ["", "[[label]]", f"name = {_value(label.name)}", f"colour = {_value(label.colour)}"]
    return "\n".join(lines) + "\n"


def _value(fact: str | int) -> str:
    if isinstance(fact, int):
        return str(fact)
    escaped = fact.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
