"""The contract's version, checked before anything else in a message is looked at."""

import json
from typing import Any

from worker.contract.errors import ContractError, UnknownVersionError

VERSION = 3  # 2: previews in events, method colour, options.maps; 3: label_names
OLDEST = 1  # still understood: an upgrade finds jobs and events of the release before


def checked(text: str | bytes, what: str) -> dict[str, Any]:
    """Parse a message of this contract's version, or the one before; what is new has a default.

    Raises UnknownVersionError for another version, ContractError for what is no JSON object.
    """
    try:
        message = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ContractError(f"This {what} is no JSON: {error}") from error
    if not isinstance(message, dict):
        raise ContractError(f"This {what} is no JSON object but {type(message).__name__}")
    version = message.get("version")
    if type(version) is not int or not OLDEST <= version <= VERSION:
        raise UnknownVersionError(
            f"This {what} speaks contract version {version!r} and this process version {VERSION}: "
            "run the same release of twobit on every machine"
        )
    return message
