"""Suggested maps, the tray and links to the page: what is awaited outlives a restart, and nothing is done twice."""

import asyncio
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bot.desk import Request
from bot.discord.address import Address, address_from
from bot.discord.pages import page_link
from bot.web.links import read_link
from tests.bot.discord.stage import DOODLE, MAP, STYLE, Stage, make_parts, play
from tests.bot.discord.test_painting import SPARSE, house_doodle
from tests.bot.discord.test_sharing import published
from tests.loopback.people import BUTTON, SELECT, Exchange, components_of, text_of, until
from tests.loopback.world import EPHEMERAL

SECRET = b"a secret of the tests, 32 bytes."


async def map_awaited(stage: Stage) -> Exchange:
    form = await stage.alice.slash("paint_new")
    return await stage.alice.submit(form, style=STYLE, doodle=DOODLE)


@play
async def test_a_suggested_map_comes_after_a_restart(stage: Stage) -> None:
    asked = await map_awaited(stage)
    job = await stage.job()
    waiting = await asked.private("Next in line")
    await stage.stop_bot()
    stage.suggest(job, MAP[1])
    await stage.start_bot()
    report = await asked.private("I suggest this one")
    assert report is waiting
    assert report["attachments"][0]["description"]
    await stage.alice.click(report, "Paint")
    assert stage.desk.recipe(await stage.job(2)).style_map
    assert not [one for one in stage.world.said() if one["attachments"] and not one["flags"] & EPHEMERAL]


@play
async def test_a_suggested_map_that_comes_late_is_sent_as_a_direct_message(stage: Stage) -> None:
    asked = await map_awaited(stage)
    asked.interaction.expired = True
    stage.suggest(await stage.job(), MAP[1])
    private = stage.world.dm(stage.world.alice)
    report = await until(lambda: next(iter(private.messages.values()), None))
    assert "I suggest this one" in text_of(report)


@play
async def test_waiting_for_a_map_can_be_cancelled(stage: Stage) -> None:
    waiting = await (await map_awaited(stage)).private("Next in line")
    await stage.alice.click(waiting, "Cancel")
    await until(lambda: text_of(waiting) == "Cancelled.")
    assert stage.desk.standing(await stage.job()).state == "cancelled"


@play
async def test_a_map_whose_tray_has_changed_is_handed_over_all_the_same(stage: Stage) -> None:
    asked = await map_awaited(stage)
    await asked.private("Next in line")
    said = await stage.bob.say("other", ("other.png", MAP[1]))
    await (await stage.alice.menu("Use as style", said)).private("Your tray")
    stage.suggest(await stage.job(), MAP[1])
    shown = await asked.private("A suggested map")
    laid = await (await stage.alice.click(shown, "Into my tray")).private("press Paint")
    assert "✅ style map" in text_of(laid)
    await (await stage.bob.click(shown, "Into my tray")).private("Only the one who asked")


@play
async def test_a_suggested_map_of_ones_own_is_kept_as_a_style_for_its_picture(stage: Stage) -> None:
    asked = await stage.alice.slash("style add", name="My Coast", picture=STYLE)
    job = await stage.job()
    said = await stage.bob.say("other", ("other.png", MAP[1]))
    await (await stage.alice.menu("Use as style", said)).private("Your tray")  # what lies there is no matter
    stage.suggest(job, MAP[1])
    shown = await asked.private("My Coast")
    await until(lambda: shown["attachments"])
    await (await stage.alice.click(shown, "Use this map")).private("is there")
    style = stage.parts.community.styles.get("my-coast", f"discord:{stage.world.alice.id}")
    assert stage.parts.community.styles.data(style).picture == STYLE[1]


@play
async def test_everything_of_a_person_with_a_suggested_map_is_deleted(stage: Stage) -> None:
    await map_awaited(stage)
    await stage.job()
    asked = await (await stage.alice.slash("privacy delete")).private("for ever")
    await stage.alice.click(asked, "Delete everything")
    await until(lambda: "gone" in text_of(asked))
    assert stage.jobs() == 0


