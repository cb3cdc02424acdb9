"""Every kind of page that the site has, filled by people, pictures and words; painters are played."""

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import update

from bot.community import Community
from bot.community.tables import ChallengeRow
from bot.desk import Database, Desk
from bot.styles import house_styles
from bot.web.links import Link, make_link
from bot.web.server import WebServer
from bot.web.settings import DiscordApp, WebSettings
from bot.web.unlisted import unlisted_address
from tests.bot.web.conftest import SECRET, Person, Site
from tests.pictures import SAND, SEA, SKY, flat, painted, png
from worker.contract import JobQueue, PictureStore

EVIL = "\"'><img src=x onerror=alert(1)>"
LONG = "Rechtsschutzversicherungsgesellschaften und Donaudampfschifffahrt"  # no place to break it
SEND = """([action, fields]) => {
    const form = Object.assign(document.createElement("form"), { method: "post", action });
    for (const [name, value] of Object.entries(fields)) {
        form.append(Object.assign(document.createElement("textarea"), { name, value }));
    }
    document.body.append(form);
    form.submit();
}"""


@dataclass(frozen=True)
class View:
    """One page as one person sees it."""

    name: str
    path: str
    who: str = "alice"
    status: int = 200
    base: str = ""  # of another site than the filled one
    posted: dict[str, str] | None = None  # fields of a form that is sent there


@dataclass
class Every:
    """Running sites, who comes to them, and what there is to see."""

    address: str
    people: dict[str, Person]
    views: tuple[View, ...]
    contexts: list[BrowserContext] = field(default_factory=list)

    def context(self, browser: Browser, who: str, **kind: object) -> BrowserContext:
        """A browser of this person's."""
        context = browser.new_context(**kind)  # type: ignore[arg-type]
        if who in self.people:
            value = self.people[who].cookies["twobit"]
            context.add_cookies([{"name": "twobit", "value": value, "url": self.address}])
        self.contexts.append(context)
        return context

    def show(self, page: Page, view: View) -> None:
        """Open it. Raises AssertionError for another status than it should have."""
        base = view.base or self.address
        if view.posted is None:
            answer = page.goto(base + view.path)
            if view.status == 429 and answer is not None and answer.status != 429:
                answer = page.goto(base + view.path)  # that was the one look that a minute has
        else:
            page.goto(base)
            with page.expect_navigation() as navigation:
                page.evaluate(SEND, [view.path, view.posted])
            answer = navigation.value
        assert answer is not None
        assert answer.status == view.status, view.name
        page.wait_for_load_state("networkidle")


@contextmanager
def every(folder: Path, redis_url: str) -> Iterator[Every]:
    """Serve them all."""
    with ExitStack() as stack:
        filled = stack.enter_context(empty_site(folder / "filled", redis_url))
        views, people = _fill(filled)
        address = stack.enter_context(served(filled))
        empty = stack.enter_context(served(stack.enter_context(empty_site(folder / "empty", redis_url))))
        hurried = empty_site(folder / "hurried", redis_url, requests_per_minute=1)
        slow = stack.enter_context(served(stack.enter_context(hurried)))
        app = DiscordApp("1", "secret")
        signed = empty_site(folder / "signed", redis_url, open=False, discord=app, public_url="http://127.0.0.1")
        door = stack.enter_context(served(stack.enter_context(signed)))
        there = Every(address, people, (*views, *_elsewhere(empty, slow, door)))
        yield there
        for context in there.contexts:
            context.close()


def _elsewhere(empty: str, slow: str, door: str) -> tuple[View, ...]:
    return (
        View("an empty gallery", "/", "guest", base=empty),
        View("no challenge", "/challenges", "guest", base=empty),
        View("a style nobody painted in", "/style/coast-dusk", "guest", base=empty),
        View("nothing of one's own", "/me", "guest", base=empty),
        View("too often", "/api", "hasty", 429, base=slow),
        View("before signing in", "/", "nobody", base=door),
        View("the studio before signing in", "/studio/coast-dusk", "nobody", base=door),
        View("what signing in is for", "/me", "nobody", 401, base=door),
        View("only for who signed in", "/studio/new", "nobody", 401, base=door),
    )


