"""Jobs and events cross the queue unchanged, and only in this version."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.contract import (
    ContractError,
    Done,
    Failed,
    Job,
    PaintOptions,
    Started,
    Stepped,
    UnknownVersionError,
    event_from_json,
    job_from_json,
)

DIGEST = "ab" * 32
JOB = Job(
    id="k3m9x7q2w4t8",
    attempt=2,
    style=DIGEST,
    style_map=DIGEST,
    doodle=DIGEST,
    options=PaintOptions(seed=7),
    label_names={"#508ce6": "sky"},
)


def test_a_job_comes_back_as_it_went() -> None:
    assert job_from_json(JOB.model_dump_json()) == JOB
    assert JOB.key == "k3m9x7q2w4t8-2"


@pytest.mark.parametrize(
    "event",
    [
        Started(job_id=JOB.id, attempt=1, worker="w"),
        Stepped(
            job_id=JOB.id, attempt=1, worker="w", octave=1, octaves=3, iteration=2, iterations=9, done=0.1, seconds=1
        ),
        Done(job_id=JOB.id, attempt=1, worker="w", result=DIGEST, width=64, height=48, seconds=2.5, notes=("a",)),
        Failed(job_id=JOB.id, attempt=1, worker="w", failure="input", message="no"),
    ],
)
def test_an_event_comes_back_as_it_went(event: Started | Stepped | Done | Failed) -> None:
    assert event_from_json(event.model_dump_json()) == event


def test_an_upgrade_understands_what_the_release_before_has_queued() -> None:
    old = {**JOB.model_dump(), "version": 1}
    old["options"] = {name: value for name, value in old["options"].items() if name != "maps"}
    assert job_from_json(json.dumps(old)).options == JOB.options
    nameless = {name: value for name, value in JOB.model_dump().items() if name != "label_names"}
    assert job_from_json(json.dumps({**nameless, "version": 2})).label_names == {}
    event = {"version": 1, "kind": "started", "job_id": JOB.id, "attempt": 1, "worker": "w"}
    assert event_from_json(json.dumps(event)).attempt == 1


@pytest.mark.parametrize("version", [0, 4, 99, "2", None, True])
def test_another_version_is_refused_in_words(version: object) -> None:
    text = json.dumps({**JOB.model_dump(), "version": version, "a field of the future": 1})
    with pytest.raises(UnknownVersionError, match="run the same release"):
        job_from_json(text)
    with pytest.raises(UnknownVersionError):
        event_from_json(json.dumps({"version": version, "kind": "started"}))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"style": "../../etc/passwd"}, "style"),
        ({"attempt": 0}, "attempt"),
        ({"id": "a/b/c/d/e/f"}, "id"),
        ({"extra": 1}, "extra"),
        ({"options": {"seed": -1}}, "options.seed"),
        ({"options": {"width": 64}}, "options"),
        ({"label_names": {"blue": "sky"}}, "label_names"),
        ({"label_names": {"#508ce6": "x" * 99}}, "label_names"),
        ({"label_names": {f"#{number:06x}": "sky" for number in range(999)}}, "label_names"),
    ],
)
def test_a_wrong_field_is_named(change: dict[str, object], field: str) -> None:
    with pytest.raises(ContractError, match=field):
        job_from_json(json.dumps({**JOB.model_dump(), **change}))


@pytest.mark.parametrize(
    "change",
    [
        {"width": 2**70},
        {"seconds": float("nan")},
        {"notes": ["\0"]},
        {"notes": ["x" * 10_000]},
        {"worker": "w" * 500},
        {"attempt": 2**40},
    ],
)
def test_an_event_that_no_database_could_hold_is_refused(change: dict[str, object]) -> None:
    event = Done(job_id=JOB.id, attempt=1, worker="w", result=DIGEST, width=64, height=48, seconds=2.5)
    with pytest.raises(ContractError):
        event_from_json(json.dumps({**event.model_dump(), **change}))


def test_a_message_nested_without_end_is_refused() -> None:
    with pytest.raises(ContractError):
        event_from_json("[" * 200_000)


@given(st.binary(max_size=200))
def test_garbage_is_refused_and_nothing_else_happens(garbage: bytes) -> None:
    with pytest.raises(ContractError):
        job_from_json(garbage)
