"""The engine as commands load it: when they need it, before torch, its errors in a command's words."""

from collections.abc import Iterator
from contextlib import contextmanager

from twobit.errors import BadInputError, CommandError, OutOfReachServiceError
from twobit.installing import how_to_install


@contextmanager
def engine_room() -> Iterator[None]:
    """Within it the engine can be imported. Raises CommandError where it can't, or where the engine raises its own."""
    try:
        import engine  # before torch, whose threads it makes wait asleep
    except ImportError as error:
        raise CommandError(f"The engine can't be loaded ({error}): {how_to_install('paint')}") from error
    try:
        yield
    except engine.InputError as error:
        raise BadInputError(str(error)) from error
    except engine.OfflineError as error:
        raise OutOfReachServiceError(str(error)) from error
    except engine.EngineError as error:
        raise CommandError(str(error)) from error
