"""The painting methods: tensors in, a painting out; knows no job, queue or person."""

import os

# Threads of OpenMP that wait spin, and two busy processes then make each other many times slower. It is read once, as
# torch is loaded, so whoever wants it imports engine first; a value that is set already stays.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

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
