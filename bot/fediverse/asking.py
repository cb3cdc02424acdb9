"""One mention: whether it is heeded, what it asks for, and its one reply or its job."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from bot.community.reasons import refusal
from bot.community.variations import NoFurtherError, larger, rerolled, weighted
from bot.desk import OutOfReachError, RefusedError, Standing, SuggestRequest, UnknownJobError
from bot.desk.reading import BUSY
from bot.fediverse.acting import Acting, Asked
from bot.fediverse.address import Address
from bot.fediverse.answering import Saying, TooLargeError, reply_to
from bot.fediverse.challenges import challenge_of
from bot.fediverse.commands import Heard, hear
from bot.fediverse.inbox import Said, Waiting
from bot.fediverse.parts import Parts
from bot.fediverse.platform import GoneError, Post
from bot.fediverse.roles import DoubtError, Sent
from bot.fediverse.wishing import Base, NotPublishedError, ProblemsError, Wish, again, restyled, wish_of
from bot.fediverse.words import heard as phrases
from bot.fediverse.words import language_of, say, span
from worker.contract import PictureError, tracing

log = structlog.get_logger(__name__)

MOST_AN_HOUR = 30  # answers to one person: more is a loop, or a flood
HOUR, DAY = 3600.0, 86400.0  # seconds
WORTH_TELLING = 60.0  # seconds of waiting; less needs no reply of its own
AGAIN = ("again", "vary", "larger")
LONGEST_KEY = 200  # characters that the desk keeps


class Asking:
    """Works on mentions, one after the other."""

    def __init__(self, parts: Parts) -> None:
        """What was seen before now may have been worked on by a process that died."""
        self._parts = parts
        self._acting = Acting(parts)
        self._began: datetime = parts.desk.clock()

    def work_on(self, waiting: Waiting) -> None:
        """Answer a mention, or let it be. Raises PlatformError, OutOfReachError: it is to be tried again."""
        parts = self._parts
        try:
            post = parts.platform.post(waiting.post)
            saying = self._answer(post, waiting)
            if saying is None:
                parts.inbox.done(waiting.post, "ignored")
                return
            sent = self._send(post, saying, waiting)
        except GoneError as error:
            log.info("mention_gone", post=waiting.post, reason=str(error)[:200])
            parts.inbox.done(waiting.post, "ignored")
            return
        kept = None
        if sent is not None and hear(post.text).act != "forget":  # who asked for that is not remembered by its answer
            kept = Said(sent, waiting.person, waiting.post, saying.kind, saying.job_id)
        parts.inbox.done(waiting.post, "answered", kept)
        if saying.job_id is not None and saying.kind == "accepted":
            tracing.passed("ask", saying.job_id, waiting.seen, front=parts.front)
        log.info("mention_answered", post=waiting.post, kind=saying.kind, job=saying.job_id)

    def give_up(self, waiting: Waiting, number: str) -> None:
        """Something broke that nobody thought of: say so, once. Raises PlatformError, OutOfReachError."""
        post = self._parts.platform.post(waiting.post)
        saying = Saying((say(language_of(post.language), "trouble.fault", number=number),))
        sent = self._send(post, saying, waiting)
        assert sent is not None
        self._parts.inbox.done(waiting.post, "answered", Said(sent, waiting.person, waiting.post, "answer", None))

    def _send(self, post: Post, saying: Saying, waiting: Waiting) -> str | None:
        if not saying.lines:
            return None  # a job that will soon be there needs no reply of its own
        try:
            reply = reply_to(self._parts.platform, post, saying)
        except PictureError as error:
            if error.code == BUSY:
                raise OutOfReachError(str(error)) from error  # it is answered a moment later
            reply = reply_to(self._parts.platform, post, replace(saying, pictures=()))
        except TooLargeError:
            reply = reply_to(self._parts.platform, post, replace(saying, pictures=()))
        look = waiting.tries > 0 or waiting.seen <= self._began
        return self._parts.platform.reply(reply, f"mention-{post.id}", look=look, mark=None)

    def _answer(self, post: Post, waiting: Waiting) -> Saying | None:
        """What to say; no lines where the job's end says it; None to stay silent."""
        heard = hear(post.text)
        # Not the mention's own word: who asked to be forgotten may be nameless there, and not yet be forgotten.
        person = self._parts.person(post.author.id)
        if not self._heeds(post, person, heard):
            return None
        asked = Asked(post, person, heard, self._parts.inbox.said(post.parent), waiting.job_id)
        try:
            if self._acting.knows(heard.act):
                return self._acting.act(asked)
            return self._painting(asked)
        except NoFurtherError as error:
            values = {"name": error.name, "value": error.value, "reason": error.reason}
            return Saying((say(asked.language, "trouble.bad_choice", **values),))
        except (RefusedError, PictureError) as error:
            if error.code == BUSY:
                raise OutOfReachError(str(error)) from error  # it is worked on a moment later
            return Saying((say(asked.language, "trouble.refused", reason=refusal(error, asked.language)),))
        except NotPublishedError:
            return Saying((say(asked.language, "trouble.not_published"),))
        except UnknownJobError:
            return Saying((say(asked.language, "trouble.no_painting"),))

    def _heeds(self, post: Post, person: str, heard: Heard) -> bool:
        """Never another bot, never ourselves, nobody who does not want it, and nobody too often."""
        author, inbox = post.author, self._parts.inbox
        if author.bot or author.refuses or author.id == self._parts.platform.me().id:
            return False
        if inbox.silent(person) and heard.act not in ("start", "stop"):
            return False
        if inbox.answered(person, HOUR) >= MOST_AN_HOUR:
            log.warning("mention_over_the_cap", post=post.id)
            return False
        return True

    def _painting(self, asked: Asked) -> Saying | None:
        base = self._base(asked)
        pictures, heard = self._pictures(asked)
        if asked.heard.act == "map":
            return self._map(asked, pictures)
        if asked.heard.act in AGAIN and not pictures:
            return self._accept(asked, self._again(asked))
        try:
            if pictures:
                return self._accept(asked, wish_of(self._parts, asked.person, heard, pictures, base))
            wish = None if base is None else self._from_words(asked, base)
            return self._accept(asked, wish) if wish is not None else self._chat(asked)
        except DoubtError as doubt:
            return self._ask_back(asked, say(asked.language, f"doubt.{doubt.key}", **doubt.values), base)
        except ProblemsError as error:
            problems = error.told(asked.language)
            return self._ask_back(asked, say(asked.language, "doubt.problems", problems=problems), base)

    def _from_words(self, asked: Asked, base: Base) -> Wish | None:
        """A reply to a painting without a picture: another style, other choices, or just talk."""
        wish = restyled(self._parts, asked.person, asked.heard, base)
        if wish is None and asked.heard.choices and not asked.heard.words:
            wish = again(self._parts, asked.person, base, dict(asked.heard.choices))
        return wish

    def _chat(self, asked: Asked) -> Saying | None:
        """Talk below a painting is none of ours; who mentions us out of the blue is told once a day what we do."""
        if asked.post.parent is not None or self._parts.inbox.answered(asked.person, DAY):
            return None
        return Saying((say(asked.language, "say.help"),))

    def _ask_back(self, asked: Asked, question: str, base: Base | None) -> Saying:
        """Once: the answer to our question that leaves us in doubt gets no second question.

        It is about the painting replied to, and so is the answer to it.
        """
        if asked.replied_to is not None and asked.replied_to.kind == "question":
            return Saying((say(asked.language, "doubt.still"),))
        return Saying((question,), kind="question", job_id=None if base is None else base.recipe.job_id)

    def _base(self, asked: Asked) -> Base | None:
        """The painting that the post replies to."""
        job_id = None if asked.replied_to is None else asked.replied_to.job_id
        if job_id is None:
            return None
        try:
            recipe = self._parts.desk.recipe(job_id)
        except (UnknownJobError, RefusedError):
            return None
        work = self._parts.community.gallery.of_job(job_id)
        return Base(recipe, None if work is None or work.hidden else work)

    def _pictures(self, asked: Asked) -> tuple[list[Sent], Heard]:
        """Those of the post, or of the post that we asked back about, with the words of both."""
        post, words = asked.post, asked.heard
        if not post.pictures and asked.replied_to is not None and asked.replied_to.kind == "question":
            before = self._parts.platform.post(asked.replied_to.mention)
            if self._parts.person(before.author.id) != asked.person:
                return [], words
            first = hear(before.text)
            post = before
            words = replace(words, rest=words.rest or first.rest, choices={**first.choices, **words.choices})
        found = []
        for number, picture in enumerate(post.pictures, 1):
            try:
                found.append(Sent(self._parts.platform.fetch(picture), picture.alt))
            except GoneError as error:
                raise RefusedError(say(asked.language, "trouble.picture_gone", number=number)) from error
        return found, words

    def _again(self, asked: Asked) -> Wish:
        """Another like the painting replied to, or like the person's last one."""
        job_id = self._acting.target(asked)
        recipe = self._parts.desk.recipe(job_id)
        work = self._parts.community.gallery.of_job(job_id)
        base = Base(recipe, None if work is None or work.hidden else work)
        changes = self._changes(asked, base)
        return again(self._parts, asked.person, base, {**changes, **asked.heard.choices})

    def _changes(self, asked: Asked, base: Base) -> dict[str, object]:
        if asked.heard.act == "again":
            return rerolled()
        if asked.heard.act == "larger":
            standing = self._parts.desk.standing(base.recipe.job_id)
            if standing.width is None or standing.height is None:
                raise RefusedError(say(asked.language, "trouble.not_finished"))
            return larger(standing.width, standing.height)
        ways = phrases("way")
        said = {ways[word] for word in asked.heard.rest.casefold().split() if word in ways}
        return weighted(base.recipe.options, "beta" if "beta" in said else "gamma", up="down" not in said)

    def _map(self, asked: Asked, pictures: Sequence[Sent]) -> Saying:
        if not pictures:
            raise RefusedError(say(asked.language, "trouble.no_picture"))
        request = SuggestRequest(
            picture=pictures[0].data,
            person=asked.person,
            front=self._parts.front,
            address=self._address(asked).to_text(),
            request_key=self._key(asked.post),
        )
        return self._told(asked, self._parts.desk.suggest(request).job_id)

    def _accept(self, asked: Asked, wish: Wish) -> Saying:
        about = self._address(asked, style=wish.style, doodle_labels=wish.labels)
        request = replace(
            wish.request,
            person=asked.person,
            front=self._parts.front,
            address=replace(about, challenge=challenge_of(self._parts, asked.post)).to_text(),
            request_key=self._key(asked.post),
        )
        return self._told(asked, self._parts.desk.accept(request).job_id)

    def _told(self, asked: Asked, job_id: str) -> Saying:
        """The place in the queue, where waiting takes long enough."""
        standing = self._parts.desk.standing(job_id)
        lines = accepted_lines(standing, asked.language)
        return Saying(lines, kind="accepted", job_id=job_id)

    def _key(self, post: Post) -> str:
        key = f"{self._parts.inbox.place}/{post.id}"
        return key if len(key) <= LONGEST_KEY else hashlib.sha256(key.encode()).hexdigest()

    def _address(self, asked: Asked, style: str = "", doodle_labels: tuple[str, ...] = ()) -> Address:
        post = asked.post
        return Address(
            post=post.id,
            account=post.author.id,
            place=self._parts.inbox.place,
            author=(post.author.name or post.author.handle)[:80],
            visibility=post.visibility,
            warning=post.warning,
            sensitive=post.sensitive,
            labels=post.labels,
            language=asked.language,
            style=style,
            doodle_labels=doodle_labels,
        )


def accepted_lines(standing: Standing, language: str) -> tuple[str, ...]:
    """What is said at once of an accepted request: nothing when it will soon be there."""
    if standing.final or standing.eta_seconds is None or standing.eta_seconds <= WORTH_TELLING:
        return ()
    time = span(standing.eta_seconds, language)
    return (say(language, "job.accepted", place=(standing.ahead or 0) + 1, time=time),)
