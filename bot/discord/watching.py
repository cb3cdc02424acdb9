"""The watch: open jobs' messages show position, preview and bar, each edited at most every few seconds."""

import asyncio
import time
from dataclasses import dataclass
from functools import partial

import discord
import structlog

from bot.desk import DeskError, OutOfReachError, Standing
from bot.desk.watch import Watched, watched
from bot.discord.address import Address, address_from
from bot.discord.front import DiscordFront
from bot.discord.parts import FRONT, Parts
from bot.discord.patience import CUT
from bot.discord.rendering import underway
from bot.discord.troubles import TroubleError

log = structlog.get_logger(__name__)

LOOK_SECONDS = 2.0
EDIT_SECONDS = 5.0  # of one message; Discord asks for no more
QUEUED_SECONDS = 15.0  # a waiting job's message has less to tell
AT_ONCE = 8  # edits under way together
LEASE_SECONDS = 15.0
ASK_SECONDS = 5.0


@dataclass
class _Seen:
    """What a message shows, and since when."""

    shows: str
    at: float
    gone: bool = False


class Watch:
    """Looks at the desk and edits. What it remembers only saves requests."""

    def __init__(self, parts: Parts, front: DiscordFront) -> None:
        """Nothing runs yet."""
        self._parts = parts
        self._front = front
        self._seen: dict[str, _Seen] = {}
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._leading = False
        self._asked = -ASK_SECONDS

    async def run(self) -> None:
        """One round, whatever happens in it."""
        try:
            await self.look()
        except (OutOfReachError, TroubleError) as error:
            log.warning("watch_waits", reason=str(error))
        except Exception:  # the client's edge: the watch must outlive one odd job
            log.exception("watch_failed")

    async def announce(self, address: Address, job_id: str) -> None:
        """A new job: show its place at once. What fails here, the next look makes good."""
        self._seen[job_id] = _Seen("", time.monotonic())
        await self._show(address, job_id)

    async def look(self) -> None:
        """One look at all open jobs."""
        run = self._parts.threads.run
        if not await self._leads():
            return
        jobs = await run(watched, self._parts.desk, FRONT)
        open_ids = {one.standing.job_id for one in jobs}
        self._seen = {job: seen for job, seen in self._seen.items() if job in open_ids}
        for one in jobs:
            job_id = one.standing.job_id
            if job_id not in self._busy and self._due(one.standing):
                task = asyncio.create_task(self._edit(one))
                self._busy[job_id] = task
                task.add_done_callback(partial(self._finished, job_id))

    async def _leads(self) -> bool:
        """True while this process is the one that shows progress; asked for again well before the lease ends."""
        now = time.monotonic()
        if now - self._asked >= ASK_SECONDS:
            self._asked = now
            self._leading = await self._parts.threads.run(self._parts.leads, "watch", LEASE_SECONDS)
        return self._leading

    def _finished(self, job_id: str, _task: asyncio.Task[None]) -> None:
        self._busy.pop(job_id, None)

    def _due(self, standing: Standing) -> bool:
        seen = self._seen.get(standing.job_id)
        if seen is None:  # announced by another process, or before a restart
            return (self._parts.desk.clock() - standing.created).total_seconds() >= EDIT_SECONDS
        pause = EDIT_SECONDS if standing.state == "running" else QUEUED_SECONDS
        return not seen.gone and time.monotonic() - seen.at >= pause

    async def _edit(self, one: Watched) -> None:
        standing = one.standing
        try:
            address = address_from(one.address)
        except ValueError:
            self._seen[standing.job_id] = _Seen("", time.monotonic(), gone=True)
            return
        shows = f"{underway(standing, address)}{standing.preview}"
        seen = self._seen.get(standing.job_id)
        if seen is not None and seen.shows == shows:
            return
        async with self._slots:
            there = await self._show(address, standing.job_id)
        self._seen[standing.job_id] = _Seen(shows, time.monotonic(), gone=not there)

    async def _show(self, address: Address, job_id: str) -> bool:
        """False when there is no message to edit any more."""
        try:
            if not await self._front.show(address, job_id):
                return False
            await self._put_right(address, job_id)
        except (discord.HTTPException, discord.RateLimited, DeskError, TroubleError, *CUT) as error:
            log.info("progress_not_shown", job=job_id, reason=str(error)[:200])
        return True

    async def _put_right(self, address: Address, job_id: str) -> None:
        """Another process may have delivered the end while we edited."""
        run, desk = self._parts.threads.run, self._parts.desk
        now = await run(desk.standing, job_id)
        if now.final and now.kind == "paint" and not await run(desk.owes, job_id):
            painting = None if now.result is None else await run(desk.painting, job_id)
            await self._front.repair(address, now, painting)
