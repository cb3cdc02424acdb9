"""Challenges by hashtag: a post with #doodleweek takes part in the open challenge of that title."""

import re

from bot.fediverse.parts import Parts
from bot.fediverse.platform import Post


def tag_of(title: str) -> str:
    """A challenge's hashtag: its title's letters and digits."""
    return "".join(re.findall(r"\w+", title.casefold())).replace("_", "")


def challenge_of(parts: Parts, post: Post) -> int | None:
    """The open challenge that a post names; None for a post that not everybody may see."""
    if not post.tags or post.visibility not in ("public", "unlisted"):
        return None
    tags = {tag.casefold().replace("_", "") for tag in post.tags}
    return next((one.id for one in parts.community.challenges.open() if tag_of(one.title) in tags), None)
