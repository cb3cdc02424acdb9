"""`twobit desk`: the loop that settles, dispatches and reconciles, and the health page."""

import signal
import threading
from types import FrameType
from typing import Any

import click

from bot.community import Community
from bot.desk.loop import DeskLoop, loop_name
from bot.web.server import HealthServer
from twobit import options
from twobit.errors import OutOfReachServiceError
from twobit.logs import configure_logs
from twobit.wiring import open_desk
from twobit.wiring import redis_url as find_redis
from worker.contract import EventStream
from worker.orphan import die_with_parent

BLOCK_SECONDS = 1.0


@click.command("desk")
@options.with_options(options.ADDRESS, options.SERVICE)
def command(**given: Any) -> None:
    """Settle events, dispatch jobs and reconcile, until SIGTERM; answers /healthz and /readyz."""
    configure_logs("desk")
    die_with_parent()
    settings = options.service(given)
    url = find_redis(settings)
    desk = open_desk(settings)
    loop = DeskLoop(desk, EventStream.at(url, loop_name(), BLOCK_SECONDS))
    community = Community(desk)
    loop.on_late_result = community.references.release_late
    stopping = threading.Event()

    def on_signal(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()
        loop.stop()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    try:
        server = HealthServer(desk, settings.host, settings.port)
    except OSError as error:
        raise OutOfReachServiceError(
            f"{settings.host}:{settings.port} can't be listened on ({error.strerror}): choose another --port, or 0"
        ) from error
    threading.Thread(target=server.run, name="health", daemon=True).start()
    threading.Thread(target=community.sweeper.run, args=(stopping,), name="sweeper", daemon=True).start()
    try:
        loop.run()
    finally:
        server.stop()
