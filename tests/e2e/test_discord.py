"""The main paths with everything real but Discord: bot, desk, Valkey, worker and engine as processes of one `serve`."""

import re
from collections.abc import Iterator

import httpx
import pytest

from tests.e2e.discord_service import PATIENCE, Real, real
from tests.loopback.people import BUTTON, Exchange, components_of, text_of, until
from tests.loopback.world import THREAD, Json
from tests.pictures import SAND, SEA, SKY, flat, painted, png
from worker.contract.pictures import read_recipe

STYLE_MAP = flat(96, 72, [SKY, SEA, SAND])
STYLE = ("style.png", png(painted(STYLE_MAP)))
MAP = ("map.png", png(STYLE_MAP))
DOODLE = ("doodle.png", png(flat(96, 72, [SKY, SEA, SAND], slope=0.4)))
QUICK = {"preset": "draft", "size": 96}
LONG = {"preset": "best", "size": 1600}  # even on a quick machine long enough to be caught in the middle


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    """One service for all, and a style of alice's in it."""
    with real(tmp_path_factory.mktemp("discord")) as found:

        async def add() -> None:
            await (await found.alice.slash("style add", name="Small bay", picture=STYLE, map=MAP)).private("Small bay")

        found.play(add())
        yield found


async def ask(stage: Real, **choices: object) -> Exchange:
    """alice asks by /paint."""
    return await stage.alice.slash("paint", style="small-bay", doodle=DOODLE, **{**QUICK, **choices})


async def finished(stage: Real, **choices: object) -> tuple[str, Json]:
    """A painting of alice's and its message."""
    message = await (await ask(stage, **choices)).message(PATIENCE)
    return await stage.painted(message), message


def test_by_the_slash_command(stage: Real) -> None:
    async def go() -> None:
        asked = await ask(stage, seed=7)
        assert asked.interaction.first_after is not None
        assert asked.interaction.first_after < 1.0
        message = await asked.message(PATIENCE)
        job = await stage.painted(message)
        picture = message["attachments"][0]
        recipe = read_recipe(stage.world.bytes_of(picture))
        assert recipe is not None
        assert recipe["options"]["seed"] == 7
        assert "Small bay" in picture["description"]
        assert "seed 7" in picture["description"]
        assert stage.copies(job) == 1
        again = await (await stage.alice.click(message, "Reroll")).message(PATIENCE)
        other = stage.service.desk.recipe(await stage.painted(again)).options
        assert other.seed != 7
        assert (other.preset, other.width) == ("draft", 96)

    stage.play(go())


def test_by_the_form_with_a_suggested_map(stage: Real) -> None:
    async def go() -> None:
        form = await stage.alice.slash("paint_new")
        asked = await stage.alice.submit(form, style=STYLE, doodle=MAP)
        waiting = await asked.message(PATIENCE)
        await until(lambda: "before I paint" in text_of(waiting), PATIENCE, "the suggested map")
        assert waiting["attachments"]
        labels = {one["label"] for one in components_of(waiting, BUTTON)}
        assert {"Change", "Cancel"} <= labels

    stage.play(go())


def test_by_the_form(stage: Real) -> None:
    async def go() -> None:
        form = await stage.alice.slash("paint_new")
        asked = await stage.alice.submit(form, style=STYLE, style_map=MAP, doodle=DOODLE)
        await stage.painted(await asked.message(PATIENCE))

    stage.play(go())


def test_by_the_apps_menu_and_the_tray(stage: Real) -> None:
    async def go() -> None:
        for entry, picture in (("Use as style", STYLE), ("Use as style map", MAP), ("Paint this doodle", DOODLE)):
            answer = await stage.alice.menu(entry, await stage.bob.say("look", picture))
            await answer.private("Your tray")
        tray = await (await stage.alice.slash("tray")).private("press Paint")
        await stage.painted(await (await stage.alice.click(tray, "Paint")).message(PATIENCE))

    stage.play(go())


def test_by_a_direct_message(stage: Real) -> None:
    async def go() -> None:
        alice = stage.person(stage.world.alice, stage.world.dm(stage.world.alice))
        there = len(alice.channel.messages)
        await alice.say("", STYLE, MAP, DOODLE)

        def ready() -> Json | None:
            found = list(alice.channel.messages.values())[there:]
            return next((one for one in found if "press Paint" in text_of(one)), None)

        tray = await until(ready, PATIENCE, "the tray")
        await stage.painted(await (await alice.click(tray, "Paint")).message(PATIENCE))

    stage.play(go())


async def cancelled(stage: Real, message: Json) -> None:
    """alice presses Cancel, and it is so within 2 s."""
    await stage.alice.click(message, "Cancel")
    await until(lambda: "Cancelled" in text_of(message), 2, "the end of it")


