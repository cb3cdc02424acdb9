"""A semantic map for a picture that came without one: a worker suggests it, the person decides."""

import asyncio

from bot.desk import OutOfReachError, Standing, SuggestRequest
from bot.discord.answering import Answer
from bot.discord.parts import FRONT, person, server
from bot.discord.troubles import Trouble, TroubleError

LOOK_SECONDS = 0.5
PATIENCE_SECONDS = 240.0  # less than the token's life, so that the answer still finds its place
# Nobody delivers for this name: whoever asked waits here, and asks again if the bot goes down meanwhile.
QUIET_FRONT = f"{FRONT}-map"


async def suggest(answer: Answer, picture: bytes, name: str) -> bytes:
    """PNG of a suggested map. Raises TroubleError with the reason, RefusedError, OutOfReachError."""
    run, desk = answer.parts.threads.run, answer.parts.desk
    interaction = answer.interaction
    request = SuggestRequest(
        picture=picture,
        person=person(interaction.user.id),
        front=QUIET_FRONT,
        request_key=f"{FRONT}:map:{interaction.id}",
        name=name,
        server=server(interaction.guild_id),
    )
    ticket = await run(desk.suggest, request)
    for _ in range(round(PATIENCE_SECONDS / LOOK_SECONDS)):
        standing: Standing = await run(desk.standing, ticket.job_id)
        if standing.final:
            break
        await asyncio.sleep(LOOK_SECONDS)
    else:
        await run(desk.cancel, ticket.job_id, None)
        raise OutOfReachError("no worker suggested a map in time")
    await run(desk.fetched, ticket.job_id)
    if standing.state != "done":
        raise TroubleError(Trouble.MAP_NEEDED, reason=(standing.message or standing.state).rstrip("."))
    return (await run(desk.suggestion, ticket.job_id)).png
