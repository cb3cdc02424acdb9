"""Discord's and our own bad days: nothing twice, nothing lost, nothing blocked."""

import asyncio
import itertools
import re
import threading
import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.bot.discord.stage import DOODLE, MAP, STYLE, Stage, make_parts, play
from tests.bot.discord.test_painting import own_style
from tests.loopback.faults import Fault, rate_limited
from tests.loopback.people import text_of, until
from tests.loopback.world import EPHEMERAL
from worker.contract.pictures import encode_png

ORIGINAL = re.compile(r"^/webhooks/\d+/[^/]+/messages/")
CALLBACK = re.compile(r"/callback$")
SEND = re.compile(r"^/channels/\d+/messages$")
EDIT = re.compile(r"^/channels/\d+/messages/\d+$")


async def a_job(stage: Stage) -> tuple[str, dict[str, Any]]:
    """A queued job and its message."""
    number = stage.jobs() + 1
    asked = await own_style(stage, stage.alice)
    return await stage.job(number), await asked.says("Next in line")


def expire(stage: Stage) -> None:
    """A quarter of an hour passes for all tokens, on both sides."""
    for one in stage.world.interactions.values():
        one.expired = True
    with stage.desk.database.engine.begin() as connection:
        for job, address in connection.exec_driver_sql("SELECT id, address FROM job").all():
            late = re.sub(r'"token_until": [0-9.]+', '"token_until": 0', address)
            connection.exec_driver_sql("UPDATE job SET address = ? WHERE id = ?", (late, job))


@play
async def test_an_expired_token_is_no_hindrance(stage: Stage) -> None:
    job, message = await a_job(stage)
    expire(stage)
    stage.finish(job)
    assert (await stage.shown(job))["id"] == message["id"]
    assert stage.copies(job) == 1


@play
async def test_a_token_that_died_early_is_no_hindrance(stage: Stage) -> None:
    job, message = await a_job(stage)
    for one in stage.world.interactions.values():
        one.expired = True  # our clock says that it lives
    stage.finish(job)
    assert (await stage.shown(job))["id"] == message["id"]


@play
async def test_a_deleted_message_is_answered_in_the_channel(stage: Stage) -> None:
    job, message = await a_job(stage)
    del stage.world.channel.messages[int(message["id"])]
    stage.finish(job)
    found = await stage.shown(job)
    assert found["channel_id"] == str(stage.world.channel.id)
    assert stage.copies(job) == 1
    await until(lambda: str(found["id"]) in stage.desk.recipe(job).address)


@play
async def test_a_message_too_old_to_edit_is_answered_in_the_channel(stage: Stage) -> None:
    job, message = await a_job(stage)
    expire(stage)
    stage.world.too_old.add(int(message["id"]))
    stage.finish(job)
    assert (await stage.shown(job))["id"] != message["id"]
    assert stage.copies(job) == 1


@play
async def test_without_the_channel_it_comes_by_direct_message(stage: Stage) -> None:
    job, _ = await a_job(stage)
    expire(stage)
    stage.world.channel.closed = True
    stage.finish(job)
    found = await stage.shown(job)
    assert found["channel_id"] == str(stage.world.dm(stage.world.alice).id)


@play
async def test_with_closed_messages_too_it_waits_in_results(stage: Stage) -> None:
    job, _ = await a_job(stage)
    expire(stage)
    stage.world.channel.closed = stage.world.alice.dm_closed = True
    painting = stage.finish(job)
    await until(lambda: not stage.desk.owes(job))
    stage.world.channel.closed = False
    listed = await (await stage.alice.slash("results")).private(job)
    shown = await (await stage.alice.select(listed, job)).message()
    assert stage.world.bytes_of(shown["attachments"][0]) == painting


@play
async def test_a_painting_over_the_limit_is_made_smaller(stage: Stage) -> None:
    stage.world.upload_limit = 60_000
    job, _ = await a_job(stage)
    noise = np.random.default_rng(0).integers(0, 255, (300, 400, 3), np.uint8)
    stage.finish(job, painting=encode_png(noise, {"seed": 1}))
    picture = (await stage.shown(job))["attachments"][0]
    assert picture["filename"].endswith((".webp", ".jpg"))
    assert len(stage.world.bytes_of(picture)) <= 60_000


@play
async def test_a_limit_that_nobody_told_us_of_is_found(stage: Stage) -> None:
    job, _ = await a_job(stage)
    stage.world.upload_limit = 40_000  # the server lost its boosts meanwhile
    noise = np.random.default_rng(0).integers(0, 255, (300, 400, 3), np.uint8)
    stage.finish(job, painting=encode_png(noise, {"seed": 1}))
    assert len(stage.world.bytes_of((await stage.shown(job))["attachments"][0])) <= 40_000


