"""Structured logs to stderr, one line an event."""

import logging
import sys

import structlog


def configure_logs(process: str, level: int = logging.INFO) -> None:
    """For a long-running process; `process` names it in every line."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.bind_contextvars(process=process)


def quiet_logs() -> None:
    """For a command that a person looks at: only what is wrong."""
    configure_logs("cli", logging.ERROR)
