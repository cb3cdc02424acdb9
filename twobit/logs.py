"""Structured logs to stderr, one line an event."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from twobit.hiding import Hiding

LONGEST = 1000  # characters of what a library says


def configure_logs(process: str, level: int = logging.INFO) -> None:
    """For a long-running process; `process` names it in every line."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _Hidden(),
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.bind_contextvars(process=process)
    root = logging.getLogger()
    if not any(isinstance(handler, _AsEvents) for handler in root.handlers):
        root.addHandler(_AsEvents(logging.WARNING))


def quiet_logs() -> None:
    """For a command that a person looks at: only what is wrong."""
    configure_logs("cli", logging.ERROR)


class _Hidden:
    """No secret in any line, whatever an error of a library says."""

    def __init__(self) -> None:
        self._hiding = Hiding()

    def __call__(self, _log: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        for name, value in line.items():
            if isinstance(value, str):
                line[name] = self._hiding.hide(value)
        return line


class _AsEvents(logging.Handler):
    """What libraries warn of becomes a line like ours: theirs may have several, and no time."""

    def emit(self, record: logging.LogRecord) -> None:
        """See logging.Handler."""
        words = record.getMessage()
        if record.exc_info and record.exc_info[1] is not None:
            words = f"{words}: {type(record.exc_info[1]).__name__}: {record.exc_info[1]}"
        log = structlog.get_logger(__name__)
        tell = log.error if record.levelno >= logging.ERROR else log.warning
        tell("library", logger=record.name, reason=words[:LONGEST])
