"""Questions whose answers are numbers: a picture's pixels, its sides."""

from dataclasses import dataclass

from bot.desk.questions.question import Message, OnePicture, pixels_of, sides_of
from worker.contract.pictures import Rgb, decode, picture_size


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
