"""Questions whose answers are numbers: whether a wish can be met, a picture's pixels, its sides."""

from dataclasses import dataclass
from typing import Self

from bot.desk import intake
from bot.desk.questions.question import Message, OnePicture, Question, pixels_of, sides_of
from bot.desk.request import Request, SuggestRequest, Wish
from worker.contract import PaintOptions, SuggestOptions
from worker.contract.options import MapMode, MapOptions
from worker.contract.pictures import Rgb, decode, picture_size

MOST_SIZE = 2**31  # px of a result; the database counts so far


@dataclass(frozen=True)
class Check(Question[int]):
    """How many pixels the result of a wish will have."""

    kind = "check"
    wish: Wish

    @property
    def called(self) -> str:
        """See Question."""
        return self.wish.name if isinstance(self.wish, SuggestRequest) else "one of the pictures"

    def asked(self) -> Message:
        """See Question."""
        wish = self.wish
        options = wish.options.model_dump(mode="json")
        if isinstance(wish, SuggestRequest):
            return {"wish": "suggest", "options": options, "name": wish.name}, [wish.picture]
        pictures = wish.pictures()
        said = {"options": options, "names": wish.names, "label_names": wish.label_names, "roles": list(pictures)}
        return {"wish": "paint", **said}, list(pictures.values())

    @classmethod
    def heard(cls, message: Message) -> Self:
        """See Question."""
        header, parts = message
        if header["wish"] == "suggest":
            suggest = SuggestOptions.model_validate(header["options"])
            return cls(SuggestRequest(picture=parts[0], options=suggest, name=header["name"]))
        pictures = dict(zip(header["roles"], parts, strict=True))
        options = PaintOptions.model_validate(header["options"])
        names, label_names = header["names"], header["label_names"]
        return cls(Request(**pictures, options=options, names=names, label_names=label_names))

    def answer(self) -> int:
        """See Question."""
        return intake.check(self.wish)

    def told(self, answer: int) -> Message:
        """See Question."""
        return {"size": answer}, []

    def believed(self, message: Message) -> int:
        """See Question."""
        header, _ = message
        size = int(header["size"])
        if not 0 < size < MOST_SIZE:
            raise ValueError("no size")
        return size

    @classmethod
    def samples(cls, data: bytes) -> list[Self]:
        """See Question."""
        modes: tuple[MapMode, ...] = ("labels", "colours", "embedding")
        options = [PaintOptions(maps=MapOptions(mode=mode)) for mode in modes]
        paints = [cls(Request(data, data, data, data, each)) for each in options]
        return [cls(SuggestRequest(data)), *paints]


@dataclass(frozen=True)
class Decode(OnePicture[Rgb]):
    """(H, W, 3) uint8 of a picture."""

    kind = "decode"

    def answer(self) -> Rgb:
        """See Question."""
        return decode(self.data, self.name)

    def told(self, answer: Rgb) -> Message:
        """See Question."""
        return {"shape": answer.shape[:2]}, [answer.tobytes()]

    def believed(self, message: Message) -> Rgb:
        """See Question."""
        header, parts = message
        return pixels_of(header["shape"], parts[0])


@dataclass(frozen=True)
class Measure(OnePicture[tuple[int, int]]):
    """(width, height) of a picture in px."""

    kind = "measure"

    def answer(self) -> tuple[int, int]:
        """See Question."""
        return picture_size(self.data, self.name)

    def told(self, answer: tuple[int, int]) -> Message:
        """See Question."""
        return {"sides": answer}, []

    def believed(self, message: Message) -> tuple[int, int]:
        """See Question."""
        header, _ = message
        return sides_of(*header["sides"])
