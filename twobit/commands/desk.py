"""`twobit desk`: the loop that settles, dispatches and reconciles, and the page with studio and gallery."""

import signal
import threading
from dataclasses import replace
from types import FrameType
from typing import Any

import click

from bot.community import Community
from bot.community.rules import CommunityRules
from bot.desk import Desk
from bot.desk.loop import DeskLoop, loop_name
from bot.web.server import WebServer
from bot.web.visitor import FRONT
from twobit import options
from twobit.errors import OutOfReachServiceError
from twobit.logs import configure_logs
from twobit.tracing import start_tracing
from twobit.web import web_settings
from twobit.wiring import open_desk, read_apart
from twobit.wiring import redis_url as find_redis
from worker.contract import EventStream, UnreachableError
from worker.orphan import die_with_parent

BLOCK_SECONDS = 1.0


@click.command("desk")
@options.with_options(options.ADDRESS, options.WEB, options.SERVICE)
def command(**given: Any) -> None:
    """Settle events, dispatch jobs, reconcile and serve the page, until SIGTERM."""
    configure_logs("desk")
    die_with_parent()
    settings = options.service(given)
    start_tracing(settings, "desk")
    url = find_redis(settings)
    web = web_settings(settings)
    desk = open_desk(settings)
    read_apart(page=True)
    _refuse_a_redis_that_loses_jobs(desk)
    if web.mode == "single":  # who sits at the machine pays for it
        desk.rules = replace(desk.rules, uncapped=desk.rules.uncapped | {FRONT})
    loop = DeskLoop(desk, EventStream.at(url, loop_name(), BLOCK_SECONDS))
    community = Community(desk, CommunityRules(result_days=settings.result_days))
    loop.on_late_result = community.references.release_late
    stopping = threading.Event()

    def on_signal(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()
        loop.stop()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    try:
        server = WebServer(community, web, settings.host, settings.port)
    except OSError as error:
        raise OutOfReachServiceError(
            f"{settings.host}:{settings.port} can't be listened on ({error.strerror}): choose another --port, or 0"
        ) from error
    threading.Thread(target=server.run, name="web", daemon=True).start()
    threading.Thread(target=community.sweeper.run, args=(stopping,), name="sweeper", daemon=True).start()
    try:
        loop.run()
    finally:
        stopping.set()
        server.stop()


def _refuse_a_redis_that_loses_jobs(desk: Desk) -> None:
    """One that is away comes back; one that is set up wrongly says nothing when it drops a job."""
    try:
        troubles = desk.queue.check()
    except UnreachableError:
        return
    if troubles:
        raise OutOfReachServiceError("; ".join(troubles))
