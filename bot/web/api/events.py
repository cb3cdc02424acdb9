"""/api/v1/jobs/<id>/events: a job's standing, whenever it changes, until it ends."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot.desk import OutOfReachError, Standing, UnknownJobError
from bot.web.api.jobs import handed_over, own
from bot.web.errors import HttpError
from bot.web.parts import Parts, parts_of, person_of

LOOK_SECONDS = 0.3
QUIET_SECONDS = 15.0  # after so long without news a comment keeps the line open
LONGEST_SECONDS = 1800.0  # then the browser asks again
MOST = 8  # lines of one person; each tab and job takes one


async def events(request: Request) -> Response:
    """GET: server-sent events named `standing`."""
    parts = parts_of(request)
    standing = await run_in_threadpool(own, request)
    person = person_of(request)
    listening: dict[str, int] = request.app.state.listening
    if listening.get(person, 0) >= MOST:
        raise HttpError(429, "too_many", f"You watch {MOST} paintings already: close some of the pages.", wait=5)
    listening[person] = listening.get(person, 0) + 1
    stream = _stream(request, parts, standing.job_id, person)
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(stream, media_type="text/event-stream", headers=headers)


async def _stream(request: Request, parts: Parts, job_id: str, person: str) -> AsyncIterator[str]:
    listening: dict[str, int] = request.app.state.listening
    try:
        began = told = time.monotonic()
        last = ""
        while time.monotonic() - began < LONGEST_SECONDS and not await request.is_disconnected():
            found = await run_in_threadpool(_look, parts, job_id)
            if found is None:
                return
            standing, said = found
            text = json.dumps(said)
            if _without_eta(said) != last:
                last, told = _without_eta(said), time.monotonic()
                yield f"event: standing\ndata: {text}\n\n"
            elif time.monotonic() - told > QUIET_SECONDS:
                told = time.monotonic()
                yield ": still here\n\n"
            if standing.final:
                return
            await asyncio.sleep(LOOK_SECONDS)
    finally:
        listening[person] -= 1
        if not listening[person]:
            del listening[person]


def _look(parts: Parts, job_id: str) -> tuple[Standing, dict[str, Any]] | None:
    """None when the job is gone or can't be looked at just now: the browser asks again."""
    try:
        standing = parts.desk.standing(job_id)
        return standing, handed_over(parts, standing)
    except (UnknownJobError, OutOfReachError):
        return None


def _without_eta(said: dict[str, Any]) -> str:
    """The time to go changes with every look; whole seconds are news enough."""
    eta = said["eta_seconds"]
    return json.dumps({**said, "eta_seconds": None if eta is None else round(eta)})
