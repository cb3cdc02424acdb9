"""One part of the service as a process of its own, with short patience, that may kill itself at a named point.

`python -m tests.faults.process desk|worker|front --redis URL ... [--point NAME]`. The desk is bot.desk's own loop, the
worker worker.service with the stub painter, the front a loop of deliveries to tests.faults.platform.
"""

import argparse
import os
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import bot.desk.clock
import bot.desk.loop
import worker.contract.stream
from bot.desk import Database, Desk, FrontError, OutOfReachError
from bot.desk.clock import utc_now
from bot.desk.loop import DeskLoop
from bot.desk.rules import Rules
from tests import stub_painter
from tests.faults.platform import PlatformFront
from twobit.logs import configure_logs
from worker.contract import Done, EventStream, JobQueue, PictureStore, UnreachableError
from worker.limits import Limits
from worker.orphan import die_with_parent
from worker.service import run_worker
from worker.session import Session
from worker.warm import ENGINE_COMMAND

RULES = Rules(lease=3.0, lost=2.0, claim=2.0, longest_pause=0.5, uncapped=frozenset({"fake"}))
LIMITS = Limits(tick=0.05, fence=0.1, beat=0.4, step=0.1, silence=6.0, service=3.0)


def die() -> None:
    """At once, as by the kernel."""
    os.kill(os.getpid(), signal.SIGKILL)


def before(owner: Any, name: str, when: Callable[..., bool] = lambda *_: True) -> None:
    """Die instead of that call."""
    whole = getattr(owner, name)

    def broken(*given: Any, **more: Any) -> Any:
        if when(*given):
            die()
        return whole(*given, **more)

    setattr(owner, name, broken)


def after(owner: Any, name: str, when: Callable[..., bool] = lambda *_: True) -> None:
    """Die right after that call."""
    whole = getattr(owner, name)

    def broken(*given: Any, **more: Any) -> Any:
        answer = whole(*given, **more)
        if when(*given):
            die()
        return answer

    setattr(owner, name, broken)


def _is_end(*given: Any) -> bool:
    return any(isinstance(each, Done) for each in given)


POINTS: dict[str, Callable[[], None]] = {
    "": lambda: None,
    "desk: marked, not in Redis": lambda: before(JobQueue, "put"),
    "desk: in Redis": lambda: after(JobQueue, "put"),
    "desk: heard, not settled": lambda: before(bot.desk.loop, "settle", _is_end),
    "desk: settled, not committed": lambda: after(bot.desk.loop, "settle", _is_end),
    "desk: committed, not acknowledged": lambda: before(EventStream, "settled", lambda _self, ids: bool(ids)),
    "worker: taken, not told": lambda: before(Session, "run"),
    "worker: stored, not told": lambda: after(PictureStore, "put"),
    "worker: told the end": lambda: after(EventStream, "publish", _is_end),
    "front: claimed, not posted": lambda: before(PlatformFront, "deliver"),
    "front: posted, not recorded": lambda: after(PlatformFront, "deliver"),
}


def main() -> None:
    """Run one part until SIGTERM."""
    die_with_parent()
    parser = argparse.ArgumentParser()
    parser.add_argument("part", choices=("desk", "worker", "front"))
    for name in ("redis", "database", "store"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--point", default="", choices=POINTS)
    parser.add_argument("--platform", type=Path, required=True)
    parser.add_argument("--skew", type=float, default=0.0, help="this machine's clock is off by so many seconds")
    parser.add_argument("--engine", action="store_true", help="paint with the real engine")
    chosen = parser.parse_args()
    configure_logs(chosen.part)
    worker.contract.stream.STALE_MS = 1500
    bot.desk.loop.RECONCILE_SECONDS = 0.3
    POINTS[chosen.point]()
    if chosen.skew:
        bot.desk.clock.utc_now = lambda: utc_now() + timedelta(seconds=chosen.skew)
    if chosen.part == "worker":
        command = ENGINE_COMMAND if chosen.engine else stub_painter.COMMAND
        run_worker(chosen.redis, chosen.store, painter_command=command, limits=LIMITS)
        return
    desk = Desk(Database(chosen.database), PictureStore(chosen.store), JobQueue.at(chosen.redis), rules=RULES)
    if chosen.part == "desk":
        loop = DeskLoop(desk, EventStream.at(chosen.redis, f"desk-{os.getpid()}", 1.0))
        signal.signal(signal.SIGTERM, lambda *_: loop.stop())
        loop.run()
    else:
        _deliver(desk, PlatformFront(chosen.platform))


def _deliver(desk: Desk, front: PlatformFront) -> None:
    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: stopping.append(number))
    while not stopping:
        try:
            if desk.deliver(front) is None:
                time.sleep(0.05)
        except (FrontError, OutOfReachError, UnreachableError):
            time.sleep(0.1)


if __name__ == "__main__":
    main()
