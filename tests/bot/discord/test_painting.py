"""From a doodle to a painting: the three ways to send, the report before, and who may do what."""

import asyncio

import pytest

from tests.bot.discord.stage import DOODLE, MAP, STYLE, Stage, play
from tests.loopback.people import Exchange, Person, components_of, text_of, until
from tests.loopback.world import EPHEMERAL
from tests.pictures import SAND, SKY, flat, png

SPARSE = ("sparse.png", png(flat(64, 48, [(0x5A, 0x8F, 0xD6), (0x1F, 0x4F, 0xA0)])))
STRANGE = ("strange.png", png(flat(64, 48, [SKY, (255, 0, 255), SAND])))


async def own_style(stage: Stage, person: Person) -> Exchange:
    """Style, map and doodle by the form."""
    form = await person.slash("paint_new")
    return await person.submit(form, style=STYLE, style_map=MAP, doodle=DOODLE)


async def house_doodle(stage: Stage) -> tuple[str, bytes]:
    from bot.styles import house_style

    return "doodle.png", house_style("coast-dusk").doodle.read_bytes()


@play
async def test_paint_goes_all_the_way(stage: Stage) -> None:
    found = await stage.alice.autocomplete("paint", "style", "coast", doodle=DOODLE)
    style = next(one["value"] for one in found)
    asked = await stage.alice.slash("paint", style=style, doodle=await house_doodle(stage), size=128, seed=7)
    job = await stage.job()
    await asked.says("Next in line")
    assert stage.desk.recipe(job).options.seed == 7
    assert stage.desk.recipe(job).options.width == 128
    painting = stage.finish(job)
    message = await stage.shown(job)
    picture = message["attachments"][0]
    assert stage.world.bytes_of(picture) == painting
    for word in ("Rocky coast", "sea", "seed 7"):
        assert word in picture["description"]
    assert stage.copies(job) == 1
    labels = {one["label"] for one in components_of(message, 2)}
    assert {"Reroll", "Larger", "Recipe", "Publish", "Delete", "Vary γ−", "Vary γ+", "Vary β−", "Vary β+"} == labels


@play
async def test_one_form_takes_all_three(stage: Stage) -> None:
    asked = await own_style(stage, stage.alice)
    job = await stage.job()
    await asked.says("Next in line")
    stage.finish(job)
    await stage.shown(job)
    who = f"discord:{stage.world.alice.id}"
    await until(lambda: not stage.parts.community.tray.show(who).pictures)


@play
async def test_apps_on_messages_fill_the_tray_and_paint(stage: Stage) -> None:
    bob = stage.bob
    messages = {
        name: await bob.say("look", picture)
        for name, picture in (("Use as style", STYLE), ("Use as style map", MAP), ("Paint this doodle", DOODLE))
    }
    for entry, message in messages.items():
        answer = await stage.alice.menu(entry, message)
        await answer.private("Your tray")
    shown = await (await stage.alice.slash("tray")).private("press Paint")
    assert shown["attachments"]
    painted = await stage.alice.click(shown, "Paint")
    job = await stage.job()
    await painted.says("Next in line")
    assert stage.desk.standing(job).person == f"discord:{stage.world.alice.id}"


@play
async def test_a_photo_as_content_and_the_form_from_the_tray(stage: Stage) -> None:
    laid = await stage.alice.menu("Use as content", await stage.bob.say("look", STYLE))
    tray = await laid.private("✅ content")
    form = await stage.alice.click(tray, "Upload all in one form")
    assert form.modal["custom_id"] == "tb:form:"
    laid = await stage.alice.menu("Paint this doodle", await stage.bob.say("look", await house_doodle(stage)))
    await laid.private("✅ doodle")
    tray = await (await stage.alice.slash("tray")).private("✅ content", "✅ doodle")
    await stage.alice.select(tray, "house:coast-dusk")
    await until(lambda: "press Paint" in text_of(tray))
    await stage.alice.click(tray, "Paint")
    recipe = stage.desk.recipe(await stage.job())
    assert set(recipe.pictures()) == {"style", "style_map", "doodle", "content"}
    await (await stage.alice.click(tray, "Empty the tray")).answered()
    await until(lambda: "empty now" in text_of(tray))


