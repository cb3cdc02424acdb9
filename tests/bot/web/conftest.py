"""A site on real services, in this process; workers are played by events, as in tests of the desk."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.responses import Response
from starlette.testclient import TestClient

from bot.community import Community
from bot.desk import Database, Desk
from bot.desk.dispatch import dispatch
from bot.desk.settle import settle
from bot.styles import house_style
from bot.web.server import site
from bot.web.session import Sessions
from bot.web.settings import WebSettings
from tests.pictures import png
from worker.contract import Done, JobQueue, PictureStore

SECRET = b"a secret of the tests, 32 bytes."
STYLE = house_style("coast-dusk")
DOODLE = STYLE.doodle.read_bytes()
ADDRESS = "http://127.0.0.1"


class Person(TestClient):
    """A browser with a session of its own."""

    person: str
    token: str

    def change(self, method: str, path: str, **said: Any) -> Any:
        """A request of a page's script, with the page's token."""
        return self.request(method, path, headers={"x-csrf-token": self.token}, **said)

    def form(self, path: str, **fields: str) -> Any:
        """A page's form, with the page's token."""
        return self.post(path, data={"token": self.token, **fields})


class Site:
    """The application, who comes to it, and the painter."""

    def __init__(self, community: Community, settings: WebSettings) -> None:
        self.community = community
        self.desk = community.desk
        self.settings = settings
        self.app = site(community, settings)
        self.sessions = Sessions(settings)

    def stranger(self) -> TestClient:
        """Nobody yet."""
        return TestClient(self.app, base_url=ADDRESS, follow_redirects=False)

    def visitor(self, person: str, name: str = "Alice") -> Person:
        """Somebody who is signed in."""
        visitor = self.sessions.sign_in(self.sessions.first(), person, name)
        response = Response()
        self.sessions.write(response, visitor)
        client = Person(self.app, base_url=ADDRESS, follow_redirects=False)
        cookie = response.headers["set-cookie"].split(";")[0].partition("=")
        client.cookies.set(cookie[0], cookie[2])
        client.person, client.token = person, self.sessions.form_token(visitor)
        return client

    def ask(self, client: Person, **fields: str) -> str:
        """A job; its id."""
        said = {"style": "coast-dusk", "preset": "draft", **fields}
        doodle = house_style(said["style"]).doodle.read_bytes()
        answer = client.change("POST", "/api/v1/jobs", data=said, files={"doodle": ("d.png", doodle, "image/png")})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def paint(self, job_id: str, picture: bytes | None = None) -> None:
        """What a worker would do."""
        picture = picture or png(np.full((48, 64, 3), len(job_id) * 7 + ord(job_id[0]) % 90, np.uint8))
        dispatch(self.desk.database, self.desk.queue, self.desk.clock, self.desk.rules)
        attempt = self.desk.standing(job_id).attempt
        digest = self.desk.store.put(picture)
        event = Done(job_id=job_id, attempt=attempt, worker="w", result=digest, width=64, height=48, seconds=1.0)
        with self.desk.database.write() as session:
            settle(session, event, self.desk.clock(), self.desk.rules)
        self.desk.queue.withdraw(f"{job_id}-{attempt}")

    def publish(self, client: Person, job_id: str | None = None, **said: object) -> str:
        """A work of this person; its id."""
        if job_id is None:
            job_id = self.ask(client)
            self.paint(job_id)
        answer = client.change("POST", f"/api/v1/jobs/{job_id}/publish", json={"title": "Arch", "author": "A", **said})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database, made once."""
    path = tmp_path_factory.mktemp("web") / "empty.sqlite3"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    database.close()
    return path


@pytest.fixture
def web_community(migrated: Path, tmp_path: Path, redis_url: str) -> Iterator[Community]:
    """A community on SQLite: both databases are tested with the desk and the community."""
    shutil.copy(migrated, tmp_path / "web.sqlite3")
    database = Database(f"sqlite:///{tmp_path / 'web.sqlite3'}")
    desk = Desk(database, PictureStore((tmp_path / "pictures").as_uri()), JobQueue.at(redis_url))
    yield Community(desk)
    database.close()


@pytest.fixture
def make_site(web_community: Community) -> Callable[..., Site]:
    """A site with these settings."""

    def make(**settings: object) -> Site:
        said = {"secret": SECRET, "local_person": "cli:alice", "requests_per_minute": 10_000, **settings}
        return Site(web_community, WebSettings(**said))  # type: ignore[arg-type]

    return make


@pytest.fixture
def open_site(make_site: Callable[..., Site]) -> Site:
    """One where anybody may paint."""
    return make_site(open=True, moderators=frozenset({"web:moderator", "web:second"}), paints_per_minute=600)
