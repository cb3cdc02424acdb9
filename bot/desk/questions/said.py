"""What a picture's file says beside its pixels."""

import json
from dataclasses import dataclass
from typing import Any, Literal

from bot.desk.questions.question import Message, OnePicture
from worker.contract import PictureError
from worker.contract.pictures import LOSSY_KEY, RECIPE_KEY, opened, read_recipe

ASIDE = frozenset({"exif", "xmp", "comment", "photoshop"})  # where files of all kinds say more than pixels
MOST_RECIPE = 2**18  # bytes of JSON

Told = Literal["nothing", "more", "no picture"]
TOLD: dict[str, Told] = {"nothing": "nothing", "more": "more", "no picture": "no picture"}


@dataclass(frozen=True)
class Tells(OnePicture[Told]):
    """Whether a file says more than its pixels and our own words."""

    kind = "tells"

    def answer(self) -> Told:
        """See Question. Raises nothing for what is in the file."""
        try:
            with opened(self.data, self.name) as image:
                image.load()  # a PNG may say things behind its pixels
                texts = set(getattr(image, "text", ())) - {RECIPE_KEY, LOSSY_KEY}
                return "more" if texts or ASIDE & image.info.keys() or image.format == "TIFF" else "nothing"
        except PictureError:
            return "no picture"

    def told(self, answer: Told) -> Message:
        """See Question."""
        return {"tells": answer}, []

    def believed(self, message: Message) -> Told:
        """See Question."""
        header, _ = message
        return TOLD[header["tells"]]


@dataclass(frozen=True)
class RecipeOf(OnePicture[dict[str, Any] | None]):
    """The recipe inside a painting's file; None where there is none."""

    kind = "recipe"

    def answer(self) -> dict[str, Any] | None:
        """See Question."""
        recipe = read_recipe(self.data)
        return recipe if len(json.dumps(recipe)) <= MOST_RECIPE else None

    def told(self, answer: dict[str, Any] | None) -> Message:
        """See Question."""
        return {"recipe": answer}, []

    def believed(self, message: Message) -> dict[str, Any] | None:
        """See Question."""
        header, _ = message
        recipe = header["recipe"]
        if (recipe is not None and not isinstance(recipe, dict)) or len(json.dumps(recipe)) > MOST_RECIPE:
            raise ValueError("no recipe")
        return recipe
