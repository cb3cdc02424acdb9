"""Running one front until it is told to stop: the receiving loop here, deliveries in threads of their own."""

import threading

import structlog

from bot.desk.deliverer import Deliverer
from bot.fediverse.front import FediverseFront
from bot.fediverse.parts import Parts
from bot.fediverse.receiving import Receiver

log = structlog.get_logger(__name__)


def run(parts: Parts, stop: threading.Event) -> None:
    """Until `stop`."""
    deliverer = Deliverer(parts.desk, FediverseFront(parts))
    deliverer.start()
    log.info("bot_runs", place=parts.inbox.place)
    try:
        Receiver(parts).run(stop)
    finally:
        deliverer.stop()
        parts.platform.close()