@play
async def test_a_mention_and_a_direct_message_fill_the_tray(stage: Stage) -> None:
    await stage.alice.say("my style", STYLE, MAP, mention=True)
    reply = await until(lambda: next(iter(stage.world.said()), None))
    assert "✅ style" in text_of(reply)
    assert "✅ style map" in text_of(reply)
    assert "⬜ doodle" in text_of(reply)
    private = stage.person(stage.world.alice, stage.world.dm(stage.world.alice))
    await private.say("and this", DOODLE)
    ready = await until(
        lambda: next((one for one in private.channel.messages.values() if "press Paint" in text_of(one)), None)
    )
    await private.click(ready, "Paint")
    stage.finish(await stage.job())
    await stage.shown(await stage.job())


@play
async def test_messages_that_are_not_for_us_are_left_alone(stage: Stage) -> None:
    await stage.alice.say("hello all", STYLE)
    await asyncio.sleep(0.3)
    assert not list(stage.world.said())


@play
async def test_what_is_doubtful_is_asked_first(stage: Stage) -> None:
    asked = await stage.alice.slash("paint", style="coast-dusk", doodle=SPARSE, seed=11)
    report = await asked.private("look before I paint", "Used nowhere in the doodle")
    assert report["attachments"]
    assert stage.jobs() == 0
    changed = await stage.alice.click(report, "Change")
    await changed.private("Your tray")
    await stage.alice.click(report, "Paint")
    job = await stage.job()
    assert stage.desk.recipe(job).options.seed == 11


@play
async def test_what_can_not_be_painted_is_not_offered(stage: Stage) -> None:
    asked = await stage.alice.slash("paint", style="coast-dusk", doodle=STRANGE)
    report = await asked.private("#ff00ff", "a colour that the style map lacks")
    assert {one["label"] for one in components_of(report, 2)} == {"Change", "Cancel"}


@play
async def test_a_doubtful_painting_may_be_left(stage: Stage) -> None:
    asked = await stage.alice.slash("paint", style="coast-dusk", doodle=SPARSE)
    report = await asked.private("look before I paint")
    await stage.alice.click(report, "Cancel")
    await until(lambda: "Cancelled" in text_of(report))
    assert not components_of(report, 2)
    assert stage.jobs() == 0


@play
async def test_a_missing_map_is_suggested_and_shown_for_approval(stage: Stage) -> None:
    form = await stage.alice.slash("paint_new")
    asked = await stage.alice.submit(form, style=STYLE, doodle=DOODLE)
    stage.suggest(await stage.job(), MAP[1])
    report = await asked.private("I suggest this one")
    assert report["attachments"]
    await stage.alice.click(report, "Paint")
    assert stage.desk.recipe(await stage.job(2)).style_map


@pytest.mark.parametrize(
    ("doodle", "word"),
    [
        (("note.txt", b"hello"), "is no picture"),
        (("broken.png", b"not a png at all"), "no picture that can be read"),
        (("tiny.png", png(flat(8, 8, [SKY]))), "32 px a side"),
    ],
)
@play
async def test_what_is_no_picture_is_told(stage: Stage, doodle: tuple[str, bytes], word: str) -> None:
    asked = await stage.alice.slash("paint", style="coast-dusk", doodle=doodle)
    await asked.private(word)
    assert stage.jobs() == 0
    await until(lambda: not [one for one in stage.world.said() if not one["flags"] & EPHEMERAL])


@play
async def test_only_discords_own_hosts_are_read(stage: Stage) -> None:
    stored = stage.world.store(stage.world.channel, "doodle.png", DOODLE[1])
    stored["url"] = stored["url"].replace("127.0.0.1", "localhost")
    asked = await stage.alice.slash("paint", style="coast-dusk", doodle=stored)
    await asked.private("does not lie with Discord")


@play
async def test_an_unknown_style_is_told(stage: Stage) -> None:
    await (await stage.alice.slash("paint", style="nothing", doodle=DOODLE)).private("no style nothing")


