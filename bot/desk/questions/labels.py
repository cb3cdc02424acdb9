"""Questions about one map: its sides, its labels, what they are called."""

from dataclasses import dataclass
from typing import Any

from bot.desk.questions.pixels import Measure
from bot.desk.questions.question import Header, Message, OnePicture, colour_of, share_of, sides_of, text_of
from worker.contract.maps import map_size
from worker.contract.maps.named import checked_names, read_named, read_names
from worker.contract.maps.names import hex_of

MOST_LABELS = 256
MOST_NAME = 120  # characters; a style takes fewer


@dataclass(frozen=True)
class MapSize(Measure):
    """(width, height) of a map in px, which may be a stack of masks or an array."""

    kind = "map_size"

    def answer(self) -> tuple[int, int]:
        """See Question."""
        return map_size(self.data, self.name)


@dataclass(frozen=True)
class Names(OnePicture[dict[str, str]]):
    """What a map's file calls its labels, by colour `#rrggbb`."""

    kind = "names"

    def answer(self) -> dict[str, str]:
        """See Question."""
        return read_names(self.data)

    def told(self, answer: dict[str, str]) -> Message:
        """See Question."""
        return {"names": answer}, []

    def believed(self, message: Message) -> dict[str, str]:
        """See Question."""
        header, _ = message
        if not isinstance(header["names"], dict):
            raise ValueError("no names")
        said = [{"name": name, "colour": colour} for colour, name in header["names"].items()]
        return checked_names(said)


@dataclass(frozen=True, slots=True)
class NamedLabels:
    """The labels of a map, in one order."""

    width: int  # of the map, px
    height: int
    labels: tuple[tuple[str, str], ...]  # (name, "#rrggbb")
    shares: tuple[float, ...]  # of the map's pixels, 0 to 1


@dataclass(frozen=True)
class Named(OnePicture[NamedLabels]):
    """The labels of a map of flat colours."""

    kind = "named"

    def answer(self) -> NamedLabels:
        """See Question."""
        named = read_named(self.data, self.name)
        height, width = named.labels.shape
        colours = (hex_of(colour) for colour in named.colours)
        names = (name[:MOST_NAME] for name in named.names)
        return NamedLabels(width, height, tuple(zip(names, colours, strict=True)), tuple(named.shares()))

    def told(self, answer: NamedLabels) -> Message:
        """See Question."""
        said: Header = {"sides": (answer.width, answer.height), "labels": answer.labels, "shares": answer.shares}
        return said, []

    def believed(self, message: Message) -> NamedLabels:
        """See Question."""
        header, _ = message
        said: list[Any] = header["labels"]
        if not 0 < len(said) <= MOST_LABELS:
            raise ValueError("no labels, or too many")
        labels = tuple((text_of(name, MOST_NAME), colour_of(colour)) for name, colour in said)
        shares = tuple(share_of(share) for _, share in zip(labels, header["shares"], strict=True))
        return NamedLabels(*sides_of(*header["sides"]), labels, shares)
