"""What a bot that died has left is ended by the next one, once. Real processes die in tests/e2e/test_discord_kills."""

import asyncio
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.community.tables import AskedRow
from bot.discord.asked import SENDING, Asked
from bot.discord.bot import TwobitBot
from tests.bot.discord.stage import DOODLE, MAP, STYLE, Stage, make_parts, play
from tests.bot.discord.test_painting import SPARSE, house_doodle
from tests.bot.discord.test_sharing import published
from tests.loopback.faults import Fault
from tests.loopback.people import BUTTON, Exchange, components_of, text_of, until
from tests.loopback.rest import Call
from tests.loopback.world import EPHEMERAL, Json

FOLLOW_UP = re.compile(r"^/webhooks/\d+/[^/]+$")
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def unheard(stage: Stage, act: Callable[[], Exchange]) -> Exchange:
    """An act that only a bot that is dead now has heard of."""
    gateway = stage.server.gateway
    emit, gateway.emit = gateway.emit, lambda *_: None  # type: ignore[method-assign]
    try:
        return act()
    finally:
        gateway.emit = emit  # type: ignore[method-assign]


def leave(stage: Stage, exchange: Exchange, *, private: bool | None = False, **values: Any) -> Exchange:
    """Its bot died right after its first answer; without one: `private` None."""
    one = exchange.interaction
    if private is not None:
        body = {"type": 5, "data": {"flags": EPHEMERAL if private else 0}}
        stage.server.rest.answer(Call("POST", f"/interactions/{one.id}/{one.token}/callback", body))
    row = AskedRow(
        id=f"discord:{one.id}", person=f"discord:{one.user.id}", payload=one.payload, until=LONG_AGO, tries=1
    )
    for name, value in values.items():
        setattr(row, name, value)
    with stage.desk.database.write() as session:
        session.add(row)
    return exchange


def waiting(stage: Stage) -> int:
    with stage.desk.database.engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM asked").scalar_one())


async def gone(stage: Stage) -> None:
    await until(lambda: not waiting(stage), what="the row to go")


async def painting(stage: Stage, **more: Any) -> Exchange:
    """alice asks by /paint, and the bot dies."""
    doodle = await house_doodle(stage)
    asked = unheard(stage, lambda: stage.alice.ask("paint", style="coast-dusk", doodle=doodle))
    return leave(stage, asked, **more)


@play
async def test_a_painting_is_taken_over(stage: Stage) -> None:
    asked = await painting(stage)
    job = await stage.job()
    await asked.says("Next in line")
    await gone(stage)
    stage.finish(job)
    shown = await stage.shown(job)
    assert int(shown["id"]) == asked.interaction.original
    assert (stage.jobs(), stage.copies(job)) == (1, 1)


@play
async def test_a_form_is_taken_over(stage: Stage) -> None:
    form = await stage.alice.slash("paint_new")
    fields = {"style": STYLE, "style_map": MAP, "doodle": DOODLE}
    gateway = stage.server.gateway
    emit, gateway.emit = gateway.emit, lambda *_: None  # type: ignore[method-assign]
    sending = asyncio.create_task(stage.alice.submit(form, **fields))
    await asyncio.sleep(0.05)
    gateway.emit = emit  # type: ignore[method-assign]
    (sent,) = [one for one in stage.world.interactions.values() if one.payload["type"] == 5]
    leave(stage, Exchange(stage.server, sent))
    await (await sending).says("Next in line")
    assert stage.jobs() == 1


@play
async def test_a_painting_whose_token_died_meanwhile_comes_into_the_channel(stage: Stage) -> None:
    asked = await painting(stage)
    asked.interaction.expired = True
    job = await stage.job()
    stage.finish(job)
    shown = await stage.shown(job)
    assert shown["channel_id"] == str(stage.world.channel.id)
    assert stage.copies(job) == 1


@play
async def test_pictures_that_are_gone_meanwhile_are_told(stage: Stage) -> None:
    asked = unheard(stage, lambda: stage.alice.ask("paint", style="coast-dusk", doodle=DOODLE))
    stage.world.blobs.clear()
    leave(stage, asked)
    await asked.private("is no longer with Discord")
    await gone(stage)
    assert stage.jobs() == 0


@play
async def test_a_question_whose_token_died_meanwhile_comes_by_direct_message(stage: Stage) -> None:
    asked = unheard(stage, lambda: stage.alice.ask("paint", style="coast-dusk", doodle=SPARSE))
    asked.interaction.expired = True
    leave(stage, asked)
    there = stage.world.dm(stage.world.alice).messages
    question: Json = await until(lambda: next(iter(there.values()), None))
    assert "look before I paint" in text_of(question)
    private = stage.person(stage.world.alice, stage.world.dm(stage.world.alice))
    await private.click(question, "Paint")
    await stage.job()
    assert len([one for one in there.values() if "look before" in text_of(one)]) == 1


@play
async def test_who_got_no_first_answer_was_told_by_discord(stage: Stage) -> None:
    asked = await painting(stage, private=None)
    await gone(stage)
    await asyncio.sleep(0.3)
    assert stage.jobs() == 0
    assert not asked.shown()