@play
async def test_a_doodle_in_the_tray_finds_its_style_by_a_choice(stage: Stage) -> None:
    said = await stage.bob.say("look", await house_doodle(stage))
    tray = await (await stage.alice.menu("Paint this doodle", said)).private("style: still missing")
    values = [one["value"] for one in components_of(tray, SELECT)[0]["options"]]
    assert "house:coast-dusk" in values
    await stage.alice.select(tray, "house:coast-dusk")
    await until(lambda: "press Paint" in text_of(tray))
    await stage.alice.click(tray, "Paint")
    assert stage.desk.recipe(await stage.job()).style_key == "house:coast-dusk"


@play
async def test_paint_pressed_twice_is_one_painting(stage: Stage) -> None:
    for entry, picture in (("Use as style", STYLE), ("Use as style map", MAP), ("Paint this doodle", DOODLE)):
        tray = await (await stage.alice.menu(entry, await stage.bob.say("look", picture))).private("Your tray")
    first, second = (stage.alice.press(tray, "Paint") for _ in range(2))
    await asyncio.gather(first.answered(), second.answered())
    await stage.job()
    await asyncio.sleep(1.0)
    assert stage.jobs() == 1
    assert len([one for one in stage.world.said() if "Next in line" in text_of(one)]) == 1


@play
async def test_leaving_keeps_the_tray(stage: Stage) -> None:
    asked = await stage.alice.slash("paint", style="coast-dusk", doodle=SPARSE)
    report = await asked.private("look before I paint")
    await stage.alice.click(report, "Cancel")
    await until(lambda: "stay in `/tray`" in text_of(report))
    assert not components_of(report, BUTTON)
    await (await stage.alice.slash("tray")).private("press Paint")


@play
async def test_what_was_begun_is_accepted_before_the_bot_stops(stage: Stage) -> None:
    real = stage.desk.accept
    entered = asyncio.Event()
    loop = asyncio.get_running_loop()

    def slowly(request: Any) -> Any:
        import time

        loop.call_soon_threadsafe(entered.set)
        time.sleep(1.0)
        return real(request)

    stage.desk.accept = slowly  # type: ignore[method-assign]
    form = await stage.alice.slash("paint_new")
    asked = await stage.alice.submit(form, style=STYLE, style_map=MAP, doodle=DOODLE)
    await asyncio.wait_for(entered.wait(), 20)
    await stage.stop_bot()
    await asked.says("Next in line")
    assert stage.jobs() == 1


@play
async def test_a_chat_in_a_direct_message_is_answered_and_a_reply_to_a_painting_is_not(stage: Stage) -> None:
    private = stage.person(stage.world.alice, stage.world.dm(stage.world.alice))
    await private.say("hello?")
    await until(lambda: any("/help" in text_of(one) for one in stage.world.said()))
    before = len(list(stage.world.said()))
    message = await stage.alice.say("nice!", mention=True)
    message["content"] = "nice!"  # an answer to a message of ours mentions us without saying our name
    stage.server.gateway.emit("MESSAGE_CREATE", {**message, "id": str(stage.world.next_id()), "type": 19})
    await asyncio.sleep(0.5)
    told = [text_of(one) for one in stage.world.said()][before:]
    assert len(told) <= 1  # to the mention by name


@play
async def test_links_open_the_page_as_that_person(stage: Stage) -> None:
    parts = replace(stage.parts, public_url="https://twobit.example", link_secret=SECRET)
    await stage.stop_bot()
    await stage.start_bot(parts)
    sheet = await (await stage.alice.slash("style show", style="coast-dusk")).private("Rocky coast")
    url = next(one["url"] for one in components_of(sheet, BUTTON) if one["label"] == "Draw it")
    assert len(url) <= 512
    link = read_link(SECRET, parse_qs(urlsplit(url).query)["t"][0])
    assert (link.person, link.front, link.style) == (f"discord:{stage.world.alice.id}", "discord", "house:coast-dusk")
    address = address_from(link.address)
    assert (address.channel, address.guild) == (stage.world.channel.id, stage.world.guild.id)


@play
async def test_a_servers_style_is_drawn_on_the_page_too(stage: Stage) -> None:
    parts = replace(stage.parts, public_url="https://twobit.example", link_secret=SECRET)
    await stage.stop_bot()
    await stage.start_bot(parts)
    added = await stage.olga.slash("style add", name="Our Coast", picture=STYLE, map=MAP, **{"for": "server"})
    await added.private("Our Coast")
    sheet = await (await stage.alice.slash("style show", style="our-coast")).private("Our Coast")
    url = next(one["url"] for one in components_of(sheet, BUTTON) if one["label"] == "Draw it")
    link = read_link(SECRET, parse_qs(urlsplit(url).query)["t"][0])
    assert link.server == f"discord:{stage.world.guild.id}"
    assert link.style.startswith("style:")


