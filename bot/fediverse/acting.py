"""Commands: what each word does. All of them may be done twice: a crash can come between the act and the answer."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from bot.community import LibraryStyle, Publication, Work
from bot.community.labels import label_names, naming_of
from bot.community.sheets import sheet_of
from bot.community.works import Works
from bot.desk import Recipe, RefusedError, Standing, UnknownJobError
from bot.fediverse.address import address_from
from bot.fediverse.answering import Saying, Shown
from bot.fediverse.challenges import challenge_of
from bot.fediverse.commands import Act, Heard, style_named
from bot.fediverse.inbox import Said
from bot.fediverse.parts import Parts
from bot.fediverse.platform import Post
from bot.fediverse.words import language_of, say, span

PAINTING_ABOVE = (0.0, 0.6)  # a sheet is tall, its painting at the top
SHORT = 12  # characters of a digest that are told


@dataclass(frozen=True, slots=True)
class Asked:
    """A post of a person, and our post that it replies to."""

    post: Post
    person: str
    heard: Heard
    replied_to: Said | None
    deletes: str | None = None  # the job that an earlier try of the same has begun to delete

    @property
    def language(self) -> str:
        """To answer in."""
        return language_of(self.post.language)


class Acting:
    """Does what a command asks for and says what came of it."""

    def __init__(self, parts: Parts) -> None:
        """Nothing is done yet."""
        self._parts = parts
        self._acts: dict[Act, Callable[[Asked], Saying]] = {
            "styles": self._styles,
            "show": self._show,
            "help": lambda asked: _said(say(asked.language, "say.help")),
            "publish": self._publish,
            "unpublish": self._unpublish,
            "delete": self._delete,
            "forget": self._forget,
            "cancel": self._cancel,
            "recipe": self._recipe,
            "where": self._where,
            "report": self._report,
            "stop": self._stop,
            "start": self._start,
        }

    def knows(self, act: Act | None) -> bool:
        """False for those that ask for a painting."""
        return act in self._acts

    def act(self, asked: Asked) -> Saying:
        """Raises RefusedError, UnknownJobError, OutOfReachError, PlatformError."""
        assert asked.heard.act is not None
        return self._acts[asked.heard.act](asked)

    def target(self, asked: Asked) -> str:
        """The job that the post is about: that of the painting it replies to, else the person's last painting."""
        if asked.replied_to is not None and asked.replied_to.job_id is not None:
            return asked.replied_to.job_id
        jobs = [one for one in self._parts.desk.last_jobs(asked.person) if one.kind == "paint"]
        if not jobs:
            raise RefusedError(say(asked.language, "trouble.no_painting"))
        return jobs[0].job_id

    def _named(self, asked: Asked) -> str:
        """For what can't be taken back, and after a crash would hit another: only the painting replied to."""
        if asked.replied_to is None or asked.replied_to.job_id is None:
            raise RefusedError(say(asked.language, "trouble.which_painting"))
        return asked.replied_to.job_id

    def _styles(self, asked: Asked) -> Saying:
        names = ", ".join(style.slug for style in self._parts.community.styles.visible(asked.person))
        return _said(say(asked.language, "say.styles", styles=names))

    def _show(self, asked: Asked) -> Saying:
        styles = self._parts.community.styles.visible(asked.person)
        style = style_named(asked.heard.rest, styles)
        if style is None:
            names = ", ".join(one.slug for one in styles)
            raise RefusedError(
                say(asked.language, "trouble.unknown_style", name=asked.heard.rest[:40] or "?", styles=names)
            )
        return self._sheet(style, asked.language)

    def _sheet(self, style: LibraryStyle, language: str) -> Saying:
        data = self._parts.community.styles.data(style)
        made = sheet_of(style, data, f"paint {style.slug}")
        names = label_names([label.name for label in style.labels], naming_of(style), language)
        labels = ", ".join(f"{name} {label.colour}" for name, label in zip(names, style.labels, strict=True))
        text = say(language, "say.show", name=style.name, slug=style.slug, credit=style.credit)
        alt = say(language, "say.sheet_alt", style=style.name, labels=labels)
        template = Shown(made.template, say(language, "say.template_alt"))
        return Saying((text,), pictures=(Shown(made.sheet, alt, PAINTING_ABOVE), template))

    def _publish(self, asked: Asked) -> Saying:
        job_id = self._named(asked)
        recipe = self._parts.desk.recipe(job_id)
        self._only_owner(asked, recipe.person)
        challenge = challenge_of(self._parts, asked.post)
        link = publish(self._parts, recipe, title=asked.heard.rest[:120], challenge=challenge)
        return _said(say(asked.language, "say.published", link=link or "").strip(), job_id=job_id)

    def _unpublish(self, asked: Asked) -> Saying:
        job_id = self._named(asked)
        work = self._parts.community.gallery.of_job(job_id)
        if work is not None:
            self._only_owner(asked, work.person)
            self._works.unpublish(work.id, asked.person)
        # Of a job past its time only the work was left: an answer about a job that is not there would go, see Inbox.
        about = job_id if self._there(job_id) else None
        return _said(say(asked.language, "say.unpublished"), job_id=about)

    def _delete(self, asked: Asked) -> Saying:
        """The mention keeps what it was about: after a crash neither the inbox nor the network may know it."""
        job_id = asked.deletes or self._named(asked)
        owner = self._owner(job_id)
        if owner is not None:
            self._only_owner(asked, owner)
        self._parts.inbox.deletes(asked.post.id, job_id)
        with suppress(UnknownJobError):  # gone already: by ourselves a moment ago, or elsewhere
            self._parts.community.privacy.delete_job(job_id, asked.person)
        self._parts.inbox.no_more(job_id, asked.person)
        return _said(say(asked.language, "say.deleted"))

    def _forget(self, asked: Asked) -> Saying:
        self._parts.inbox.nameless(asked.post.id)
        self._parts.community.privacy.delete(asked.person)
        return _said(say(asked.language, "say.forgotten"))

    def _cancel(self, asked: Asked) -> Saying:
        """The painting replied to, else all that wait: asked again, it finds them cancelled."""
        named = None if asked.replied_to is None else asked.replied_to.job_id
        chosen = [one for one in self._open_jobs(asked.person) if named in (None, one.job_id)]
        for one in chosen:
            self._parts.desk.cancel(one.job_id, asked.person)
            self._parts.desk.fetched(one.job_id)  # this answer tells it
        if chosen or (named is not None and self._standing_is(named, "cancelled")):
            return _said(say(asked.language, "say.cancelled"))
        last = self._parts.desk.last_jobs(asked.person, limit=1)
        known = named is None and bool(last) and last[0].state == "cancelled"
        return _said(say(asked.language, "say.cancelled" if known else "say.nothing_to_cancel"))

    def _standing_is(self, job_id: str, state: str) -> bool:
        try:
            return self._parts.desk.standing(job_id).state == state
        except UnknownJobError:
            return False

    def _there(self, job_id: str) -> bool:
        try:
            self._parts.desk.standing(job_id)
        except UnknownJobError:
            return False
        return True

    def _open_jobs(self, person: str) -> list[Standing]:
        return [one for one in self._parts.desk.last_jobs(person, limit=100) if not one.final]

    def _recipe(self, asked: Asked) -> Saying:
        job_id = self.target(asked)
        recipe = self._parts.desk.recipe(job_id)
        work = self._parts.community.gallery.of_job(job_id)
        if work is None or work.hidden:
            self._only_owner(asked, recipe.person)
        style = self._parts.community.styles.of_job(recipe.style_key)
        options = recipe.options
        text = say(
            asked.language,
            "say.recipe",
            style=say(asked.language, "job.own_style") if style is None else style.name,
            method=options.method,
            preset=options.preset,
            seed=options.seed,
            alpha=f"{options.alpha:g}",
            beta=f"{options.beta:g}",
            gamma=f"{options.gamma:g}",
            doodle=recipe.doodle[:SHORT],
            picture=recipe.style[:SHORT],
            map=recipe.style_map[:SHORT],
        )
        link = recipe_link(self._parts, recipe, work)
        lines = [text, *([say(asked.language, "job.recipe", link=link)] if link else [])]
        return Saying(tuple(lines), job_id=job_id)

    def _where(self, asked: Asked) -> Saying:
        language = asked.language
        waiting = self._open_jobs(asked.person)
        if not waiting:
            return _said(say(language, "say.where_nothing"))
        one = waiting[-1]
        eta = one.eta_seconds
        time = say(language, "say.unknown_time") if eta is None else span(eta, language)
        if one.state == "queued":
            return _said(say(language, "say.where_queued", place=(one.ahead or 0) + 1, time=time))
        done = 0.0 if one.progress is None else one.progress.done
        return _said(say(language, "say.where_running", done=f"{done:.0%}", time=time))

    def _report(self, asked: Asked) -> Saying:
        work = self._parts.community.gallery.of_job(self._named(asked))
        if work is None:
            raise RefusedError(say(asked.language, "trouble.not_in_gallery"))
        self._parts.community.reports.report(work.id, asked.person, asked.heard.rest[:400] or "-")
        return _said(say(asked.language, "say.reported"))

    def _stop(self, asked: Asked) -> Saying:
        self._parts.inbox.set_silent(asked.person, silent=True)
        for one in self._open_jobs(asked.person):
            self._parts.desk.cancel(one.job_id, asked.person)
        return _said(say(asked.language, "say.stopped"))

    def _start(self, asked: Asked) -> Saying:
        self._parts.inbox.set_silent(asked.person, silent=False)
        return _said(say(asked.language, "say.started"))

    @property
    def _works(self) -> Works:
        return self._parts.community.works

    def _owner(self, job_id: str) -> str | None:
        """Of a painting, or of the work that is left of it past its time; None when there is neither."""
        try:
            return self._parts.desk.standing(job_id).person
        except UnknownJobError:
            work = self._parts.community.gallery.of_job(job_id)
            return None if work is None else work.person

    def _only_owner(self, asked: Asked, owner: str) -> None:
        if owner != asked.person:
            raise RefusedError(say(asked.language, "trouble.not_yours"))


def publish(parts: Parts, recipe: Recipe, *, title: str = "", challenge: int | None = None) -> str | None:
    """Hang a painting in the gallery, once; returns its page. Raises RefusedError."""
    try:
        address = address_from(recipe.address)
    except ValueError:
        address = None
    said = Publication(title=title, challenge=challenge)
    if address is not None:
        said = Publication(
            author=address.author[:80],
            title=title,
            nsfw=address.adult,
            labels=address.doodle_labels,
            challenge=challenge,
        )
    return parts.work_link(parts.community.works.publish(recipe.job_id, recipe.person, said).id)


def recipe_link(parts: Parts, recipe: Recipe, work: Work | None) -> str | None:
    """The page that shows the recipe: the work's, else one that only who is given its address finds."""
    if recipe.hidden if work is None else work.hidden:
        return None
    if work is not None:
        return parts.work_link(work.id)
    adult = recipe.nsfw or parts.community.gallery.adult(recipe.remix_of)
    try:
        adult = adult or address_from(recipe.address).veiled
    except ValueError:
        adult = True  # nobody says that it is not
    return parts.painting_link(recipe.job_id, adult=adult)


def _said(text: str, job_id: str | None = None) -> Saying:
    return Saying((text,), job_id=job_id)
