"""A suggestion on a real painter process: the stub for the way, the engine for the map."""

from pathlib import Path

import numpy as np
import pytest

from tests import stub_painter
from tests.pictures import SAND, SEA, SKY, flat, painted, png
from tests.worker.test_session import session, told
from worker.allowed import ForbiddenJobError, allow_only
from worker.contract import Done, Failed, SuggestJob, SuggestOptions, UnknownVersionError, task_from_json
from worker.contract.job import Job
from worker.contract.maps.named import read_named
from worker.contract.queue import PAINT
from worker.engine_painter import EnginePainter
from worker.painter import PaintingFailed, Subject
from worker.session import Session

__all__ = ["session"]  # the fixture

PICTURE = png(painted(flat(96, 72, [SKY, SEA, SAND])))


def suggest_job(session: Session, labels: int | None = None, picture: bytes = PICTURE) -> SuggestJob:
    job = SuggestJob(
        id="bbbbbbbb", attempt=1, picture=session.store.put(picture), options=SuggestOptions(labels=labels)
    )
    session.queue.put(job)
    return job


def test_a_map_is_stored_and_told(session: Session) -> None:
    session.run(suggest_job(session).model_dump_json())
    last = told(session)[-1]
    assert isinstance(last, Done)
    assert session.store.get(last.result) == PICTURE  # the stub gives the picture back


def test_a_dead_painter_and_a_missing_picture_are_told(session: Session) -> None:
    session.run(suggest_job(session, stub_painter.SUGGEST_DIES).model_dump_json())
    last = told(session)[-1]
    assert isinstance(last, Failed)
    assert last.failure == "crashed"
    job = suggest_job(session).model_copy(update={"picture": "ef" * 32})
    session.run(job.model_dump_json())
    last = told(session)[-1]
    assert isinstance(last, Failed)
    assert last.failure == "resource"


def test_a_cancelled_suggestion_is_not_begun(session: Session) -> None:
    job = suggest_job(session)
    session.queue.forbid(job.id)
    session.run(job.model_dump_json())
    assert told(session) == []


def test_a_worker_of_another_release_refuses_it_clearly() -> None:
    job = SuggestJob(id="bbbbbbbb", attempt=1, picture="ab" * 32)
    assert task_from_json(job.model_dump_json()) == job
    with pytest.raises(UnknownVersionError, match="run the same release"):
        task_from_json(job.model_dump_json().replace('"version":3', '"version":4'))

    class Queued(allow_only({PAINT: print})):  # type: ignore[misc]
        func_name = "twobit.suggest"

        def __init__(self) -> None: ...

    with pytest.raises(ForbiddenJobError, match=r"twobit\.suggest"):
        _ = Queued().func


def test_a_painting_is_still_a_painting() -> None:
    job = Job(id="bbbbbbbb", attempt=1, style="ab" * 32, style_map="ab" * 32, doodle="ab" * 32)
    assert task_from_json(job.model_dump_json()) == job


def test_the_engine_gives_a_map_with_names(tmp_path: Path) -> None:
    painter = EnginePainter(device="cpu")
    job = SuggestJob(id="bbbbbbbb", attempt=1, picture="ab" * 32, options=SuggestOptions(labels=3))
    found = painter.suggest(job, Subject(PICTURE))
    named = read_named(found.png, "The map")
    assert named.labels.shape == (72, 96)
    assert len(named.names) == 3
    assert not any(name.startswith("#") for name in named.names)
    assert np.bincount(named.labels.ravel()).min() > 0.1 * named.labels.size
    with pytest.raises(PaintingFailed, match="no picture"):
        painter.suggest(job, Subject(b"hello"))