@play
async def test_a_private_answer_that_was_sent_already_is_filled(stage: Stage) -> None:
    asked = unheard(stage, lambda: stage.alice.ask("paint", style="coast-dusk", doodle=SPARSE))
    leave(stage, asked)
    one = asked.interaction
    whisper: Any = stage.server.rest.add_message(one.channel, Call("POST", ""), {"content": "…", "flags": EPHEMERAL})
    one.messages.append(int(whisper["id"]))
    with stage.desk.database.write() as session:
        row = session.get(AskedRow, f"discord:{one.id}")
        if row is not None:
            row.whisper = whisper["id"]
    await until(lambda: "look before I paint" in text_of(whisper))
    await gone(stage)
    assert asked.shown() == [whisper]


@play
async def test_what_must_not_be_done_twice_is_told(stage: Stage) -> None:
    work, _ = await published(stage, stage.alice)
    page = await (await stage.bob.slash("gallery new")).says("Newest")
    vote = unheard(stage, lambda: stage.bob.press(page, "Vote"))
    leave(stage, vote, private=True)
    await vote.private("restarted in the middle")
    assert stage.parts.community.gallery.work(work).votes == 0


@play
async def test_three_that_died_of_it_are_enough(stage: Stage) -> None:
    asked = await painting(stage, tries=3)
    await asked.private(str(asked.interaction.id))
    await gone(stage)
    assert stage.jobs() == 0


@play
async def test_what_another_release_asked_for_is_let_go(stage: Stage) -> None:
    asked = unheard(stage, lambda: stage.alice.ask("queue"))
    asked.interaction.payload["type"] = 3
    asked.interaction.payload["data"] = {"component_type": 2, "custom_id": "tb:no_such_act:x"}
    asked.interaction.payload["message"] = await stage.alice.say("x")
    leave(stage, asked, private=True)
    await gone(stage)


@play
async def test_the_first_answer_waits_for_no_slow_database(stage: Stage) -> None:
    take = stage.bot.asked.take

    def slowly(*given: Any) -> bool:
        time.sleep(2.0)
        return take(*given)

    stage.bot.asked.take = slowly  # type: ignore[method-assign,assignment]
    asked = await stage.alice.slash("queue")
    assert asked.interaction.first_after is not None
    assert asked.interaction.first_after < 1.0
    # Who died now would leave nothing to take over: the first answer itself says what to do then.
    await asked.private("please ask again")
    await asked.private("The queue")
    assert len(asked.shown()) == 1
    await gone(stage)


@play
async def test_a_painting_is_asked_for_while_the_database_is_slow(stage: Stage) -> None:
    take = stage.bot.asked.take

    def slowly(*given: Any) -> bool:
        time.sleep(1.0)
        return take(*given)

    stage.bot.asked.take = slowly  # type: ignore[method-assign,assignment]
    asked = await stage.alice.slash("paint", style="coast-dusk", doodle=await house_doodle(stage))
    first = await asked.says("please ask again")
    assert not first["flags"] & EPHEMERAL
    job = await stage.job()
    stage.finish(job)
    assert (await stage.shown(job))["id"] == first["id"]
    asked = await stage.alice.slash("paint", style="coast-dusk", doodle=SPARSE)
    await asked.private("look before I paint")
    await until(lambda: len(asked.shown()) == 1)  # the public one made room
    await gone(stage)


@play
async def test_it_is_noted_down_before_the_first_answer(stage: Stage) -> None:
    seen: list[int] = []
    answer = stage.server.rest.answer

    def looking(call: Call) -> object:
        if call.path.endswith("/callback"):
            seen.append(waiting(stage))
        return answer(call)

    stage.server.rest.answer = looking  # type: ignore[method-assign]
    await (await stage.alice.slash("queue")).private("The queue")
    await gone(stage)
    assert seen == [1]


def test_the_living_are_not_taken_over(tmp_path: Any) -> None:
    parts = make_parts(tmp_path, "http://127.0.0.1")
    one, two = Asked(parts.desk, "discord"), Asked(parts.desk, "discord")
    real = parts.desk.clock
    assert one.take(7, "discord:1", {"id": "7"})
    assert not two.take(7, "discord:1", {"id": "7"})
    parts.desk.clock = lambda: real() + timedelta(seconds=14)
    one.renew()
    parts.desk.clock = lambda: real() + timedelta(seconds=28)
    assert two.take_over() is None
    parts.desk.clock = lambda: real() + timedelta(seconds=40)
    assert one.take_over() is None  # its own
    assert one.note(7, whisper=SENDING)
    left = two.take_over()
    assert left is not None
    assert (left.number, left.payload, left.tries, left.whisper) == (7, {"id": "7"}, 2, SENDING)
    assert not one.note(7, whisper="1")  # who was thought dead finds out
    one.done(7)
    assert two.note(7, whisper="2")
    two.done(7)
    parts.desk.clock = lambda: real() + timedelta(seconds=90)
    assert Asked(parts.desk, "discord").take_over() is None
    parts.desk.database.close()


