"""Challenges: prompts are posted where a server wants them, everybody has one vote, winners are told once."""

from datetime import timedelta
from typing import Any

import numpy as np

from bot.discord.housekeeping import Housekeeping
from tests.bot.discord.stage import DOODLE, Stage, arranged, play
from tests.bot.discord.test_sharing import named, published, with_forum
from tests.loopback.people import Person, text_of, until
from tests.loopback.world import Json
from worker.contract.pictures import encode_png


async def rounds(stage: Stage, count: int = 2) -> None:
    for _ in range(count):
        await Housekeeping(stage.bot, stage.parts).round()


async def entered(stage: Stage, person: Person) -> str:
    """A work that takes part; its id."""
    _, answer = await published(stage, person)
    await (await person.click(await answer.message(), "Enter the challenge")).private("takes part")
    job = next(one.job_id for one in stage.desk.last_jobs(f"discord:{person.user.id}", limit=1))
    found = stage.parts.community.gallery.of_job(job)
    assert found is not None
    return found.id


def told(stage: Stage, words: str) -> list[Json]:
    return [one for one in stage.world.said() if words in text_of(one)]


def later(stage: Stage, days: int) -> None:
    real = stage.desk.clock
    stage.desk.clock = lambda: real() + timedelta(days=days)


@arranged(with_forum)
async def test_the_prompt_is_posted_in_its_channel_once(stage: Stage) -> None:
    walls = named(stage, "moderators")
    await (await stage.olga.slash("settings channels", challenge=walls)).private("Saved")
    await (await stage.olga.slash("settings challenge", prompt="A storm at sea", doodle=DOODLE)).says("A storm at sea")
    await rounds(stage)
    posted = [one for one in walls.messages.values() if "A storm at sea" in text_of(one)]
    assert len(posted) == 1
    assert posted[0]["attachments"]
    await (await stage.person(stage.world.alice, walls).menu("Paint this doodle", posted[0])).private("Your tray")


@play
async def test_a_prompt_that_was_begun_in_its_channel_is_not_posted_again(stage: Stage) -> None:
    await (await stage.olga.slash("settings channels", challenge=stage.world.channel)).private("Saved")
    await (await stage.olga.slash("settings challenge", prompt="A storm at sea")).says("A storm at sea")
    await rounds(stage)
    assert len(told(stage, "A storm at sea")) == 1


@play
async def test_a_large_doodle_begins_a_challenge_all_the_same(stage: Stage) -> None:
    stage.world.upload_limit = 60_000
    noise = "noise.png", encode_png(np.random.default_rng(0).integers(0, 255, (300, 400, 3), np.uint8), {"seed": 1})
    begun = await stage.olga.slash("settings challenge", prompt="A storm at sea", doodle=noise)
    (picture,) = (await begun.says("A storm at sea"))["attachments"]
    assert len(stage.world.bytes_of(picture)) <= 60_000


@play
async def test_everybody_has_one_vote(stage: Stage) -> None:
    await (await stage.olga.slash("settings challenge", prompt="A storm at sea")).says("A storm at sea")
    first, second = await entered(stage, stage.alice), await entered(stage, stage.olga)
    page = await (await stage.bob.slash("gallery challenge")).says("A storm at sea")
    assert first in page["attachments"][0]["filename"]
    await (await stage.bob.click(page, "Vote")).private("1 ♥")
    await stage.bob.click(page, "More")
    await until(lambda: second in page["attachments"][0]["filename"])
    await (await stage.bob.click(page, "Vote")).private("1 ♥")  # it moves
    challenge = stage.parts.community.challenges.open(f"discord:{stage.world.guild.id}")[0]
    votes = {one.work: one.votes for one in stage.parts.community.challenges.standings(challenge.id)}
    assert votes == {first: 0, second: 1}
    await (await stage.bob.click(page, "Vote")).private("0 ♥")  # and back
    await (await stage.olga.click(page, "Vote")).private("your own")


@play
async def test_a_work_that_enters_stays_the_same_work(stage: Stage) -> None:
    await (await stage.olga.slash("settings challenge", prompt="A storm at sea")).says("A storm at sea")
    work, answer = await published(stage, stage.alice)
    page = await (await stage.bob.slash("gallery new")).says("Newest")
    await (await stage.bob.click(page, "Vote")).private("1 ♥")
    offered = await answer.message()
    for _ in range(2):
        await (await stage.alice.click(offered, "Enter the challenge")).private("takes part")
    found = stage.parts.community.gallery.work(work)
    assert found.votes == 1
    assert found.challenge is not None
    await (await stage.bob.click(page, "Vote")).private("Your one vote in this challenge", "1 ♥")
    await (await stage.olga.slash("settings challenge", prompt="A bridge", days=1)).says("A bridge")
    await (await stage.alice.click(offered, "Enter the challenge")).private("takes part")
    assert stage.parts.community.gallery.work(work).challenge == found.challenge  # where it has a vote
    await stage.alice.click(offered, "Take it back")
    await until(lambda: "Taken back" in text_of(offered))


@play
async def test_one_challenge_a_week_begins_by_itself(stage: Stage) -> None:
    await (await stage.olga.slash("settings language", language="de")).private("Saved")
    await (await stage.olga.slash("settings challenge", weekly=True)).private("every week: yes")
    await rounds(stage)
    posted = told(stage, "Diese Woche")
    assert len(posted) == 1
    later(stage, 8)
    await rounds(stage)
    assert len(told(stage, "Diese Woche")) == 2
    assert len(told(stage, "Die Aufgabe ist vorbei")) == 1
    await (await stage.olga.slash("settings challenge", weekly=False)).private("every week: no")
    later(stage, 8)
    await rounds(stage)
    assert len(told(stage, "Diese Woche")) == 2


@play
async def test_winners_are_shown_with_the_first_ones_painting(stage: Stage) -> None:
    await (await stage.olga.slash("settings channels", challenge=stage.world.channel)).private("Saved")
    await (await stage.olga.slash("settings challenge", prompt="A storm at sea")).says("A storm at sea")
    await entered(stage, stage.alice)
    page = await (await stage.bob.slash("gallery challenge")).says("A storm at sea")
    await (await stage.bob.click(page, "Vote")).private("1 ♥")
    later(stage, 8)
    await rounds(stage)
    winners = told(stage, "The challenge is over")
    assert len(winners) == 1
    assert winners[0]["attachments"][0]["description"]
    await (await stage.bob.slash("gallery challenge")).says("The challenge is over", "1 ♥")


@play
async def test_a_challenge_needs_a_prompt(stage: Stage) -> None:
    await (await stage.olga.slash("settings challenge")).private("needs a prompt")
    await (await stage.alice.slash("gallery challenge")).private("no challenge just now")


@arranged(with_forum)
async def test_settings_can_be_taken_back(stage: Stage) -> None:
    async def change(command: str, **options: Any) -> str:
        return text_of(await (await stage.olga.slash(command, **options)).private("Saved"))

    forum = named(stage, "walls")
    assert f"<#{forum.id}>" in await change("settings channels", gallery=forum)
    assert f"<#{forum.id}>" not in await change("settings channels", unset="gallery")
    assert f"<#{stage.world.channel.id}>" in await change("settings channels", paint=stage.world.channel)
    assert f"<#{stage.world.channel.id}>" not in await change("settings channels", unset="paint")
    assert "time and person: 2" in await change("settings caps", jobs=2)
    assert "time and person: not set" in await change("settings caps", jobs=0)
    assert "German" in await change("settings language", language="de")
    assert "each person's own" in await change("settings language", language="own")