@play
async def test_cancel_is_for_the_owner_and_moderators(stage: Stage) -> None:
    asked = await own_style(stage, stage.alice)
    job = await stage.job()
    message = await asked.says("Next in line")
    await (await stage.bob.click(message, "Cancel")).private("Only the one who asked")
    assert not stage.desk.standing(job).final
    await stage.alice.click(message, "Cancel")
    await until(lambda: "Cancelled" in text_of(message), seconds=2.0)
    other = await own_style(stage, stage.bob)
    second = await other.says("Next in line")
    stage.begin(await stage.job(2))
    await stage.olga.click(second, "Cancel")
    await until(lambda: "Cancelled" in text_of(second), seconds=2.0)


@play
async def test_buttons_make_another_like_it(stage: Stage) -> None:
    await own_style(stage, stage.alice)
    job = await stage.job()
    stage.finish(job)
    message = await stage.shown(job)
    before = stage.desk.recipe(job).options
    for number, (label, field) in enumerate(
        [("Reroll", "seed"), ("Vary γ+", "gamma"), ("Vary β−", "beta"), ("Larger", "width")], 2
    ):
        await stage.alice.click(message, label)
        after = stage.desk.recipe(await stage.job(number)).options
        changed = {name for name in type(after).model_fields if getattr(after, name) != getattr(before, name)}
        assert changed == ({field, "height"} if field == "width" else {field})
        stage.finish(await stage.job(number))
    await (await stage.bob.click(message, "Reroll")).private("Only the one who asked")


@play
async def test_the_recipe_has_everything(stage: Stage) -> None:
    await own_style(stage, stage.alice)
    job = await stage.job()
    stage.finish(job)
    recipe = await (await stage.bob.click(await stage.shown(job), "Recipe")).private("recipe", "gamma")
    assert recipe["attachments"][0]["filename"].endswith(".json")


@play
async def test_what_is_deleted_is_gone(stage: Stage) -> None:
    await own_style(stage, stage.alice)
    job = await stage.job()
    stage.finish(job)
    message = await stage.shown(job)
    await (await stage.bob.click(message, "Delete")).private("Only the one who asked")
    answer = await stage.alice.click(message, "Delete")
    await answer.private("Gone")
    assert stage.jobs() == 0
    assert stage.copies(job) == 0
    assert not stage.desk.store.digests()


@play
async def test_a_failure_is_told_once_with_its_reason(stage: Stage) -> None:
    asked = await own_style(stage, stage.alice)
    stage.fail(await stage.job(), "The doodle has a colour that the style map lacks.")
    message = await asked.says("a colour that the style map lacks")
    assert {one["label"] for one in components_of(message, 2)} == {"Reroll", "Delete"}


@play
async def test_results_lists_the_last_and_shows_one_again(stage: Stage) -> None:
    await (await stage.alice.slash("results")).private("no paintings yet")
    await own_style(stage, stage.alice)
    job = await stage.job()
    painting = stage.finish(job)
    listed = await (await stage.alice.slash("results")).private(job, "done")
    again = await (await stage.alice.select(listed, job)).message()
    assert stage.world.bytes_of(again["attachments"][0]) == painting
    assert again["flags"] & EPHEMERAL


@play
async def test_a_painting_whose_message_is_gone_is_cancelled_from_results(stage: Stage) -> None:
    asked = await own_style(stage, stage.alice)
    job = await stage.job()
    message = await asked.says("Next in line")
    del stage.world.channel.messages[int(message["id"])]
    listed = await (await stage.alice.slash("results")).private(job)
    again = await (await stage.alice.select(listed, job)).private("Next in line")
    await stage.alice.click(again, "Cancel")
    await until(lambda: "Cancelled" in text_of(again), seconds=2.0)
    assert stage.desk.standing(job).state == "cancelled"
    again = await (await stage.alice.select(listed, job)).private("Cancelled")
    assert {one["label"] for one in components_of(again, 2)} == {"Reroll", "Delete"}


@play
async def test_the_same_interaction_twice_is_one_job(stage: Stage) -> None:
    form = await stage.alice.slash("paint_new")
    sent = await stage.alice.submit(form, style=STYLE, style_map=MAP, doodle=DOODLE)
    stage.alice.again(sent)
    await stage.job()
    await asyncio.sleep(0.5)
    stage.alice.again(sent)
    await asyncio.sleep(0.5)
    assert stage.jobs() == 1