def test_a_link_of_the_longest_names_still_fits(tmp_path: Any) -> None:
    """Else it is made without the person's name; without a link there would be no button."""
    parts = make_parts(tmp_path, "http://127.0.0.1", public_url="https://twobit.example.org", link_secret=SECRET)
    number = 1_400_000_000_000_000_000
    user = SimpleNamespace(id=number, display_name="Ä" * 32)
    guild: Any = SimpleNamespace(user=user, channel_id=number, guild_id=number, filesize_limit=10485760, locale="es-ES")
    assert page_link(parts, guild, "style:123456", "Große Küste im Abendlicht, gemalt von vielen Händen am Meer")
    parts.desk.database.close()


@play
async def test_what_is_too_large_is_found_on_the_page(stage: Stage) -> None:
    parts = replace(stage.parts, public_url="https://twobit.example", link_secret=SECRET)
    await stage.stop_bot()
    await stage.start_bot(parts)
    form = await stage.alice.slash("paint_new")
    asked = await stage.alice.submit(form, style=STYLE, style_map=MAP, doodle=DOODLE)
    job = await stage.job()
    message = await asked.says("Next in line")
    stage.world.upload_limit = 10
    stage.finish(job)
    await until(lambda: "https://twobit.example/me" in text_of(message))
    assert not message["attachments"]
    stage.world.upload_limit = 10 * 2**20
    link = await (await stage.alice.click(message, "On the page")).private("yours alone")
    url = components_of(link, BUTTON)[0]["url"]
    assert read_link(SECRET, parse_qs(urlsplit(url).query)["t"][0]).page == "me"
    await until(lambda: not stage.desk.owes(job))


@play
async def test_names_are_completed_while_the_database_is_slow(stage: Stage) -> None:
    import time

    def slowly(*_: Any, **__: Any) -> Any:
        time.sleep(3.0)

    stage.parts.community.styles.search = slowly  # type: ignore[method-assign]
    found = await stage.alice.autocomplete("paint", "style", "coast", doodle=DOODLE)
    assert [one["value"] for one in found] == ["house:coast-dusk"]
    answer = [one for one in stage.world.interactions.values() if one.payload["type"] == 4][-1]
    assert answer.first_after is not None
    assert answer.first_after < 2.0  # 0.7 s of patience, on a machine that may be busy


def test_an_address_is_short_and_comes_back_whole() -> None:
    address = Address(user=1, channel=2, labels=("sea", "sky"), private=True, purpose="style", note="person/ä")
    assert address_from(address.to_text()) == address
    assert address_from(Address(1, 2).to_text()) == Address(1, 2)
    assert len(Address(1, 2).to_text()) < 40


def test_parts_keep_their_secret_to_themselves(tmp_path: Any) -> None:
    parts = make_parts(tmp_path, "http://127.0.0.1", link_secret=SECRET)
    assert "secret of the tests" not in repr(parts)
    parts.desk.database.close()


@play
async def test_what_is_remixed_on_the_page_stays_behind_the_age_gate(stage: Stage) -> None:
    work, answer = await published(stage, stage.alice)
    await stage.alice.click(await answer.message(), "Mark as NSFW")
    await answer.says("NSFW")
    store, before = stage.desk.store, stage.parts.community.gallery.work(work)
    bob = stage.world.bob
    request = Request(
        style=store.get(before.style),
        style_map=store.get(before.style_map),
        doodle=store.get(before.doodle),
        person=f"discord:{bob.id}",
        front="discord",
        address=Address(bob.id, stage.world.channel.id, guild=stage.world.guild.id).to_text(),
        remix_of=work,
    )
    job = (await asyncio.to_thread(stage.desk.accept, request)).job_id
    stage.finish(job)
    shown = await stage.shown(job)
    assert shown["channel_id"] == str(stage.world.dm(bob).id)
    assert shown["attachments"][0]["filename"].startswith("SPOILER_")