@play
async def test_what_fits_in_no_form_is_told_with_the_way_out(stage: Stage) -> None:
    job, message = await a_job(stage)
    stage.world.upload_limit = 10
    stage.finish(job)
    await until(lambda: "/results" in text_of(message))


BAD = [
    pytest.param({"status": 503}, id="503"),
    pytest.param({"status": 502}, id="502"),
    pytest.param({"cut": True}, id="cut"),
    pytest.param(rate_limited(0.3), id="429"),
    pytest.param(rate_limited(0.3, via=False), id="429 of the CDN"),
]


@pytest.mark.parametrize("bad", BAD)
@play
async def test_a_delivery_survives(stage: Stage, bad: dict[str, Any]) -> None:
    job, _ = await a_job(stage)
    faults = [Fault("PATCH", ORIGINAL, times=2, **bad)]
    stage.server.faults = faults
    stage.finish(job)
    await stage.shown(job, seconds=30)
    assert faults[0].seen == 2
    assert stage.copies(job) == 1


@pytest.mark.parametrize("lost", [{"status": 503}, {"cut": True}, {"status": 500}])
@play
async def test_a_lost_answer_posts_nothing_twice(stage: Stage, lost: dict[str, Any]) -> None:
    job, message = await a_job(stage)
    expire(stage)
    del stage.world.channel.messages[int(message["id"])]
    stage.server.faults = [Fault("POST", SEND, times=2, done=True, **lost)]
    stage.finish(job)
    await stage.shown(job, seconds=30)
    await until(lambda: not stage.desk.owes(job), seconds=30)
    assert stage.copies(job) == 1


@play
async def test_a_crash_between_posting_and_noting_it_posts_nothing_twice(stage: Stage) -> None:
    job, message = await a_job(stage)
    del stage.world.channel.messages[int(message["id"])]
    stage.finish(job)
    await stage.shown(job)
    await until(lambda: not stage.desk.owes(job))
    stage.world.nonces.clear()  # Discord remembers them for minutes only
    with stage.desk.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE delivery SET delivered_at = NULL, claimed_until = NULL")
        connection.exec_driver_sql("UPDATE job SET address = replace(address, '\"message\"', '\"was\"')")
    await until(lambda: not stage.desk.owes(job))
    assert stage.copies(job) == 1


@pytest.mark.parametrize("bad", BAD)
@play
async def test_a_first_answer_survives(stage: Stage, bad: dict[str, Any]) -> None:
    stage.server.faults = [Fault("POST", CALLBACK, **bad)]
    await (await stage.alice.slash("queue")).private("The queue")


@play
async def test_the_same_press_or_entry_twice_is_one(stage: Stage) -> None:
    job, _ = await a_job(stage)
    stage.finish(job)
    again = await stage.alice.click(await stage.shown(job), "Reroll")
    stage.alice.again(again)
    await stage.job(2)
    laid = await stage.alice.menu("Use as style", await stage.bob.say("look", STYLE))
    stage.alice.again(laid)
    await laid.private("Your tray")
    await asyncio.sleep(0.5)
    assert stage.jobs() == 2
    assert len(laid.shown()) == 1


@play
async def test_a_lost_first_answer_is_no_second_job(stage: Stage) -> None:
    form = await stage.alice.slash("paint_new")
    stage.server.faults = [Fault("POST", CALLBACK, cut=True, done=True)]
    await stage.alice.submit(form, style=STYLE, style_map=MAP, doodle=DOODLE)
    job = await stage.job()
    stage.finish(job)
    await stage.shown(job)
    assert (stage.jobs(), stage.copies(job)) == (1, 1)


@play
async def test_a_dead_cdn_is_told(stage: Stage) -> None:
    stage.server.faults = [Fault("GET", re.compile("attachments"), times=9, status=503)]
    await (await stage.alice.slash("paint", style="coast-dusk", doodle=DOODLE)).private("did not hand over")


@play
async def test_two_bots_with_one_token_do_nothing_twice(stage: Stage) -> None:
    await stage.start_bot(replace(stage.parts, holder="two"))
    job, message = await a_job(stage)
    before = len(message["history"])
    for number in range(1, 9):
        stage.step(job, number / 10) if number > 1 else stage.begin(job)
        await asyncio.sleep(0.7)
    assert len(message["history"]) - before <= 2
    stage.finish(job)
    await stage.shown(job)
    await asyncio.sleep(1.0)
    assert (stage.jobs(), stage.copies(job)) == (1, 1)
    await stage.alice.say("hi", STYLE, mention=True)
    await until(lambda: any("Your tray" in text_of(one) for one in stage.world.said()))
    await asyncio.sleep(0.5)
    assert sum("Your tray" in text_of(one) for one in stage.world.said()) == 1


