"""Discord's limits and people's odd names: what a person waits for comes all the same, and a name is no markup."""

import colorsys

from bot.community import NewStyle
from bot.discord.doubts import doubts_of
from bot.discord.lengths import MOST, cut
from bot.styles import Label
from tests.bot.discord.stage import DOODLE, MAP, STYLE, Stage, arranged, play
from tests.bot.discord.test_painting import SPARSE, own_style
from tests.bot.discord.test_sharing import named, published, with_forum
from tests.loopback.people import text_of, until
from tests.pictures import SAND, SEA, SKY, flat, painted, png
from worker.contract import Done

EVIL = "**x** [click](https://evil.example) @everyone `y`"


def test_a_text_is_cut_between_lines_or_words() -> None:
    assert cut("short") == "short"
    lines = cut("\n".join("word " * 10 for _ in range(100)))
    assert len(lines) <= MOST
    assert lines.endswith("word \n…")
    words = cut("word " * 1000)
    assert words.endswith("word\n…")
    assert MOST - 10 < len(words) <= MOST
    assert len(cut("x" * 5000)) <= MOST
    assert cut("a\n" + "x" * 5000).startswith("a\nxx")


@play
async def test_a_painting_with_many_notes_is_delivered(stage: Stage) -> None:
    asked = await own_style(stage, stage.alice)
    job = await stage.job()
    stage.begin(job)
    notes = tuple(
        f"Label {number} is 3% of the doodle, but only 0.1% of the style map: the same strokes will be seen 30 times"
        for number in range(32)
    )
    done = {"result": stage.desk.store.put(STYLE[1]), "width": 64, "height": 48, "seconds": 2.0, "notes": notes}
    stage.hear(Done(job_id=job, attempt=1, worker="w", **done))  # type: ignore[arg-type]
    message = await stage.shown(job)
    assert message["id"] == (await asked.message())["id"]
    assert "64×48" in text_of(message)
    assert text_of(message).endswith("…")


@play
async def test_a_style_of_many_labels_is_shown(stage: Stage) -> None:
    colours = [tuple(int(255 * part) for part in colorsys.hsv_to_rgb(n / 32, 1, 1 - n % 2 * 0.4)) for n in range(32)]
    picture = flat(640, 64, colours)  # type: ignore[arg-type]
    names = [f"my_own_*label*_{number:02}_{'x' * 20}" for number in range(32)]
    labels = [Label(name=name, colour=f"#{bytes(one).hex()}") for name, one in zip(names, colours, strict=True)]
    new = NewStyle("Many", png(painted(picture)), png(picture), labels)
    stage.parts.community.styles.add(new, f"discord:{stage.world.alice.id}")
    await (await stage.alice.slash("style show", style="many")).private("**Many**", r"my\_own\_\*label\*\_00")


@arranged(with_forum)
async def test_moderators_read_the_whole_reason(stage: Stage) -> None:
    moderators = named(stage, "moderators")
    await (await stage.olga.slash("settings channels", moderators=moderators)).private("Saved")
    await published(stage, stage.alice)
    page = await (await stage.bob.slash("gallery new")).says("Newest")
    reason = "_because_ " * 38 + "that is why"
    await stage.bob.submit(await stage.bob.click(page, "Report"), reason=reason)
    told = await until(lambda: next(iter(moderators.messages.values()), None))
    assert "that is why" in text_of(told)


@play
async def test_names_are_words_and_no_markup(stage: Stage) -> None:
    await (await stage.alice.slash("style add", name=EVIL, picture=STYLE, map=MAP)).private("is there")
    asked = await stage.alice.slash("paint", style=EVIL, doodle=DOODLE)
    job = await stage.job()
    stage.finish(job)
    message = await stage.shown(job)
    assert r"\*\*x\*\* \[click](" in text_of(await asked.message())
    assert f"style {EVIL}, from" in message["attachments"][0]["description"]  # which knows no markup
    work, _ = await published(stage, stage.alice)
    assert work
    for one in stage.world.said():
        assert " [click]" not in text_of(one)


def test_a_label_that_begins_like_a_colour_is_no_markup_either() -> None:
    map_ = png(flat(64, 48, [SKY, SEA, SAND]))
    odd = png(flat(64, 48, [SKY, (255, 0, 255), SAND]))
    names = {f"#{bytes(colour).hex()}": f"#[{n}](https://evil.example)" for n, colour in enumerate((SKY, SEA, SAND))}
    told = doubts_of(odd, map_, odd, names).told("en")
    assert told.count("evil.example") > 3
    assert "[" not in told.replace(r"\[", "")


@play
async def test_files_are_called_what_they_are_called(stage: Stage) -> None:
    form = await stage.alice.slash("paint_new")
    asked = await stage.alice.submit(form, style=("a_b.png", STYLE[1]), style_map=MAP, doodle=("c_d.png", SPARSE[1]))
    await asked.private("look before I paint")
    await (await stage.alice.slash("tray")).private(r"style: a\_b.png", r"doodle: c\_d.png")
    asked = await stage.alice.slash("style suggest_map", picture=("my_[own](coast).png", STYLE[1]))
    stage.suggest(await stage.job(), MAP[1])
    shown = await asked.private("A suggested map")
    assert shown["attachments"][0]["description"].startswith("A suggested map of my [own](coast)")
    await (await stage.alice.slash("paint", style="coast-dusk", doodle=("a_b.png", b""))).private(r"a\_b.png is empty")
