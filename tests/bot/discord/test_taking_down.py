"""What its maker takes back, or a moderator hides, is seen nowhere any more; buttons of another release say so."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.community.posts import GATED
from bot.discord.housekeeping import Housekeeping
from tests.bot.discord.stage import DOODLE, Stage, arranged, play
from tests.bot.discord.test_sharing import finished, forum_posts, named, published, with_forum
from tests.loopback.people import components_of, text_of, until
from tests.loopback.world import EPHEMERAL, Channel, Json

BUTTON = 2


def there(stage: Stage, message: Json) -> bool:
    return stage.world.message(int(message["id"])) is not None


def with_pictures(channel: Channel) -> list[Json]:
    return [one for one in channel.messages.values() if one["attachments"] and not one["flags"] & EPHEMERAL]


def taken_back(stage: Stage, work: str) -> None:
    stage.parts.community.works.unpublish(work, None)


def hidden(stage: Stage, work: str) -> None:
    stage.parts.community.reports.resolve(work, "web:operator", "hide")


def for_adults(stage: Stage, work: str) -> None:
    stage.parts.community.works.flag(work, None, nsfw=True)


async def round_of(stage: Stage) -> None:
    await Housekeeping(stage.bot, stage.parts).round()


@pytest.mark.parametrize("gone", [taken_back, hidden, for_adults])
@pytest.mark.parametrize("button", ["Vote", "Remix", "Report"])
@play
async def test_a_page_whose_work_is_gone_goes_away_when_anybody_presses_a_button(
    stage: Stage, button: str, gone: Callable[[Stage, str], None]
) -> None:
    work, _ = await published(stage, stage.alice)
    page = await (await stage.bob.slash("gallery new")).says("Newest")
    gone(stage, work)
    await stage.olga.click(page, button)
    await until(lambda: not there(stage, page), what="the page to go")


@play
async def test_more_shows_the_next_or_nothing_instead_of_what_is_gone(stage: Stage) -> None:
    first, _ = await published(stage, stage.alice)
    second, _ = await published(stage, stage.bob)
    page = await (await stage.alice.slash("gallery new")).says("Newest")
    any_one = await (await stage.alice.slash("gallery random")).message()
    taken_back(stage, second)
    await stage.bob.click(page, "More")
    await until(lambda: first in page["attachments"][0]["filename"])
    taken_back(stage, first)
    await stage.bob.click(any_one, "More")
    await until(lambda: "Nothing here yet" in text_of(any_one) and not any_one["attachments"])


@play
async def test_more_that_fails_leaves_no_picture_of_what_is_gone(stage: Stage) -> None:
    await (await stage.olga.slash("settings challenge", prompt="A storm", days=7)).says("A storm")
    works = []
    for person in (stage.alice, stage.bob):
        work, answer = await published(stage, person)
        works.append(work)
        await (await person.click(await answer.message(), "Enter the challenge")).private("takes part")
    page = await (await stage.bob.slash("gallery challenge")).says("A storm")
    shown = next(work for work in works if work in page["attachments"][0]["filename"])
    real = stage.desk.clock
    stage.desk.clock = lambda: real() + timedelta(days=8)
    await (await stage.bob.click(page, "More")).private("no challenge")
    assert there(stage, page)
    taken_back(stage, shown)
    await (await stage.bob.click(page, "More")).private("no challenge")
    await until(lambda: not there(stage, page))


@play
async def test_pages_that_nobody_touches_go_away_too(stage: Stage) -> None:
    job, message = await finished(stage, stage.alice)
    await (await stage.alice.click(message, "Publish")).private("Published")
    other, _ = await published(stage, stage.bob)
    pages = [await (await person.slash("gallery top")).says("Most votes") for person in (stage.bob, stage.olga)]
    turned = await (await stage.bob.slash("gallery top")).says("Most votes")
    await stage.bob.click(turned, "More")
    await until(lambda: other not in turned["attachments"][0]["filename"])
    await (await stage.bob.slash("gallery mine")).private("Yours")
    taken_back(stage, other)
    await round_of(stage)
    assert not any(there(stage, page) for page in pages)
    assert there(stage, turned)  # it shows alice's by now
    await (await stage.alice.click(message, "Delete")).private("Gone")
    await round_of(stage)
    names = [one["attachments"][0]["filename"] for one in with_pictures(stage.world.channel)]
    assert not [name for name in names if name.startswith("work-") or job in name]
    assert stage.parts.posts.out_of_place(("discord",)) == []


@play
async def test_a_page_that_shows_the_same_work_again_goes_away_with_it(stage: Stage) -> None:
    work, _ = await published(stage, stage.alice)
    page = await (await stage.bob.slash("gallery random")).message()
    before = page["edited_timestamp"]
    await stage.bob.click(page, "More")
    await until(lambda: page["edited_timestamp"] != before, what="the same work anew")
    await asyncio.sleep(0.5)  # whatever comes after the answer
    hidden(stage, work)
    await round_of(stage)
    assert not there(stage, page)


@arranged(with_forum)
async def test_what_is_taken_back_or_hidden_on_the_page_leaves_the_walls(stage: Stage) -> None:
    moderators = named(stage, "moderators")
    await (await stage.olga.slash("settings channels", gallery=named(stage, "walls"), moderators=moderators)).private()
    works = [(await published(stage, person))[0] for person in (stage.alice, stage.bob, stage.olga)]
    page = await (await stage.alice.slash("gallery new")).says("Newest")
    await (await stage.bob.submit(await stage.bob.click(page, "Report"), reason="hm")).private("moderators have it")
    (report,) = with_pictures(moderators)
    assert len(forum_posts(stage)) == 3
    for work, change in zip(works, (taken_back, for_adults, hidden), strict=True):
        change(stage, work)
    await round_of(stage)
    assert forum_posts(stage) == []
    assert there(stage, report)  # of the hidden one: a moderator may think better of it
    taken_back(stage, works[2])
    await round_of(stage)
    assert not there(stage, report)


@arranged(with_forum)
async def test_what_was_flagged_on_the_page_hangs_behind_the_gate(stage: Stage) -> None:
    night = named(stage, "night")
    await (await stage.olga.slash("settings channels", gallery=night)).private()
    work, _ = await published(stage, stage.alice)
    gated = await (await stage.person(stage.world.bob, night).slash("gallery new")).says("Newest")
    open_page = await (await stage.bob.slash("gallery new")).says("Newest")
    for_adults(stage, work)
    for _ in range(2):
        await round_of(stage)
        assert there(stage, gated)
        assert not there(stage, open_page)
        assert len(with_pictures(night)) == 2


@play
async def test_told_winners_lose_what_is_gone(stage: Stage) -> None:
    await (await stage.olga.slash("settings channels", challenge=stage.world.channel)).private("Saved")
    await (await stage.olga.slash("settings challenge", prompt="A storm", days=7)).says("A storm")
    work, answer = await published(stage, stage.alice)
    await (await stage.alice.click(await answer.message(), "Enter the challenge")).private("takes part")
    page = await (await stage.bob.slash("gallery challenge")).says("A storm")
    await (await stage.bob.click(page, "Vote")).private("1 ♥")
    real = stage.desk.clock
    stage.desk.clock = lambda: real() + timedelta(days=8)
    await round_of(stage)
    (told,) = [one for one in stage.world.said() if "The challenge is over" in text_of(one)]
    assert told["attachments"]
    assert "1. " in text_of(told)
    taken_back(stage, work)
    await round_of(stage)
    assert there(stage, told)
    assert not told["attachments"]
    assert "1. " not in text_of(told)


@pytest.mark.parametrize("again", ["hidden", "flagged"])
@arranged(with_forum)
async def test_what_is_hung_again_within_minutes_is_seen_again(stage: Stage, again: str) -> None:
    """Discord answers a nonce that it knows with the message of before, which was deleted."""
    wall, moderators = named(stage, "night"), named(stage, "moderators")
    await (await stage.olga.slash("settings channels", gallery=wall, moderators=moderators)).private("Saved")
    work, answer = await published(stage, stage.alice)
    (first,) = with_pictures(wall)
    if again == "flagged":
        await stage.alice.click(await answer.message(), "Mark as NSFW")
        await answer.says("NSFW")
    else:
        bob, olga = (stage.person(user, moderators) for user in (stage.world.bob, stage.world.olga))
        await (await bob.submit(await bob.click(first, "Report"), reason="hm")).private("moderators have it")
        (report,) = with_pictures(moderators)
        for _ in range(2):
            await (await olga.click(report, "Hide")).private("Hidden")
            assert not with_pictures(wall)
            await (await olga.click(report, "Leave it")).private("the work stays")
    (post,) = with_pictures(wall)
    assert post["id"] != first["id"]
    assert f"discord:{wall.id}/{post['id']}" in [one.removesuffix(GATED) for one in stage.parts.posts.of(work)]


@arranged(with_forum)
async def test_moderators_are_told_what_one_of_them_hid_without_a_report(stage: Stage) -> None:
    moderators = named(stage, "moderators")
    await (await stage.olga.slash("settings channels", moderators=moderators)).private("Saved")
    work, _ = await published(stage, stage.alice)
    page = await (await stage.olga.slash("gallery new")).says("Newest")
    await (await stage.olga.click(page, "Hide")).private("Hidden")
    (told,) = with_pictures(moderators)
    assert "By Olga" in text_of(told)
    stage.world.guild.moderators.add(stage.world.bob.id)
    await (await stage.person(stage.world.bob, moderators).click(told, "Leave it")).private("the work stays")
    assert not stage.parts.community.gallery.work(work).hidden


def renamed(message: Json, custom_id: str) -> Json:
    """As another release has made its first button."""
    (button, *_) = components_of(message, BUTTON)
    button["custom_id"] = custom_id
    return message


@pytest.mark.parametrize(
    "custom_id", ["tb:tomorrows:abc", "tb2:vote:abc", "quite other", "tb:vote:a b", "ts:pick:english"]
)
@play
async def test_a_button_of_another_release_is_answered(stage: Stage, custom_id: str) -> None:
    await published(stage, stage.alice)
    page = await (await stage.alice.slash("gallery new")).says("Newest")
    await (await stage.alice.click(renamed(page, custom_id), custom_id)).private("another release", "`/help`")


@play
async def test_a_form_and_a_command_of_another_release_are_answered(stage: Stage) -> None:
    form = await stage.alice.slash("paint_new")
    form.modal["custom_id"] = "tb:tomorrows:abc"
    await (await stage.alice.submit(form, **_given(form.modal))).private("another release")
    for command in stage.world.commands:
        if command["name"] == "queue":
            command["name"] = "line"
    await (await stage.alice.slash("line")).private("another release")


def _given(modal: Json) -> dict[str, Any]:
    return {row["component"]["custom_id"]: DOODLE for row in modal["components"] if row["component"]["type"] == 19}
