"""Replies on Mastodon: media first, which the instance takes its time for, then the status, under its key."""

import re
import time
from typing import Any

from mastodon import Mastodon

from bot.fediverse.mastodon.client import Client
from bot.fediverse.mastodon.reading import plain
from bot.fediverse.platform import GoneError, Picture, PlatformError, Reply, Visibility

VISIBILITIES: dict[Visibility, str] = {
    "public": "public",
    "unlisted": "unlisted",
    "followers": "private",
    "direct": "direct",
}
READY_SECONDS = 40.0  # less than the desk's claim of a delivery
FIRST_LOOK, LONGEST_LOOK = 0.1, 3.0  # seconds between two looks
ANY_MARK = re.compile(r"\[[a-z0-9]{12}\]")  # job.mark of the catalogues


def post_reply(client: Client, me: str, reply: Reply, key: str, *, look: bool, mark: str | None) -> str:
    """See Platform.reply. `me`: our account's id on the instance."""
    if look:
        earlier = find(client, me, reply.to, mark)
        if earlier is not None:
            return earlier
    media = [uploaded(client, picture) for picture in reply.pictures]

    def post(api: Mastodon) -> Any:
        return api.status_post(
            reply.text,
            in_reply_to_id=reply.to,
            media_ids=media or None,
            sensitive=reply.sensitive,
            visibility=VISIBILITIES[reply.visibility],
            spoiler_text=reply.warning or None,
            language=reply.language,
            idempotency_key=key,
        )

    return str(client.about_post(post)["id"])


def find(client: Client, me: str, post: str, mark: str | None) -> str | None:
    """Our earlier reply to a post: the one with this mark, or the one with none."""

    def is_it(one: Any) -> bool:
        if str(one["account"]["id"]) != me or str(one.get("in_reply_to_id")) != post:
            return False
        words = plain(one.get("content") or "")
        return mark in words if mark is not None else ANY_MARK.search(words) is None

    below = client.about_post(lambda api: api.status_context(post))["descendants"]
    return next((str(one["id"]) for one in below if is_it(one)), None)


def uploaded(client: Client, picture: Picture) -> str:
    """The id of a picture that may be attached. Raises PlatformError when the instance does not finish with it."""
    sent: Any = client.call(
        lambda api: api.media_post(
            picture.data, mime_type=picture.mime, description=picture.alt or None, focus=picture.focus
        )
    )
    number = str(sent["id"])
    give_up = time.monotonic() + READY_SECONDS
    pause = FIRST_LOOK
    while not sent.get("url"):
        if time.monotonic() > give_up:
            raise PlatformError(f"the instance is not ready with a picture in {READY_SECONDS:.0f} s", permanent=False)
        time.sleep(pause)
        pause = min(pause * 1.5, LONGEST_LOOK)
        try:
            sent = client.call(lambda api: api.media(number))
        except GoneError as error:
            raise PlatformError("the instance has lost a picture", permanent=False) from error
    return number
