"""Running one front until it is told to stop: the receiving loop here, deliveries in threads of their own."""

import threading

import structlog

from bot.desk.deliverer import Deliverer
from bot.fediverse.front import FediverseFront
from bot.fediverse.parts import Parts
from bot.fediverse.receiving import POLL_SECONDS, Receiver

log = structlog.get_logger(__name__)


def run(parts: Parts, stop: threading.Event, *, poll: float = POLL_SECONDS) -> None:
    """Until `stop`; `poll`: seconds between two looks for mentions where no stream tells of them."""
    deliverer = Deliverer(parts.desk, FediverseFront(parts))
    deliverer.start()
    log.info("bot_runs", place=parts.inbox.place)
    try:
        Receiver(parts, poll=poll).run(stop)
    finally:
        deliverer.stop()
        parts.platform.close()
