"""Styles, gallery, votes, remixes, reports, challenges, settings, privacy, and what tells a person about it all."""

import io
import json
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest

from bot.desk.once import hold
from bot.discord.walls import Walls
from tests.bot.discord.stage import DOODLE, MAP, STYLE, Stage, arranged, play
from tests.bot.discord.test_painting import SPARSE, house_doodle, own_style
from tests.loopback.faults import Fault
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


async def report_newest(stage: Stage) -> None:
    """Bob reports the newest work."""
    page = await (await stage.bob.slash("gallery new")).says("Newest")
    await (await stage.bob.submit(await stage.bob.click(page, "Report"), reason="hm")).private("moderators have it")


@arranged(with_forum)
async def test_a_report_may_be_dismissed_by_a_moderator(stage: Stage) -> None:
    moderators = named(stage, "moderators")
    await (await stage.olga.slash("settings channels", moderators=moderators)).private("Saved")
    work, _ = await published(stage, stage.alice)
    await report_newest(stage)
    told = await until(lambda: next(iter(moderators.messages.values()), None))
    assert told["attachments"][0]["filename"].startswith("SPOILER_")
    await (await stage.person(stage.world.bob, moderators).click(told, "Leave it")).private("ask a moderator")
    await (await stage.person(stage.world.olga, moderators).click(told, "Leave it")).private("the work stays")
    assert not stage.parts.community.gallery.work(work).hidden
    assert not stage.parts.community.reports.open()


@arranged(with_forum)
async def test_a_moderator_may_think_better_of_hiding(stage: Stage) -> None:
    moderators = named(stage, "moderators")
    await (await stage.olga.slash("settings channels", gallery=named(stage, "walls"), moderators=moderators)).private()
    work, _ = await published(stage, stage.alice)
    page = await (await stage.bob.slash("gallery new")).says("Newest")
    for reason in ("hm", "hm", "and again"):  # a person's second report changes nothing, and is no news
        reported = await stage.bob.submit(await stage.bob.click(page, "Report"), reason=reason)
        await reported.private("moderators have it")
    (told,) = moderators.messages.values()
    olga = stage.person(stage.world.olga, moderators)
    await (await olga.click(told, "Hide")).private("Hidden")
    assert not forum_posts(stage)
    assert int(told["id"]) in moderators.messages
    await (await olga.click(told, "Leave it")).private("the work stays")
    assert not stage.parts.community.gallery.work(work).hidden
    assert len(forum_posts(stage)) == 1
    page = await (await stage.olga.slash("gallery new")).says("Newest")
    await (await stage.olga.click(page, "Hide")).private("Hidden")
    await until(lambda: int(page["id"]) not in stage.world.channel.messages)  # nobody sees it there either


@arranged(with_forum)
async def test_a_second_moderator_undoes_the_first_ones_hiding(stage: Stage) -> None:
    moderators = named(stage, "moderators")
    await (await stage.olga.slash("settings channels", gallery=named(stage, "walls"), moderators=moderators)).private()
    work, _ = await published(stage, stage.alice)
    await report_newest(stage)
    (told,) = moderators.messages.values()
    await (await stage.person(stage.world.olga, moderators).click(told, "Hide")).private("Hidden")
    second = stage.world.bob
    stage.world.guild.moderators.add(second.id)
    await (await stage.person(second, moderators).click(told, "Leave it")).private("the work stays")
    assert not stage.parts.community.gallery.work(work).hidden
    assert len(forum_posts(stage)) == 1


@arranged(with_forum)
async def test_what_the_operator_has_hidden_stays_hidden(stage: Stage) -> None:
    moderators = named(stage, "moderators")
    await (await stage.olga.slash("settings channels", gallery=named(stage, "walls"), moderators=moderators)).private()
    work, _ = await published(stage, stage.alice)
    await report_newest(stage)
    (told,) = moderators.messages.values()
    stage.parts.community.reports.resolve(work, "discord:7", "hide")  # on the page, where all servers' works are seen
    olga = stage.person(stage.world.olga, moderators)
    for button in ("Leave it", "Hide", "Leave it"):
        await (await olga.click(told, button)).private("Hidden")
    found = stage.parts.community.gallery.work(work)
    assert (found.hidden, found.hidden_by) == (True, "discord:7")


