"""Machine code kept on disk: it saves seconds at the first painting, and no painting may end for its sake."""

import pickle
from collections.abc import Callable
from typing import Any

from numba.core.caching import FunctionCache

LOST = (OSError, EOFError, pickle.PickleError, ValueError, TypeError, AttributeError, ImportError)


class KeptCode(FunctionCache):
    """Numba's own cache of one function; several processes may share it, since files are put in place whole.

    A disk that is full, or files that are gone or broken, mean compiling once more. Numba knows code by its source
    file; here by the choices it was compiled with too, which stand in another file.
    """

    def __init__(self, function: Callable[..., Any], choices: dict[str, Any]) -> None:
        """Raises RuntimeError where neither beside the function's file nor in the user's cache anything can be kept."""
        super().__init__(function)  # type: ignore[no-untyped-call]
        self._chosen = repr(sorted((name, repr(value)) for name, value in choices.items()))

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The code for a signature, or None."""
        try:
            return super().load_overload(sig, target_context)  # type: ignore[no-untyped-call]
        except LOST:
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep the code for a signature, where that can be done."""
        try:
            super().save_overload(sig, data)  # type: ignore[no-untyped-call]
        except LOST:
            return

    def _index_key(self, sig: Any, codegen: Any) -> tuple[Any, ...]:
        return (*super()._index_key(sig, codegen), self._chosen)  # type: ignore[no-untyped-call]
