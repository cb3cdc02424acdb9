"""What the server sends, as ours."""

import re
from typing import Any

from bot.fediverse.platform import Account, Attached, Post

NO_BOT = re.compile(r"#no\s?bots?\b", re.IGNORECASE)
BOT_LABEL = "bot"  # that an account gives itself
ADULT = frozenset({"sexual", "nudity", "porn", "graphic-media"})  # that an author gives a post
IMAGES = "app.bsky.embed.images#view"
WITH_MEDIA = "app.bsky.embed.recordWithMedia#view"
TAG = "app.bsky.richtext.facet#tag"


def account_of(profile: Any) -> Account:
    """A detailed profile."""
    viewer = profile.get("viewer") or {}
    blocked = any(viewer.get(one) for one in ("blockedBy", "blocking", "blockingByList", "muted"))
    return Account(
        id=str(profile["did"]),
        handle=str(profile.get("handle") or profile["did"]),
        name=str(profile.get("displayName") or ""),
        bot=BOT_LABEL in own_labels(profile, str(profile["did"])),
        refuses=blocked or NO_BOT.search(str(profile.get("description") or "")) is not None,
    )


def post_of(view: Any, author: Account) -> Post:
    """A post's view, with its author's profile."""
    record = view.get("record") or {}
    labels = tuple(sorted(own_labels(view, author.id) & ADULT))
    reply = record.get("reply") or {}
    languages = record.get("langs") or [None]
    tags = [one["tag"] for facet in record.get("facets") or () for one in facet["features"] if one.get("$type") == TAG]
    return Post(
        id=str(view["uri"]),
        author=author,
        text=str(record.get("text") or ""),
        language=languages[0],
        pictures=_pictures(view.get("embed") or {}),
        visibility="public",  # there is nothing else
        sensitive=bool(labels),
        labels=labels,
        tags=tuple(str(tag).lower() for tag in [*tags, *(record.get("tags") or ())]),
        parent=(reply.get("parent") or {}).get("uri"),
    )


def own_labels(view: Any, did: str) -> set[str]:
    """What the author says of an account or a post; others' labels are for readers to weigh."""
    return {str(one.get("val")) for one in view.get("labels") or () if one.get("src") == did and not one.get("neg")}


def _pictures(embed: Any) -> tuple[Attached, ...]:
    if embed.get("$type") == WITH_MEDIA:
        embed = embed.get("media") or {}
    if embed.get("$type") != IMAGES:
        return ()
    return tuple(Attached(str(one["fullsize"]), str(one.get("alt") or "")) for one in embed.get("images") or ())