@play
async def test_a_painting_given_as_a_map_is_told(stage: Stage) -> None:
    asked = await stage.alice.slash("style add", name="x", picture=STYLE, map=STYLE)
    await asked.private("no flat colours", "have one suggested")


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
    listed = await (await stage.bob.slash("results")).private(job)
    again = await (await stage.bob.select(listed, job)).message()  # for his eyes, where there is no gate
    await (await stage.bob.click(again, "Reroll")).private("age-gated")
    assert stage.jobs() == 2
    await (await behind.click(await stage.shown(job), "Reroll")).says("Next in line")


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


def with_a_closed_channel(world: World) -> None:
    world.add_channel(world.guild, "closed").closed = True


@arranged(with_a_closed_channel)
async def test_a_channel_that_the_bot_may_not_write_in_is_not_taken(stage: Stage) -> None:
    closed = named(stage, "closed")
    for setting in ("gallery", "moderators", "challenge", "paint"):
        asked = await stage.olga.slash("settings channels", **{setting: closed})
        await asked.private(f"I may not write in <#{closed.id}>")
    here = await (await stage.olga.slash("settings show")).private("Settings")
    assert str(closed.id) not in text_of(here)


@arranged(with_forum)
async def test_paintings_are_asked_for_where_the_server_wants_them(stage: Stage) -> None:
    await (await stage.olga.slash("settings channels", paint=stage.world.channel)).private("Saved")
    elsewhere = stage.person(stage.world.alice, named(stage, "night"))
    await (await own_style(stage, elsewhere)).private(f"<#{stage.world.channel.id}>: go there")
    assert stage.jobs() == 0
    thread = Channel(stage.world.next_id(), THREAD, "a thread", stage.world.guild, parent=stage.world.channel)
    stage.world.channels[thread.id] = thread
    await (await own_style(stage, stage.person(stage.world.alice, thread))).says("Next in line")
    await (await own_style(stage, stage.alice)).says("Place 2")


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


def shown_names(commands: list[Json], locale: str, above: str = "") -> set[str]:
    """The commands as a client in this language lists them, "/style show" among them."""
    found: set[str] = set()
    for one in commands:
        name = f"{above}{(one.get('name_localizations') or {}).get(locale, one['name'])}"
        found |= {
            f"/{name}",
            *shown_names([sub for sub in one.get("options", []) if sub["type"] == 1], locale, f"{name} "),
        }
    return found


@pytest.mark.parametrize("locale", ["en-GB", "de", "fr", "es-ES", "es-419", "ja", "sv-SE"])
@play
async def test_help_calls_commands_as_the_persons_client_does(stage: Stage, locale: str) -> None:
    stage.world.alice.locale = locale
    message = await (await stage.alice.slash("help")).message()
    told = set(re.findall(r"`(/[^`]+)`", text_of(message)))
    assert len(told) >= 8
    assert told <= shown_names(stage.world.commands, locale)


@play
async def test_labels_of_the_house_speak_the_persons_language_and_ones_own_stay(stage: Stage) -> None:
    stage.world.alice.locale = "de"
    await (await stage.alice.slash("style show", style="autumn-lake")).private("Herbstwald", "See")
    await (await stage.alice.slash("style list")).private("Fels", "Herbstwald")
    asked = await stage.alice.slash("paint", style="coast-dusk", doodle=SPARSE)
    await asked.private("Himmel", "Fels in der Sonne")
    await (await stage.alice.slash("style add", name="Mine", picture=STYLE, map=MAP)).private("Mine")
    await (await stage.alice.slash("style show", style="mine")).private("blue")
    drawn = await house_doodle(stage)
    await stage.alice.slash("paint", style="coast-dusk", doodle=drawn, seed=7)
    job = await stage.job()
    stage.finish(job)
    assert "Meer" in (await stage.shown(job))["attachments"][0]["description"]