def test_cancel_at_every_stage(stage: Real) -> None:
    async def go() -> None:
        message = await (await ask(stage, **LONG)).message(PATIENCE)
        job = await stage.job_of(message)
        await stage.running(job)
        await (await stage.bob.click(message, "Cancel")).private("Only the one who asked")
        waiting = await (await ask(stage, **LONG)).message(PATIENCE)
        await stage.job_of(waiting)
        await cancelled(stage, waiting)
        await cancelled(stage, message)
        assert stage.service.desk.standing(job).state == "cancelled"
        asked = [await ask(stage, **LONG), await stage.alice.slash("style suggest_map", picture=STYLE)]
        for one in reversed(asked):  # a suggestion is done within moments, once a painter is free
            begun = await one.message(PATIENCE)
            await stage.job_of(begun)
            await cancelled(stage, begun)

    stage.play(go())


def test_a_killed_worker_and_a_killed_bot_lose_nothing(stage: Real) -> None:
    async def go() -> None:
        again = await (await ask(stage, **{**LONG, "size": 800})).message(PATIENCE)
        job = await stage.job_of(again)
        await stage.running(job)
        stage.service.kill("worker")
        await until(lambda: stage.service.desk.standing(job).attempt > 1 or None, PATIENCE, "another attempt")
        before = stage.server.gateway.identified
        stage.service.kill("discord")
        assert await stage.painted(again) == job
        await until(lambda: stage.server.gateway.identified > before, PATIENCE, "the bot")
        assert stage.copies(job) == 1
        await (await stage.alice.click(again, "Recipe")).private("recipe")  # its buttons are from before

    stage.play(go())


def test_a_token_that_has_expired(stage: Real) -> None:
    async def go() -> None:
        asked = await ask(stage)
        message = await asked.message(PATIENCE)
        asked.interaction.expired = True
        job = await stage.painted(message)
        assert stage.copies(job) == 1

    stage.play(go())


def test_publish_vote_remix_report_and_delete(stage: Real) -> None:
    async def go() -> None:
        world = stage.world
        olga = stage.person(world.olga)
        forum, moderators = stage.channel("walls"), stage.channel("moderators")
        await (await olga.slash("settings channels", gallery=forum, moderators=moderators)).private("Saved")
        job, message = await finished(stage)
        await (await stage.alice.click(message, "Publish")).private("Published")

        def posted() -> Json | None:
            threads = [one for one in world.channels.values() if one.kind == THREAD]
            posts = [post for thread in threads for post in thread.messages.values() if post["attachments"]]
            return next((post for post in posts if post["attachments"][0]["filename"].startswith("work-")), None)

        post = await until(posted, PATIENCE, "the post")
        bob = stage.person(world.bob, world.channels[int(post["channel_id"])])
        await (await bob.click(post, "Vote")).private("1 ♥")
        remix = await bob.submit(await bob.click(post, "Remix"))
        other = await stage.painted(await remix.message(PATIENCE))
        assert stage.service.desk.recipe(other).remix_of
        reported = await bob.submit(await bob.click(post, "Report"), reason="not nice")
        await reported.private("moderators have it")
        await until(lambda: any("not nice" in text_of(one) for one in moderators.messages.values()), PATIENCE)
        result = stage.service.desk.recipe(job).result
        assert result in stage.service.desk.store.digests()
        await (await stage.alice.click(message, "Delete")).private("Gone")
        await until(lambda: stage.copies(job) == 0 and posted() is None, PATIENCE, "everything to be gone")
        assert result not in stage.service.desk.store.digests()

    stage.play(go())


def test_draw_it_on_the_page_and_have_it_posted_here(stage: Real) -> None:
    async def go() -> str:
        sheet = await (await stage.alice.slash("style show", style="small-bay")).private("Small bay")
        return str(next(one["url"] for one in components_of(sheet, BUTTON) if one["label"] == "Draw it"))

    def token(page: str) -> str:
        found = re.search(r'name="token" value="([^"]+)"', page)
        assert found is not None, page
        return found[1]

    url = stage.play(go())
    looks = {"accept": "text/html"}
    with httpx.Client(base_url=stage.service.page, follow_redirects=False, headers=looks) as browser:
        page = browser.get(url)
        assert page.status_code == 200, page.text
        said = {"token": token(page.text), "t": httpx.URL(url).params["t"]}
        opened = browser.post("/link", data=said)
        assert opened.status_code == 303, opened.text
        assert "/studio/style" in opened.headers["location"]
        crumb = token(browser.get("/me").text)
        form = {"style": "small-bay", "preset": "draft", "size": "96"}
        picture = {"doodle": ("d.png", DOODLE[1], "image/png")}
        asked = browser.post("/api/v1/jobs", data=form, files=picture, headers={"x-csrf-token": crumb})
        assert asked.status_code == 201, asked.text
        job = str(asked.json()["id"])

    async def posted() -> Json:
        def look() -> Json | None:
            shown = [one for one in stage.world.channel.messages.values() if one["attachments"]]
            return next((one for one in shown if job in one["attachments"][0]["filename"]), None)

        found: Json = await until(look, PATIENCE, "the painting in the channel")
        here = f"discord:{stage.world.guild.id}"
        await until(lambda: stage.service.desk.recipe(job).server == here, PATIENCE, "the server's name")
        return found

    message = stage.play(posted())
    assert "Small bay" in text_of(message)
    assert "seed" in message["attachments"][0]["description"]
