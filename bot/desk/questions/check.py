"""Whether a wish can be met."""

from dataclasses import dataclass
from typing import Self

from bot.desk.errors import RefusedError
from bot.desk.questions.question import Message, Question
from bot.desk.request import Request, SuggestRequest, Wish
from worker.contract import PaintOptions, PictureError, SuggestOptions
from worker.contract.fitting import decode_fitting
from worker.contract.options import MapMode, MapOptions
from worker.contract.pictures import decode

MOST_SIZE = 2**31  # px of a result; the database counts so far


@dataclass(frozen=True)
class Check(Question[int]):
    """How many pixels the result of a wish will have: the checks before anything of it is stored."""

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
        wish = self.wish
        try:
            if isinstance(wish, SuggestRequest):
                height, width = decode(wish.picture, wish.name).shape[:2]
            else:
                pictures = wish.pictures()
                called = {role: wish.name(role) for role in pictures}
                height, width = decode_fitting(pictures, wish.options, called, wish.label_names).doodle.shape[:2]
                width, height = wish.options.width or width, wish.options.height or height
        except PictureError as error:
            raise RefusedError(str(error), error.code, **error.values) from error
        return int(width * height)

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
