"""/challenges, /challenge/<n>: a prompt, what people made of it, and who won."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.community import NotThereError, Query, Work
from bot.web.errors import missing
from bot.web.pages.shown import wall_of
from bot.web.parts import Parts, parts_of, person_of, spend
from bot.web.visitor import visitor_of


def listed(request: Request) -> Response:
    """Open ones and past ones."""
    parts = parts_of(request)
    challenges = parts.community.challenges
    return parts.templates.page(
        request, "challenges.html", here="challenges", open_ones=challenges.open(), past=challenges.past()
    )


def show(request: Request) -> Response:
    """One challenge."""
    parts, visitor = parts_of(request), visitor_of(request)
    number: int = request.path_params["number"]
    if number >= 2**31:
        raise missing("challenge")
    challenge = parts.community.challenges.get(number)
    voted = None if visitor.person is None else parts.community.challenges.voted(number, visitor.person)
    winners = [(one, _work(parts, one.work)) for one in challenge.winners or ()]
    return parts.templates.page(
        request,
        "challenge.html",
        here="challenges",
        challenge=challenge,
        is_open=challenge.open(parts.desk.clock()),
        winners=[(one, work) for one, work in winners if work is not None],
        wall=wall_of(request, Query(challenge=number, nsfw=True)),
        entry=voted,
    )


async def vote(request: Request) -> Response:
    """Give one's vote in the challenge to this work."""
    parts, person = parts_of(request), person_of(request)
    spend(request, parts.acts)
    work = await run_in_threadpool(parts.community.gallery.work, request.path_params["id"])
    if work.challenge is None:
        raise missing("challenge")
    await run_in_threadpool(parts.community.challenges.vote, work.challenge, person, work.id)
    return RedirectResponse(f"/challenge/{work.challenge}", 303)


def _work(parts: Parts, work_id: str) -> Work | None:
    try:
        work = parts.community.gallery.work(work_id)
    except NotThereError:
        return None
    return None if work.hidden else work