FORUM_POST = re.compile(r"^/channels/\d+/threads$")
LOST = [{"cut": True}, {"status": 500}, {"status": 503}, {"status": 502}]


@pytest.mark.parametrize("done", [True, False])
@pytest.mark.parametrize("lost", LOST)
@arranged(with_forum)
async def test_a_forum_post_whose_answer_got_lost_is_found_again(
    stage: Stage, lost: dict[str, Any], done: bool
) -> None:
    await (await stage.olga.slash("settings channels", gallery=named(stage, "walls"))).private("Saved")
    await published(stage, stage.bob)  # another of the same title
    stage.server.faults = [Fault("POST", FORUM_POST, done=done, **lost)]
    work, answer = await published(stage, stage.alice)
    assert stage.server.faults[0].seen == 1
    posts = [one for one in forum_posts(stage) if work in str(one["components"])]
    assert len(posts) == 1
    assert f"<#{named(stage, 'walls').id}>" in text_of(await answer.message())
    assert stage.parts.posts.of(work) == [f"discord:{posts[0]['channel_id']}/{posts[0]['id']}"]
    await stage.alice.click(await answer.message(), "Take it back")
    await until(lambda: not [one for one in forum_posts(stage) if work in str(one["components"])])


@arranged(with_forum)
async def test_a_forum_that_is_closed_for_now_gets_the_post_later(stage: Stage) -> None:
    forum = named(stage, "walls")
    await (await stage.olga.slash("settings channels", gallery=forum)).private("Saved")
    job, message = await finished(stage, stage.alice)
    forum.closed = True
    assert "<#" not in text_of(await (await stage.alice.click(message, "Publish")).private("Published"))
    forum.closed = False
    for _ in range(2):
        await (await stage.alice.click(message, "Publish")).private("Published", f"<#{forum.id}>")
    assert len(forum_posts(stage)) == 1
    assert job


@pytest.mark.parametrize("hung", [True, False])
@arranged(with_forum)
async def test_a_bot_that_died_while_publishing_leaves_one_post(
    stage: Stage, hung: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It died after it had begun to post, before it had noted where."""
    monkeypatch.setattr("bot.discord.walls.TURN_SECONDS", 2.0)
    forum = named(stage, "walls")
    await (await stage.olga.slash("settings channels", gallery=forum)).private("Saved")
    work, _ = await published(stage, stage.alice)
    (post,) = forum_posts(stage)
    stage.parts.posts.forget(work)
    hold(stage.desk.database, f"discord:hang:{work}", "the dead", 2.0, stage.desk.clock)
    if not hung:
        del stage.world.channels[int(post["channel_id"])]
    found = stage.parts.community.gallery.work(work)
    assert await Walls(stage.bot, stage.parts).hang(found) == f"<#{forum.id}>"
    (post,) = forum_posts(stage)
    assert stage.parts.posts.of(work) == [f"discord:{post['channel_id']}/{post['id']}"]


@play
async def test_a_post_in_a_channel_is_found_again_too(stage: Stage) -> None:
    await (await stage.olga.slash("settings channels", gallery=stage.world.channel)).private("Saved")
    work, _ = await published(stage, stage.alice)

    def posts() -> list[Json]:
        return [one for one in stage.world.said() if f"vote:{work}" in str(one["components"])]

    assert len(posts()) == 1
    stage.parts.posts.forget(work)
    stage.world.nonces.clear()  # Discord remembers them for minutes only
    await Walls(stage.bot, stage.parts).hang(stage.parts.community.gallery.work(work))
    assert len(posts()) == 1
