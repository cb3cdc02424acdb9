"""Secrets from the environment: the value itself, or the name of a file that has it."""

import os
from pathlib import Path

from twobit.errors import BadInputError


def find_secret(name: str) -> str | None:
    """The value of the variable `name`, else what the file in `name`_FILE has; None when neither is set.

    Raises BadInputError for a file that can't be read.
    """
    named = os.environ.get(f"{name}_FILE")
    if named is None:
        return os.environ.get(name, "").strip() or None
    try:
        found = Path(named).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        text = f"{name}_FILE names {named}, which can't be read ({_why(error)}): name a text file that has the secret"
        raise BadInputError(text) from error
    if not found:
        raise BadInputError(f"{name}_FILE: {named} is empty: write the secret into it")
    return found


def _why(error: OSError | UnicodeDecodeError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is no text"
    return "there is no such file" if isinstance(error, FileNotFoundError) else (error.strerror or "unreadable").lower()
