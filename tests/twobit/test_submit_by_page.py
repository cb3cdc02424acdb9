"""`twobit submit` by the API of a running page: what is sent, what is told, and when it goes another way."""

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.community import Community
from bot.desk import OutOfReachError, RefusedError, Request
from bot.web.server import WebServer
from bot.web.settings import WebSettings
from tests.bot.web.conftest import SECRET, Site, migrated, web_community
from tests.pictures import write_scene
from twobit.asking import AtDesk, AtPage, Service
from twobit.commands.submit import service_for, submit
from twobit.errors import BadInputError, CommandError, OutOfReachServiceError
from twobit.page import Page
from twobit.settings import SERVE_FILE, ServiceSettings
from worker.contract import PaintOptions
from worker.contract.options import MapOptions

__all__ = ["migrated", "web_community"]
Serve = Callable[..., str]
NAMES = {"#508ce6": "sky", "#143c78": "the deep"}
PageAt = Callable[..., Page]


@pytest.fixture
def serve(web_community: Community) -> Iterator[Serve]:
    """Serves the community's page with these settings; its address."""
    servers: list[tuple[WebServer, threading.Thread]] = []

    def start(**said: object) -> str:
        settings = WebSettings(secret=SECRET, local_person="cli:alice", **said)  # type: ignore[arg-type]
        server = WebServer(web_community, settings, "127.0.0.1", 0)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.port}"

    yield start
    for server, thread in servers:
        server.stop()
        thread.join()


@pytest.fixture
def page_at() -> Iterator[PageAt]:
    """Pages that are closed in the end."""
    with contextlib.ExitStack() as stack:
        yield lambda *said: stack.enter_context(contextlib.closing(Page(*said)))


@pytest.fixture
def request_(tmp_path: Path) -> Request:
    """A wish as the command makes it."""
    scene = write_scene(tmp_path / "scene")
    options = PaintOptions(width=96, height=72, seed=7, maps=MapOptions(smooth=1.5))
    pictures = {role: getattr(scene, role).read_bytes() for role in ("style", "style_map", "doodle")}
    return Request(
        **pictures, options=options, address=str(tmp_path / "out.png"), request_key="once", label_names=NAMES
    )


def play_worker(site: Site, picture: bytes) -> threading.Thread:
    """Paints the one job that comes."""

    def paint() -> None:
        for _ in range(400):
            jobs = site.desk.last_jobs("cli:alice")
            if jobs:
                site.paint(jobs[0].job_id, picture)
                return
            time.sleep(0.02)

    thread = threading.Thread(target=paint)
    thread.start()
    return thread


def test_a_painting_comes_by_http_with_every_choice_and_every_byte(
    serve: Serve, page_at: PageAt, web_community: Community, request_: Request, capsys: pytest.CaptureFixture[str]
) -> None:
    page = page_at(serve())
    assert page.knows_us()
    worker = play_worker(Site(web_community, WebSettings(secret=SECRET)), request_.doodle)
    submit(AtPage(page), request_)
    worker.join()
    (job,) = web_community.desk.last_jobs("cli:alice")
    recipe = web_community.desk.recipe(job.job_id)
    assert recipe.options == request_.options
    assert recipe.label_names == NAMES
    assert web_community.desk.store.get(recipe.style) == request_.style  # as it was sent, not written anew
    assert Path(request_.address).read_bytes() == request_.doodle
    assert not web_community.desk.owes(job.job_id)
    said = capsys.readouterr()
    assert f"job {job.job_id} accepted" in said.err
    assert "out.png  64x48, painted in 1 s" in said.out
    assert page.submit(request_) == job.job_id  # the same key is the same job


def test_what_is_refused_and_what_fails_ends_with_its_own_code(
    serve: Serve, page_at: PageAt, web_community: Community, request_: Request, tmp_path: Path
) -> None:
    page = AtPage(page_at(serve()))
    with pytest.raises(BadInputError, match="no picture"):
        submit(page, replace(request_, doodle=b"text", names={"doodle": "mine.png"}))
    job_id = page.accept(request_)
    web_community.desk.cancel(job_id, by=None)
    with pytest.raises(CommandError, match="cancelled") as cancelled:
        submit(page, request_)
    assert cancelled.value.code == 1
    web_community.privacy.delete_job(job_id, None)
    with pytest.raises(RefusedError, match="no job"):
        page.standing(job_id)
    gone = AtPage(page_at("http://127.0.0.1:9"))
    with pytest.raises(OutOfReachServiceError, match="does not answer"):
        submit(gone, request_)
    with pytest.raises(OutOfReachError):
        gone.standing(job_id)


def test_files_are_taken_as_they_are_at_the_services_own_machine_only(
    serve: Serve, page_at: PageAt, web_community: Community, request_: Request
) -> None:
    address = serve(open=True)
    assert not page_at(address).knows_us()  # a stranger among many
    token = Site(web_community, WebSettings(secret=SECRET)).app.state.parts.tokens.make("web:bob", "shell")
    page = page_at(address, token)
    assert page.knows_us()
    job_id = page.submit(request_)
    recipe = web_community.desk.recipe(job_id)
    assert recipe.person == "web:bob"
    assert recipe.options == request_.options
    with pytest.raises(RefusedError, match="as_is"):
        page._json("POST", "/api/v1/jobs", data={"as_is": "yes"}, files={"doodle": request_.doodle})


def test_which_way_is_taken(serve: Serve, request_: Request, tmp_path: Path, redis_url: str) -> None:
    address = serve()
    settings = ServiceSettings(data=tmp_path)

    def known(**said: str) -> None:
        there = {"page": address, "redis_url": redis_url, "lasting": settings.lasting, **said}
        (tmp_path / SERVE_FILE).write_text(json.dumps(there))

    def way(request: Request, settings: ServiceSettings) -> type[Service]:
        with contextlib.closing(service_for(request, settings)) as service:
            return type(service)

    assert way(request_, settings) is AtDesk  # nothing serves
    known()
    assert way(request_, settings) is AtPage
    large = replace(request_, options=PaintOptions(width=4096, height=3072))
    assert way(large, settings) is AtDesk  # more than a page takes
    elsewhere = ServiceSettings(data=tmp_path, database_url=f"sqlite:///{tmp_path / 'other.sqlite3'}")
    assert way(request_, elsewhere) is AtDesk
    known(page="http://127.0.0.1:9")
    assert way(request_, settings) is AtDesk  # killed: what it wrote down is still there
    assert way(request_, ServiceSettings(data=tmp_path, page=address)) is AtPage