@play
async def test_progress_is_edited_at_most_every_five_seconds(stage: Stage) -> None:
    job, message = await a_job(stage)
    stage.begin(job)
    for number in range(1, 40):
        stage.step(job, number / 50, STYLE[1] if number % 2 else MAP[1])
        await asyncio.sleep(0.3)
    times = [at for at, _ in message["history"]]
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)][1:]
    assert gaps
    assert min(gaps) > 4.8
    assert "Octave 2 of 4" in text_of(message)
    assert message["attachments"][0]["filename"] == "preview.jpg"


@play
async def test_a_restart_in_mid_job_loses_nothing(stage: Stage) -> None:
    job, message = await a_job(stage)
    stage.begin(job)
    await stage.stop_bot()
    painting = stage.finish(job)
    await stage.start_bot()
    shown = await stage.shown(job)
    assert shown["id"] == message["id"]
    assert stage.world.bytes_of(shown["attachments"][0]) == painting
    await stage.alice.click(shown, "Reroll")  # a button from before the restart
    assert await stage.job(2)


@play
async def test_a_form_from_before_a_restart_is_taken(stage: Stage) -> None:
    form = await stage.alice.slash("paint_new")
    await stage.stop_bot()
    await stage.start_bot()
    await stage.alice.submit(form, style=STYLE, style_map=MAP, doodle=DOODLE)
    assert await stage.job()


@pytest.mark.parametrize("resumable", [True, False])
@play
async def test_a_cut_gateway_comes_back(stage: Stage, resumable: bool) -> None:
    await stage.server.gateway.drop(resumable=resumable)
    counts = (1, 1) if resumable else (2, 0)
    await until(lambda: (stage.server.gateway.identified, stage.server.gateway.resumed) == counts, seconds=40)
    await a_job(stage)


class Noise(threading.Thread):
    """How late a thread that only sleeps is woken just now: the machine's doing, not ours."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.worst = 0.0
        self._stop_asked = threading.Event()

    def run(self) -> None:
        while not self._stop_asked.is_set():
            before = time.perf_counter()
            time.sleep(0.01)
            self.worst = max(self.worst, time.perf_counter() - before - 0.01)

    def stop(self) -> None:
        self._stop_asked.set()
        self.join()


@play
async def test_a_slow_store_never_blocks_the_loop(stage: Stage) -> None:
    real = stage.desk.store.put
    slow = 10.0
    waits = [slow]

    def put(data: bytes) -> str:
        time.sleep(waits.pop() if waits else 0.0)
        return real(data)

    stage.desk.store.put = put  # type: ignore[method-assign]
    lags: list[float] = []

    async def measure() -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.01)
            lags.append(time.perf_counter() - before - 0.01)

    form = await stage.alice.slash("paint_new")
    noise = Noise()
    noise.start()
    task = asyncio.create_task(measure())
    asked = await stage.alice.submit(form, style=STYLE, style_map=MAP, doodle=DOODLE)
    assert asked.interaction.first_after is not None
    assert asked.interaction.first_after < 1.0 + noise.worst
    await asyncio.sleep(slow)
    task.cancel()
    noise.stop()
    lags.sort()
    # What a busy machine takes away from a bare thread it takes from the loop too.
    assert lags[int(len(lags) * 0.99)] < 0.1 + noise.worst, (lags[-5:], noise.worst)
    assert lags[-1] < slow / 2, lags[-5:]
    await stage.job()


@play
async def test_a_database_that_is_away_is_told(stage: Stage) -> None:
    def away(*_: object, **__: object) -> None:
        from bot.desk import OutOfReachError

        raise OutOfReachError("The database does not answer")

    stage.desk.accept = away  # type: ignore[method-assign,assignment]
    await (await own_style(stage, stage.alice)).private("does not answer just now")


@play
async def test_what_nobody_thought_of_is_told_with_a_number(stage: Stage) -> None:
    stage.parts.community.tray.show = None  # type: ignore[method-assign,assignment]
    asked = await stage.alice.slash("tray")
    await asked.private(str(asked.interaction.id))


@play
async def test_nothing_mentions_anybody(stage: Stage) -> None:
    job, _ = await a_job(stage)
    stage.finish(job)
    await stage.shown(job)
    bodies = [call.json for call in stage.server.calls if call.method in ("POST", "PATCH")]
    told = [body.get("data", body) if "type" in body else body for body in bodies]
    told = [body for body in told if isinstance(body, dict) and "content" in body]
    assert told
    assert all(body["allowed_mentions"] == {"parse": []} for body in told), told
    assert not [one for one in stage.world.said() if one["flags"] & EPHEMERAL]


def test_parts_can_be_made_twice(tmp_path: Any) -> None:
    one, two = (make_parts(tmp_path, "http://127.0.0.1") for _ in range(2))
    assert (one.once("x"), two.once("x")) == (True, False)
    assert one.leads("watch", 5)
    assert not replace(two, holder="two").leads("watch", 5)
    one.desk.database.close()
    two.desk.database.close()
