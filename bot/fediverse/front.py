"""A network as a front of the desk: the end of a job becomes one reply in its thread."""

import structlog

from bot.community import NotThereError
from bot.community.labels import label_names, naming_of_key
from bot.community.reasons import why_not
from bot.desk import Delivery, FrontError, RefusedError, Standing, UnknownJobError
from bot.desk.reading import BUSY, named
from bot.fediverse.acting import publish, recipe_link
from bot.fediverse.address import Address, address_from
from bot.fediverse.answering import NO_WIDER, Saying, Shown, TooLargeError, fitting, pictures_of
from bot.fediverse.inbox import Said
from bot.fediverse.parts import Parts
from bot.fediverse.platform import PlatformError, Post, Reply
from bot.fediverse.words import say, span
from worker.contract import PictureError

log = structlog.get_logger(__name__)

MOST_LABELS = 12  # named in an alt text


class FediverseFront:
    """See bot.desk.Front. Its calls block and may come from several threads."""

    def __init__(self, parts: Parts) -> None:
        """`parts.platform` says which network."""
        self.name = parts.front
        self._parts = parts

    def announce(self, address: str, standing: Standing) -> None:
        """The mention's own reply says it, see bot.fediverse.asking."""

    def progress(self, address: str, standing: Standing) -> None:
        """A timeline is no place for it; whoever wants to know asks with `queue`."""

    def deliver(self, delivery: Delivery, painting: bytes | None) -> None:
        """Reply with the painting, or with the sentence why there is none. Raises FrontError."""
        try:
            address = address_from(delivery.address)
        except ValueError as error:
            raise FrontError(f"this address can't be read: {error}", permanent=True) from error
        try:
            self._hand_over(delivery, address, painting)
        except PlatformError as error:
            raise FrontError(str(error), permanent=error.permanent) from error
        except FrontError:
            raise
        except Exception as error:  # the delivery's edge: the claim is given back at once, with the reason
            log.exception("delivery_broke", job=delivery.standing.job_id)
            raise FrontError(f"{type(error).__name__}: {error}", permanent=False) from error

    def _hand_over(self, delivery: Delivery, address: Address, painting: bytes | None) -> None:
        standing, inbox = delivery.standing, self._parts.inbox
        if address.place != inbox.place:
            raise FrontError(f"that was asked of {address.place}, and we are {inbox.place} now", permanent=True)
        if any(said.kind == "end" for said in inbox.said_of_job(standing.job_id)):
            return  # told already, by a process that died before it could say so
        if inbox.silent(standing.person):
            raise FrontError("the person wants to hear nothing from us", permanent=True)
        post = self._parts.platform.post(address.post)  # gone: nobody waits for the answer any more
        saying = self._saying(standing, address, painting)
        reply = self._reply(post, address, saying)
        key, mark = f"job-{standing.job_id}", say("en", "job.mark", job=standing.job_id)
        sent = self._parts.platform.reply(reply, key, look=delivery.token > 1, mark=mark)
        inbox.say(Said(sent, standing.person, address.post, "end", standing.job_id))
        log.info("posted", job=standing.job_id, state=standing.state)

    def _reply(self, post: Post, address: Address, saying: Saying) -> Reply:
        platform = self._parts.platform
        limits = platform.limits()
        pictures, lines = saying.pictures, saying.lines
        try:
            shown = pictures_of(pictures, limits)
        except TooLargeError:
            shown, lines = (), (*lines[:1], say(address.language, "trouble.too_large"))
        return Reply(
            to=post.id,
            text=fitting(platform.mention_of(post.author), lines, limits.letters, saying.mark),
            visibility=NO_WIDER[post.visibility],
            warning=address.warning,
            sensitive=address.sensitive,
            labels=address.labels,
            language=address.language,
            pictures=shown,
        )

    def _saying(self, standing: Standing, address: Address, painting: bytes | None) -> Saying:
        language = address.language
        mark = say(language, "job.mark", job=standing.job_id)
        if standing.state == "cancelled":
            return Saying((say(language, "job.cancelled"),), mark)
        if standing.state != "done" or painting is None:
            return Saying((say(language, "job.failed", reason=why_not(standing, language)),), mark)
        if standing.kind == "suggest":
            return _map(language, mark, painting)
        return self._painting(standing, address, painting, mark)

    def _painting(self, standing: Standing, address: Address, painting: bytes, mark: str) -> Saying:
        language = address.language
        recipe = self._parts.desk.recipe(standing.job_id)
        name = address.style or say(language, "job.own_style")
        values = {"width": standing.width, "height": standing.height, "seed": recipe.options.seed}
        time = span(standing.seconds or 0.0, language)
        lines = [say(language, "job.done", style=name, time=time, **values)]
        style = self._parts.community.styles.of_job(recipe.style_key)
        if style is not None and style.credit:
            lines.append(say(language, "job.credit", credit=style.credit))
        lines += self._challenge(standing, address)
        link = recipe_link(self._parts, recipe, self._parts.community.gallery.of_job(standing.job_id))
        if link:
            lines.append(say(language, "job.recipe", link=link))
        lines.append(say(language, "job.how"))
        naming = naming_of_key(recipe.style_key)
        labels = ", ".join(label_names(address.doodle_labels[:MOST_LABELS], naming, language))
        key = "job.alt_full" if labels else "job.alt"
        alt = say(language, key, style=name, labels=labels, seed=recipe.options.seed)
        return Saying(tuple(lines), mark, (Shown(painting, alt),))

    def _challenge(self, standing: Standing, address: Address) -> list[str]:
        """A post with a challenge's hashtag takes part."""
        if address.challenge is None:
            return []
        try:
            title = self._parts.community.challenges.get(address.challenge).title
            publish(self._parts, self._parts.desk.recipe(standing.job_id), challenge=address.challenge)
        except (RefusedError, NotThereError, UnknownJobError) as error:  # it has ended meanwhile, or a ban
            log.info("not_entered", job=standing.job_id, reason=str(error)[:200])
            return []
        return [say(address.language, "job.entered", title=title)]


def _map(language: str, mark: str, png: bytes) -> Saying:
    """A suggested map."""
    try:
        found = [name for name, _ in named(png, "The suggested map", stored=True).labels]
        labels = ", ".join(label_names(found, "colour", language))
    except PictureError as error:
        if error.code == BUSY:
            raise  # it is told a moment later
        labels = "?"
    return Saying((say(language, "job.map_done"),), mark, (Shown(png, say(language, "job.map_alt", labels=labels)),))