def test_who_was_thought_dead_renews_nothing_of_the_next(tmp_path: Any) -> None:
    parts = make_parts(tmp_path, "http://127.0.0.1")
    one, two, three = (Asked(parts.desk, "discord") for _ in range(3))
    real = parts.desk.clock
    assert one.take(7, "discord:1", {"id": "7"})
    parts.desk.clock = lambda: real() + timedelta(seconds=20)
    assert two.take_over() is not None
    parts.desk.clock = lambda: real() + timedelta(seconds=30)
    one.renew()
    parts.desk.clock = lambda: real() + timedelta(seconds=40)  # `two` is silent since the 20th second
    left = three.take_over()
    assert left is not None
    assert left.tries == 3
    parts.desk.database.close()


@pytest.mark.parametrize("lost", [{"status": 503}, {"status": 500}, {"cut": True}])
@pytest.mark.parametrize("done", [True, False])
@play
async def test_a_private_message_whose_answer_got_lost_is_not_sent_again(
    stage: Stage, lost: dict[str, Any], done: bool
) -> None:
    stage.server.faults = [Fault("POST", FOLLOW_UP, done=done, **lost)]
    asked = await stage.alice.slash("paint", style="coast-dusk", doodle=SPARSE)
    told = await asked.says("for one person only")
    assert not told["flags"] & EPHEMERAL
    private = [one for one in asked.shown() if one["flags"] & EPHEMERAL]
    assert len(private) == done
    again = await (await stage.alice.click(told, "Show me")).private("look before I paint")
    assert {one["label"] for one in components_of(again, BUTTON)} == {"Paint", "Change", "Cancel"}
    await stage.alice.click(again, "Paint")
    await stage.job()
    empty = await (await stage.bob.click(told, "Show me")).private("Your tray")
    assert "still missing" in text_of(empty)


@pytest.mark.parametrize("bad", [{"status": 429, "headers": {"Retry-After": "0.3"}}])
@play
async def test_a_private_message_that_was_refused_is_sent_again(stage: Stage, bad: dict[str, Any]) -> None:
    stage.server.faults = [Fault("POST", FOLLOW_UP, **bad)]
    asked = await stage.alice.slash("paint", style="coast-dusk", doodle=SPARSE)
    await asked.private("look before I paint")
    await until(lambda: len(asked.shown()) == 1)


def test_the_bot_keeps_what_it_heard_for_its_answer_only(tmp_path: Any) -> None:
    parts = make_parts(tmp_path, "http://127.0.0.1")
    bot = TwobitBot(parts, loops=False)
    for number in range(bot.heard.MOST + 9):
        bot.heard.add({"id": str(number)})
    assert bot.heard.pop(3) is None
    assert bot.heard.pop(bot.heard.MOST) == {"id": str(bot.heard.MOST)}
    assert bot.heard.pop(bot.heard.MOST) is None
    parts.threads.close()
    parts.desk.database.close()


async def mentioned(stage: Stage) -> Json:
    """alice mentions the bot with a style, and it dies of that."""
    gateway = stage.server.gateway
    sent: list[Json] = []
    emit, gateway.emit = gateway.emit, lambda name, data: sent.append(data)  # type: ignore[method-assign]
    try:
        await stage.alice.say("my style", STYLE, mention=True)
    finally:
        gateway.emit = emit  # type: ignore[method-assign]
    return sent[0]


def leave_message(stage: Stage, message: Json) -> None:
    who = f"discord:{stage.world.alice.id}"
    with stage.desk.database.write() as session:
        session.add(AskedRow(id=f"discord:{message['id']}", person=who, payload=message, until=LONG_AGO, tries=1))


def trays(stage: Stage) -> list[Json]:
    return [one for one in stage.world.said() if "Your tray" in text_of(one)]


@play
async def test_a_mention_is_taken_over(stage: Stage) -> None:
    leave_message(stage, await mentioned(stage))
    await until(lambda: trays(stage))
    await gone(stage)
    assert "✅ style" in text_of(trays(stage)[0])
    assert len(trays(stage)) == 1


@play
async def test_a_mention_that_was_answered_already_is_not_answered_again(stage: Stage) -> None:
    message = await stage.alice.say("my style", STYLE, mention=True)
    await until(lambda: trays(stage))
    await gone(stage)
    stage.world.nonces.clear()  # Discord remembers them for minutes only
    leave_message(stage, message)
    await gone(stage)
    await asyncio.sleep(0.3)
    assert len(trays(stage)) == 1


@play
async def test_a_mention_that_could_not_be_answered_is_answered_later(stage: Stage) -> None:
    send = re.compile(r"^/channels/\d+/messages$")
    stage.server.faults = [Fault("POST", send, times=4, status=503)]
    await stage.alice.say("my style", STYLE, mention=True)
    await until(lambda: stage.server.faults[0].seen == 4)
    await until(lambda: waiting(stage))
    with stage.desk.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE asked SET until = '2000-01-01 00:00:00.000000'")
    await until(lambda: trays(stage))
    await gone(stage)
    assert len(trays(stage)) == 1