def _fill(site: Site) -> tuple[tuple[View, ...], dict[str, Person]]:
    people = {name: site.visitor(f"web:{name}", name.title()) for name in ("alice", "bob", "moderator")}
    alice, bob, moderator = people.values()
    _past_challenge(site, alice, bob)
    begun = moderator.form("/moderation/challenge", title="Arches", prompt="Draw an arch over water.", days="7")
    challenge = begun.headers["location"]
    works = [_work(site, alice if number % 2 else bob, number) for number in range(9)]
    entered = _work(site, alice, 20, challenge=int(challenge.rsplit("/", 1)[1]))
    veiled = _work(site, alice, 21, nsfw=True)
    hidden = _work(site, bob, 22, title="Not this one")
    remix = _work(site, bob, 23, parent=works[1])
    for person in (bob, moderator):
        person.form(f"/work/{works[1]}/vote")
    for work, reason in (
        (hidden, "Copied from a magazine"),
        (works[3], f"{LONG}, and the words below it"),
        (veiled, "?"),
    ):
        moderator.form(f"/work/{work}/report", reason=reason)
    moderator.form("/moderation/act", act="hide", work=hidden)
    moderator.form("/moderation/act", act="ban", work=hidden, reason="Copies what others made")
    unlisted, unlisted_veiled = (_unlisted(site, alice, adult=adult) for adult in (False, True))
    own = _own_style(alice)
    alice.form("/me/token", name="A program of mine")
    kept = site.ask(alice, seed="79")
    site.paint(kept, house_styles()[0].picture.read_bytes())
    site.ask(alice, seed="77")
    failed = site.ask(alice, seed="78")
    alice.change("POST", f"/api/v1/jobs/{failed}/cancel")
    link = make_link(SECRET, "", Link("discord:7", "Bob", "discord", "channel:9", "coast-dusk"))
    maker = alice.get(f"/work/{works[1]}").text.partition('href="/by/')[2].partition('"')[0]
    return (
        View("gallery", "/", "stranger"),
        View("the best of a month", "/?order=top&period=month&style=coast-dusk"),
        View("nothing of that kind", "/?label=no-such-label", "stranger"),
        View("choosing a style", "/studio"),
        View("studio", "/studio/coast-dusk"),
        View("a remix begun", f"/studio/coast-dusk?from={works[0]}"),
        View("a style of one's own", "/studio/new"),
        View("studio of one's own style", own),
        View("style", "/style/coast-dusk"),
        View("page of one's own style", own.replace("/studio/", "/style/")),
        View("work", f"/work/{works[1]}", "stranger"),
        View("one's own work", f"/work/{works[1]}"),
        View("a work to moderate", f"/work/{works[1]}", "moderator"),
        View("a work reported", f"/work/{works[2]}?told=reported"),
        View("a remix", f"/work/{remix}"),
        View("behind a click", f"/work/{veiled}", "stranger"),
        View("of a challenge", f"/work/{entered}", "moderator"),
        View("hanging nowhere", unlisted, "stranger"),
        View("begun like it", f"/studio/coast-dusk?like={unlisted.removeprefix('/p/')}"),
        View("hanging nowhere, behind a click", unlisted_veiled, "stranger"),
        View("hanging nowhere any more", "/p/none", "stranger", 404),
        View("hidden", f"/work/{hidden}", "stranger", 410),
        View("hidden, to a moderator", f"/work/{hidden}", "moderator"),
        View("by somebody", f"/by/{maker}", "stranger"),
        View("challenges", "/challenges"),
        View("challenge", challenge),
        View("a past challenge", "/challenge/1"),
        View("me", "/me"),
        View("a painting of one's own", f"/painting/{kept}"),
        View("a wish that came to nothing", f"/painting/{failed}"),
        View("a painting gone on with", f"/studio/coast-dusk?painting={kept}"),
        View("moderation", "/moderation", "moderator"),
        View("api", "/api", "stranger"),
        View("a bot's link", link, "stranger"),
        View("a stale link", "/link?t=x", "stranger", 400),
        View("no such page", "/nowhere", "stranger", 404),
        View("no such work", "/work/none", "stranger", 404),
        View("a form out of date", "/me/token", status=403, posted={"token": "old", "name": "x"}),
        View("a form too large", "/me/token", status=413, posted={"token": "x" * 100_000}),
        View("no such filter", "/?order=best", "stranger", 400),
    ), people


def _unlisted(site: Site, client: Person, *, adult: bool) -> str:
    job_id = site.ask(client, seed="79")
    site.paint(job_id, house_styles()[2].picture.read_bytes())
    return unlisted_address(SECRET, "", job_id, adult=adult)


def _past_challenge(site: Site, alice: Person, bob: Person) -> None:
    challenges = site.community.challenges
    ends = site.desk.clock() + timedelta(hours=1)
    number = challenges.begin("web:moderator", "Old walls", "Anything with a wall.", ends=ends).id
    bob.form(f"/work/{_work(site, alice, 30, challenge=number)}/entry")
    with site.desk.database.write() as session:
        session.execute(update(ChallengeRow).values(ends_at=site.desk.clock() - timedelta(minutes=1)))
    challenges.close_due()


def _work(site: Site, client: Person, number: int, parent: str = "", **said: object) -> str:
    """A published work; its painting is that of some house style."""
    styles = house_styles()
    style = "coast-dusk" if number < 3 or number > 19 else styles[number % len(styles)].slug
    fields = {"style": style, "seed": str(number), **({"parent": parent} if parent else {})}
    job_id = site.ask(client, **fields)
    picture = styles[(number * 3 + 1) % len(styles)].picture.read_bytes()
    site.paint(job_id, picture)
    title = {1: f"Arch {EVIL}", 5: LONG}.get(number, f"Arch {number}")
    return site.publish(client, job_id, **{"title": title, "author": client.person[4:].title(), **said})


def _own_style(client: Person) -> str:
    style_map = flat(256, 192, [SKY, SEA, SAND])
    labels = [{"name": f"up {EVIL}", "colour": "#508ce6"}, {"name": "middle", "colour": "#143c78"}]
    labels.append({"name": "down", "colour": "#e6c878"})
    files = {"picture": png(painted(style_map)), "map": png(style_map)}
    said = {"name": f"My bay, {LONG}", "labels": json.dumps(labels)}
    return str(client.change("POST", "/api/v1/styles", data=said, files=files).json()["studio"])


@contextmanager
def empty_site(folder: Path, redis_url: str, **said: object) -> Iterator[Site]:
    """A site of its own with these settings."""
    folder.mkdir(parents=True)
    database = Database(f"sqlite:///{folder / 'every.sqlite3'}")
    database.migrate()
    desk = Desk(database, PictureStore((folder / "pictures").as_uri()), JobQueue.at(redis_url))
    settings = {
        "secret": SECRET,
        "open": True,
        "moderators": frozenset({"web:moderator"}),
        "requests_per_minute": 10_000,
        "paints_per_minute": 600,
        "acts_per_minute": 600,
        **said,
    }
    yield Site(Community(desk), WebSettings(**settings))  # type: ignore[arg-type]
    database.close()


@contextmanager
def served(site: Site, port: int = 0) -> Iterator[str]:
    """Its address, over real HTTP."""
    server = WebServer(site.community, site.settings, "127.0.0.1", port)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.stop()
    thread.join()
