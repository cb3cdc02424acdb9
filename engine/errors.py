"""What can go wrong in a painting, each with a message for the person who has to mend it.

EngineError
├── InputError       the pictures or the settings are at fault; the message has the numbers and the way out
├── NumericalError   NaN or Inf appeared; nothing was painted
└── ResourceError    the device, its memory or the network's weights are not to be had
    └── OfflineError the network's weights have to be fetched, and their publisher is out of reach
"""


class EngineError(Exception):
    """Base of all the engine raises on purpose."""


class InputError(EngineError):
    """The pictures or the settings can't be painted; the message names the numbers and the way out."""


class NumericalError(EngineError):
    """NaN or Inf appeared in the pictures, the loss or the gradient."""


class ResourceError(EngineError):
    """A device, its memory, or the network's weights could not be had."""


class OfflineError(ResourceError):
    """Weights have to be fetched, and their publisher is out of reach."""
