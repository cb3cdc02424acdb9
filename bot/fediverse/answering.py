"""From what is to be said to one reply: within the network's limits, no wider than the question, in its language."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.community.shrinking import shrunk
from bot.desk.reading import fewer, measure
from bot.fediverse.inbox import Kind
from bot.fediverse.platform import Limits, Picture, Platform, Post, Reply, Visibility
from bot.fediverse.words import language_of

SHOWN = "The picture"
MIME = {".png": "image/png", ".webp": "image/webp", ".jpg": "image/jpeg"}
# A question for followers only is answered directly: our followers are not the asker's. No question makes us public.
NO_WIDER: dict[str, Visibility] = {
    "public": "unlisted",
    "unlisted": "unlisted",
    "followers": "direct",
    "direct": "direct",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture to show, in any size."""

    png: bytes = field(repr=False)
    alt: str
    focus: tuple[float, float] = (0.0, 0.0)  # see bot.fediverse.platform.Picture


@dataclass(frozen=True, slots=True)
class Saying:
    """What a mention gets for an answer; `lines` are left out from the end where there is no room."""

    lines: tuple[str, ...]
    mark: str = ""  # at the end of the first line, see `fitting`
    pictures: tuple[Shown, ...] = ()
    kind: Kind = "answer"
    job_id: str | None = None  # that it is about


# What one server or another takes for a mention, and addresses of pages, which stay whole. A word joiner behind the @
# ends a mention everywhere; it shows nothing, and no line can end there as at a space of no width.
CALL = re.compile(r"(https?://[\w.-]+(?::\d+)?/(?:[\w./?&=%#~+:-]|(?<=[/=])@)*)|(?<![A-Za-z0-9_])@(?=\S)")
WORD_JOINER = "\u2060"


class TooLargeError(Exception):
    """A picture fits in no form."""


def reply_to(platform: Platform, post: Post, saying: Saying) -> Reply:
    """The reply to a post that we have just read. Raises TooLargeError, PictureError."""
    limits = platform.limits()
    return Reply(
        to=post.id,
        text=fitting(platform.mention_of(post.author), saying.lines, limits.letters, saying.mark),
        visibility=NO_WIDER[post.visibility],
        warning=post.warning,
        sensitive=post.sensitive,
        labels=post.labels,
        language=language_of(post.language),
        pictures=pictures_of(saying.pictures, limits),
    )


def fitting(mention: str, lines: Sequence[str], letters: int, mark: str = "") -> str:
    """The mention and as many whole lines as there is room for; the first one is cut where it must be.

    `mark` ends the first line and is never cut: by it the reply is found again. Strangers' words within the lines call
    nobody: a style may be named `@someone@their.network`.
    """
    first, *more = [_calling_nobody(line) for line in lines] or [""]
    room = letters - sum(len(one) + 1 for one in (mention, mark) if one)
    text = " ".join(one for one in (mention, _cut(first, room), mark) if one)
    for line in more:
        if len(text) + 1 + len(line) <= letters:
            text = f"{text}\n{line}"
    return text


def _calling_nobody(line: str) -> str:
    return CALL.sub(lambda found: found[1] or f"@{WORD_JOINER}", line)


def _cut(line: str, letters: int) -> str:
    """Between words where there are such: half a style's name is no name."""
    if not line or len(line) <= letters:
        return line
    kept = line[: max(0, letters - 1)]
    words = kept if line[len(kept)].isspace() else kept.rpartition(" ")[0]
    return f"{(words or kept).rstrip(' ,;')}…"


def pictures_of(shown: Sequence[Shown], limits: Limits) -> tuple[Picture, ...]:
    """In a form that the network takes. Raises TooLargeError; PictureError for what can't be read."""
    return tuple(_picture(one, limits) for one in shown)


def _picture(shown: Shown, limits: Limits) -> Picture:
    data, suffix = shown.png, ".png"
    width, height = measure(data, SHOWN, stored=True)
    if limits.picture_pixels is not None and width * height > limits.picture_pixels:
        data = fewer(data, limits.picture_pixels)
    if len(data) > limits.picture_bytes:
        found = shrunk(data, limits.picture_bytes, tuple(one for one in limits.suffixes if one != ".png"))
        if found is None:
            raise TooLargeError
        data, suffix = found
    width, height = measure(data, SHOWN, stored=True)
    return Picture(data, MIME[suffix], shown.alt[: limits.alt_letters], width, height, shown.focus)
