"""The painting methods: tensors in, a painting out; knows no job, queue or person."""

from engine.errors import EngineError, InputError, NumericalError, OfflineError, ResourceError
from engine.paint import paint
from engine.painting import Painting
from engine.settings import Settings
from engine.step import OnStep, Step

__all__ = [
    "EngineError",
    "InputError",
    "NumericalError",
    "OfflineError",
    "OnStep",
    "Painting",
    "ResourceError",
    "Settings",
    "Step",
    "paint",
]
