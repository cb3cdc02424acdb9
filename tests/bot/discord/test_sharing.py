"""Styles, gallery, votes, remixes, reports, challenges, settings, privacy, and what tells a person about it all."""

import io
import json
import zipfile
from datetime import timedelta

from tests.bot.discord.stage import DOODLE, MAP, STYLE, Stage, arranged, play
from tests.bot.discord.test_painting import own_style
from tests.loopback.people import Exchange, Person, components_of, text_of, until
from tests.loopback.world import EPHEMERAL, FORUM, THREAD, Channel, Json, World


async def finished(stage: Stage, person: Person) -> tuple[str, Json]:
    """A painting of this person's and its message."""
    number = stage.jobs() + 1
    await own_style(stage, person)
    job = await stage.job(number)
    stage.finish(job)
    return job, await stage.shown(job)


async def published(stage: Stage, person: Person) -> tuple[str, Exchange]:
    """The id of a work, and the answer to Publish."""
    job, message = await finished(stage, person)
    answer = await person.click(message, "Publish")
    await answer.private("Published")
    work = stage.parts.community.gallery.of_job(job)
    assert work is not None
    return work.id, answer


def with_forum(world: World) -> None:
    world.add_channel(world.guild, "walls", FORUM)
    world.add_channel(world.guild, "moderators")
    world.add_channel(world.guild, "night", nsfw=True)


def named(stage: Stage, name: str) -> Channel:
    return next(one for one in stage.world.guild.channels if one.name == name)


def forum_posts(stage: Stage) -> list[Json]:
    threads = [one for one in stage.world.channels.values() if one.kind == THREAD]
    return [message for thread in threads for message in thread.messages.values()]


@play
async def test_styles_are_added_listed_shown_shared_and_removed(stage: Stage) -> None:
    alice = stage.alice
    added = await (await alice.slash("style add", name="My Coast", picture=STYLE, map=MAP)).private("My Coast")
    assert {one["filename"].rsplit(".")[-1] for one in added["attachments"]} == {"png", "gpl"}
    await (await alice.slash("style list")).private("My Coast", "coast-dusk")
    assert "My Coast" not in text_of(await (await stage.bob.slash("style list")).message())
    shown = await (await alice.slash("style show", style="my-coast")).private("blue")
    palette = stage.world.bytes_of(next(one for one in shown["attachments"] if one["filename"].endswith("gpl")))
    assert palette.startswith(b"GIMP Palette")
    await (await alice.slash("style share", style="my-coast")).private("moderators")
    await (await stage.olga.slash("settings styles", who="everyone")).private("Saved")
    await (await alice.slash("style share", style="my-coast")).private("belongs to this server")
    await (await stage.bob.slash("paint", style="my-coast", doodle=DOODLE)).says("Next in line")
    await (await stage.bob.slash("style remove", style="my-coast")).private("no style of yours")
    await (await alice.slash("style remove", style="my-coast")).private("removed")


@play
async def test_a_map_that_nobody_can_suggest_is_told(stage: Stage) -> None:
    asked = await stage.alice.slash("style suggest_map", picture=STYLE)
    stage.fail(await stage.job(), "The picture has one colour only.")
    await asked.private("none could be suggested (The picture has one colour only)")


@play
async def test_a_style_without_a_map_gets_one_that_is_agreed_to(stage: Stage) -> None:
    asked = await stage.alice.slash("style add", name="My Coast", picture=STYLE)
    stage.suggest(await stage.job(), MAP[1])
    shown = await asked.private("A suggested map for **My Coast**")
    kept = await stage.alice.click(shown, "Use this map")
    await kept.private("My Coast", "is there")


@arranged(with_forum)
async def test_publish_vote_remix_report_hide(stage: Stage) -> None:
    forum, moderators = named(stage, "walls"), named(stage, "moderators")
    await (await stage.olga.slash("settings channels", gallery=forum, moderators=moderators)).private("Saved")
    work, _ = await published(stage, stage.alice)
    post = (await until(lambda: forum_posts(stage)))[0]
    assert post["attachments"][0]["description"]
    thread = stage.world.channels[int(post["channel_id"])]
    bob = stage.person(stage.world.bob, thread)
    await (await bob.click(post, "Vote")).private("1 ♥")
    await (await bob.click(post, "Vote")).private("0 ♥")
    await (await stage.person(stage.world.alice, thread).click(post, "Vote")).private("your own")
    form = await bob.click(post, "Remix")
    await bob.submit(form, remix_doodle=DOODLE)
    assert stage.desk.recipe(await stage.job(2)).remix_of == work
    reported = await bob.submit(await bob.click(post, "Report"), reason="not nice")
    await reported.private("moderators have it")
    told = await until(lambda: next(iter(moderators.messages.values()), None))
    assert "not nice" in text_of(told)
    await (await stage.person(stage.world.bob, moderators).click(told, "Hide")).private("ask a moderator")
    await (await stage.person(stage.world.olga, moderators).click(told, "Hide")).private("Hidden")
    await until(lambda: post not in forum_posts(stage))
    await (await bob.slash("gallery new")).says("Nothing here yet")


