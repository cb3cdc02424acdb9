"""What may be asked about strangers' pictures, each with how it is answered and what of the answer is believed.

Only a reader answers (bot.desk.reader), or a process that nobody told to have pictures read apart; who wants to know
something calls bot.desk.reading.
"""

from typing import Any

from bot.desk.questions.check import Check
from bot.desk.questions.copies import Fewer, Shrink, Smaller, Thumb
from bot.desk.questions.glance import Glance
from bot.desk.questions.labels import MapSize, Named, NamedLabels, Names
from bot.desk.questions.pixels import Decode, Measure
from bot.desk.questions.question import Question
from bot.desk.questions.said import RecipeOf, Tells
from bot.desk.questions.understand import Seen, Show, Understand

ALL: tuple[type[Question[Any]], ...] = (
    *(Check, Decode, Measure, MapSize, Names, Named),
    *(Understand, Thumb, Shrink, Fewer, Glance, Tells, RecipeOf),
)

__all__ = [
    "ALL",
    "Check",
    "Decode",
    "Fewer",
    "Glance",
    "MapSize",
    "Measure",
    "Named",
    "NamedLabels",
    "Names",
    "Question",
    "RecipeOf",
    "Seen",
    "Show",
    "Shrink",
    "Smaller",
    "Tells",
    "Thumb",
    "Understand",
]
