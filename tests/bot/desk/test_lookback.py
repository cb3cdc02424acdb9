"""What fronts ask beside one job's standing: the last ones, the queue, a recipe again, a preview."""

from dataclasses import replace

import pytest

from bot.desk import Desk, RefusedError, UnknownJobError
from bot.desk.dispatch import dispatch
from bot.desk.loop import DeskLoop
from bot.desk.settle import settle
from tests.bot.community.people import ALICE, BOB, DOODLE, REQUEST, doodle, finish, paint
from worker.contract import EventStream, Failed, PaintOptions, Started, Stepped


def test_the_last_jobs_of_a_person(desk: Desk) -> None:
    jobs = [paint(desk, doodle=doodle(number)) for number in range(4)]
    paint(desk, person=BOB)
    assert [standing.job_id for standing in desk.last_jobs(ALICE)] == jobs[::-1]
    assert [standing.job_id for standing in desk.last_jobs(ALICE, limit=2, before=jobs[3])] == [jobs[2], jobs[1]]
    assert desk.last_jobs(ALICE)[0].person == ALICE
    assert desk.last_jobs("web:nobody") == []


def test_the_whole_queue(desk: Desk) -> None:
    empty = desk.overview()
    assert (empty.waiting, empty.running, empty.workers, empty.eta_seconds) == (0, 0, 0, None)
    finish(desk, desk.accept(REQUEST).job_id)
    running = desk.accept(REQUEST).job_id
    for _ in range(3):
        desk.accept(REQUEST)
    dispatch(desk.database, desk.queue, desk.clock, desk.rules)
    with desk.database.write() as session:
        settle(session, Started(job_id=running, attempt=1, worker="w1"), desk.clock(), desk.rules)
    found = desk.overview()
    assert (found.waiting, found.running) == (3, 1)
    assert found.eta_seconds is not None


def test_again_with_other_choices(desk: Desk) -> None:
    names = {"#508ce6": "sky"}
    job_id = paint(
        desk, style_key="house:coast-dusk", label_names=names, server="discord:77", options=PaintOptions(seed=1)
    )
    recipe = desk.recipe(job_id)
    varied = recipe.options.model_copy(update={"seed": 2, "gamma": 80.0})
    request = desk.again(job_id, ALICE, address="elsewhere", options=varied, request_key="k")
    assert (request.doodle, request.style_key, request.server) == (DOODLE, "house:coast-dusk", "discord:77")
    second = desk.recipe(desk.accept(request).job_id)
    assert (second.options.seed, second.options.gamma, second.address) == (2, 80.0, "elsewhere")
    assert (second.pictures(), second.label_names) == (recipe.pictures(), names)
    with pytest.raises(RefusedError, match="Only the one who asked"):
        desk.again(job_id, BOB, address="")
    with pytest.raises(UnknownJobError):
        desk.again("nothing", ALICE, address="")


def test_a_preview_is_shown_while_it_runs_and_never_after(desk: Desk, redis_url: str) -> None:
    job_id = desk.accept(REQUEST).job_id
    dispatch(desk.database, desk.queue, desk.clock, desk.rules)
    stream = EventStream.at(redis_url, "desk-1")
    loop = DeskLoop(desk, stream)
    step = Stepped(
        job_id=job_id, attempt=1, worker="w1", octave=1, octaves=3, iteration=1, iterations=4, done=0.2, seconds=2.0
    )
    stream.publish(step)
    loop.round()
    assert desk.preview(job_id) is None
    digest = desk.store.previews.put(b"preview")
    stream.publish(step.model_copy(update={"preview": digest}))
    loop.round()
    assert desk.standing(job_id).preview == digest
    assert desk.preview(job_id) == b"preview"
    assert digest not in desk.store.digests()
    desk.store.previews.delete(digest)
    assert desk.preview(job_id) is None  # replaced just now
    stream.publish(Failed(job_id=job_id, attempt=1, worker="w1", failure="returned", message="Stopped."))
    loop.round()
    assert desk.standing(job_id).preview is None


def test_a_moderator_cancels_what_another_may_not(desk: Desk) -> None:
    job_id = desk.accept(replace(REQUEST)).job_id
    with pytest.raises(RefusedError):
        desk.cancel(job_id, BOB)
    assert desk.cancel(job_id, None).state == "cancelled"