@play
async def test_gallery_pages_and_taking_back(stage: Stage) -> None:
    first, _ = await published(stage, stage.alice)
    second, answer = await published(stage, stage.bob)
    page = await (await stage.alice.slash("gallery new")).says("Newest")
    assert second in page["attachments"][0]["filename"]
    await stage.alice.click(page, "More")
    await until(lambda: first in page["attachments"][0]["filename"])
    await stage.bob.click(await answer.message(), "Take it back")
    await answer.says("Taken back")
    top = await (await stage.alice.slash("gallery top")).says("Most votes")
    assert first in top["attachments"][0]["filename"]
    for kind in ("mine", "random"):
        assert (await (await stage.alice.slash(f"gallery {kind}")).message())["attachments"]


@arranged(with_forum)
async def test_works_for_adults_stay_behind_the_gate(stage: Stage) -> None:
    night = named(stage, "night")
    work, answer = await published(stage, stage.alice)
    await stage.alice.click(await answer.message(), "Mark as NSFW")
    await answer.says("NSFW")
    await (await stage.bob.slash("gallery new")).says("no age gate")
    behind = stage.person(stage.world.bob, night)
    page = await (await behind.slash("gallery new")).says("NSFW")
    assert page["attachments"][0]["filename"].startswith("SPOILER_")
    await behind.submit(await behind.click(page, "Remix"))
    job = await stage.job(2)
    stage.finish(job)
    assert (await stage.shown(job))["attachments"][0]["filename"].startswith("SPOILER_")
    remix = await (await behind.click(await stage.shown(job), "Publish")).private("Published")
    assert remix
    found = stage.parts.community.gallery.of_job(job)
    assert found is not None
    assert found.nsfw
    assert found.parent == work


@play
async def test_a_challenge_is_begun_entered_voted_and_won(stage: Stage) -> None:
    await (await stage.alice.slash("settings challenge", prompt="A storm at sea")).private("ask a moderator")
    await (await stage.olga.slash("settings channels", challenge=stage.world.channel)).private("Saved")
    await (await stage.olga.slash("settings challenge", prompt="A storm at sea", days=7)).says("A storm at sea")
    _, answer = await published(stage, stage.alice)
    entered = await stage.alice.click(await answer.message(), "Enter the challenge")
    await entered.private("takes part")
    page = await (await stage.bob.slash("gallery challenge")).says("A storm at sea")
    await (await stage.bob.click(page, "Vote")).private("1 ♥")
    real = stage.desk.clock
    stage.desk.clock = lambda: real() + timedelta(days=8)
    from bot.discord.housekeeping import Housekeeping

    await Housekeeping(stage.bot, stage.parts).round()
    await Housekeeping(stage.bot, stage.parts).round()
    told = [one for one in stage.world.said() if "The challenge is over" in text_of(one)]
    assert len(told) == 1
    assert "1 ♥" in text_of(told[0])


@play
async def test_settings_change_language_and_caps(stage: Stage) -> None:
    await (await stage.alice.slash("settings show")).private("ask a moderator")
    await (await stage.olga.slash("settings language", language="de")).private("Saved")
    asked = await own_style(stage, stage.alice)
    await stage.job()
    await asked.says("Als Nächstes")
    await (await stage.olga.slash("settings caps", jobs=1)).private("1")
    again = await own_style(stage, stage.alice)
    await again.private("1")
    assert stage.jobs() == 1


@play
async def test_privacy_export_and_delete(stage: Stage) -> None:
    job, message = await finished(stage, stage.alice)
    exported = await (await stage.alice.slash("privacy export")).private("Everything")
    archive = zipfile.ZipFile(io.BytesIO(stage.world.bytes_of(exported["attachments"][0])))
    assert json.loads(archive.read("data.json"))["job"][0]["id"] == job
    asked = await (await stage.alice.slash("privacy delete")).private("for ever")
    await stage.alice.click(asked, "Keep my data")
    await until(lambda: "Nothing was deleted" in text_of(asked))
    asked = await (await stage.alice.slash("privacy delete")).private("for ever")
    await stage.alice.click(asked, "Delete everything")
    await until(lambda: "gone" in text_of(asked))
    assert stage.jobs() == 0
    await until(lambda: int(message["id"]) not in stage.world.channel.messages)


@play
async def test_queue_about_and_help_tell(stage: Stage) -> None:
    await own_style(stage, stage.alice)
    job = await stage.job()
    await (await stage.alice.slash("queue")).private("1 waiting", job)
    about = await (await stage.alice.slash("about")).private("Champandard", "client_id=")
    assert about["flags"] & EPHEMERAL
    helped = await (await stage.alice.slash("help")).private("/paint")
    assert helped["attachments"][0]["description"]


@play
async def test_commands_speak_the_persons_language(stage: Stage) -> None:
    stage.world.alice.locale = "ja"
    message = await (await stage.alice.slash("tray")).message()
    assert "トレイ" in text_of(message)
    names = {one["name"]: one.get("name_localizations", {}) for one in stage.world.commands}
    assert names["paint"]["de"] == "malen"
    assert not components_of(message, 99)
