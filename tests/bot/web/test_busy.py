"""Where nobody is free to read a picture, the page says that, and not that the picture is at fault."""

import threading
from collections.abc import Iterator
from typing import Any, TypeVar

import pytest

from bot.desk import reading
from bot.desk.questions import Check, Question, Tells, Thumb
from bot.web.thumbs import Thumbs
from tests.bot.web.conftest import DOODLE, Site
from worker.contract import PictureError

T = TypeVar("T")


class BusyFor:
    """Has no time for some questions."""

    def __init__(self, *kinds: type[Question[Any]]) -> None:
        self.kinds = kinds

    def ask(self, question: Question[T]) -> T:
        if not self.kinds or isinstance(question, self.kinds):
            raise reading.busy(question.called)
        return reading.HERE.ask(question)


@pytest.fixture(autouse=True)
def here_again() -> Iterator[None]:
    yield
    reading.use(reading.HERE)


def send(site: Site) -> Any:
    return site.visitor("web:a").change("POST", "/api/v1/pictures", files={"picture": ("d.png", DOODLE, "image/png")})


def check_told(answer: Any, name: str) -> None:
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) >= 1
    assert answer.json()["error"] == {
        "code": "busy",
        "message": f"{name} can't be read just now: try again in a moment.",
    }


def test_a_picture_that_nobody_is_free_to_read(open_site: Site) -> None:
    reading.use(BusyFor())
    check_told(send(open_site), "The picture")


def test_a_wish_that_nobody_is_free_to_check(open_site: Site) -> None:
    reading.use(BusyFor(Check))
    client = open_site.visitor("web:a")
    files = {"doodle": ("d.png", DOODLE, "image/png")}
    answer = client.change("POST", "/api/v1/jobs", data={"style": "coast-dusk"}, files=files)
    check_told(answer, "One of the pictures")


@pytest.mark.parametrize(("asked", "kind"), [("?width=160", Thumb), ("", Tells)])
def test_a_stored_picture_that_nobody_is_free_to_read(open_site: Site, asked: str, kind: type[Question[Any]]) -> None:
    digest = send(open_site).json()["digest"]
    reading.use(reading.HERE, BusyFor(kind))
    answer = open_site.visitor("web:a").get(f"/picture/{digest}{asked}")
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) >= 1
    assert answer.text == "The picture can't be read just now: try again in a moment."
    reading.use(reading.HERE)
    assert open_site.visitor("web:a").get(f"/picture/{digest}{asked}").status_code == 200


def test_a_thumbnail_waits_for_its_turn_no_longer_than_a_while() -> None:
    began, go_on = threading.Semaphore(0), threading.Event()
    made: list[bytes] = []

    def fetched(digest: str) -> bytes:
        began.release()
        assert go_on.wait(60)
        return DOODLE

    thumbs = Thumbs(fetched, wait_seconds=0.05)
    threads = [threading.Thread(target=lambda: made.append(thumbs.thumb("held", 160, "webp"))) for _ in range(2)]
    for thread in threads:
        thread.start()
        assert began.acquire(timeout=60)
    try:
        with pytest.raises(PictureError) as told:
            thumbs.thumb("another", 160, "webp")
    finally:
        go_on.set()
    assert told.value.code == reading.BUSY
    for thread in threads:
        thread.join(60)
    assert len(made) == 2
    assert thumbs.thumb("another", 160, "webp")


def test_a_picture_at_fault_is_still_refused(open_site: Site) -> None:
    files = {"picture": ("d.png", b"no picture", "image/png")}
    answer = open_site.visitor("web:a").change("POST", "/api/v1/pictures", files=files)
    assert answer.status_code == 400
    assert "send PNG" in answer.json()["error"]["message"]
