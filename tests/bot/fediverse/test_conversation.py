"""What people say to the bot, and what it answers, on both networks."""

import pytest
from sqlalchemy import select

from bot.community.tables import SaidRow
from tests.bot.community.people import fail
from tests.bot.fediverse.stage import (
    DOODLE,
    GALLERY,
    HOUSE_DOODLE,
    MAP,
    ON_BOTH,
    OWN,
    PHOTO,
    SAME_SHAPE,
    STYLE,
    Stage,
)
from tests.pictures import SAND, SEA, SKY, flat, png


def test_a_doodle_and_a_style_become_a_painting(stage: Stage) -> None:
    said = stage.painted("alice", "night harbour, seed 7 please", [(HOUSE_DOODLE, "")])
    assert "seed 7" in said.text
    assert "Night city by the water" in said.text
    assert "CC0" in said.text
    assert said.pictures
    assert "quay" in said.alts[0]
    recipe = stage.desk.recipe(stage.desk.last_jobs(stage.net.person("alice"))[0].job_id)
    assert (recipe.options.seed, recipe.style_key) == (7, "house:night-harbour")


def test_the_style_is_known_by_the_doodles_colours(stage: Stage) -> None:
    stage.painted("alice", "please", [(HOUSE_DOODLE, "what I drew")])
    recipe = stage.desk.recipe(stage.desk.last_jobs(stage.net.person("alice"))[0].job_id)
    assert recipe.style_key == "house:night-harbour"


def test_pictures_of_ones_own_in_any_order_with_descriptions(stage: Stage) -> None:
    stage.painted("alice", "", [(DOODLE, "the doodle"), (MAP, "style map"), (STYLE, "style")])
    recipe = stage.desk.recipe(stage.desk.last_jobs(stage.net.person("alice"))[0].job_id)
    store = stage.desk.store
    assert [store.get(one) for one in (recipe.style, recipe.style_map, recipe.doodle)] == [STYLE, MAP, DOODLE]


def test_pictures_of_ones_own_told_apart_by_what_they_are(stage: Stage) -> None:
    stage.painted("alice", "", [(DOODLE, ""), (PHOTO, "content"), (STYLE, ""), (MAP, "")])
    recipe = stage.desk.recipe(stage.desk.last_jobs(stage.net.person("alice"))[0].job_id)
    store = stage.desk.store
    assert recipe.content is not None
    assert store.get(recipe.content) == PHOTO
    assert [store.get(one) for one in (recipe.style, recipe.style_map, recipe.doodle)] == [STYLE, MAP, DOODLE]


def test_in_doubt_it_asks_back_once(stage: Stage) -> None:
    post = stage.net.post("alice", "", [(SAME_SHAPE, ""), (MAP, "")])
    stage.hear()
    (question,) = stage.replies(post)
    assert "map" in question.text
    # the answer names what was asked for; nothing needs to be sent again
    first = stage.net.post("bob", "", [(STYLE, ""), (PHOTO, ""), (SAME_SHAPE, "")])
    stage.hear()
    (asked,) = stage.replies(first)
    assert "which picture is which" in asked.text
    answer = stage.net.post("bob", "style map doodle", to=asked.id)
    stage.hear()
    (still,) = stage.replies(answer)  # a photo is no map: no second question, but the way out
    assert "can't paint that" in still.text or "still can't tell" in still.text
    last = stage.net.post("bob", "hm", to=still.id)
    stage.hear()
    assert stage.replies(last) == []


def test_an_answer_to_the_question_paints_what_was_sent_before(stage: Stage) -> None:
    post = stage.net.post("alice", "", [(MAP, "")])
    stage.hear()
    (asked,) = stage.replies(post)
    assert "night-harbour" in asked.text
    doubtful = stage.net.post("alice", "nice", [(HOUSE_DOODLE, ""), (HOUSE_DOODLE, "")])
    stage.hear()
    (which,) = stage.replies(doubtful)
    del which
    flat = stage.net.post("carol", "", [(STYLE, ""), (MAP, ""), (DOODLE, "what")])
    stage.hear()
    assert stage.replies(flat) == []
    assert len(stage.jobs("carol")) == 1


def test_a_style_named_in_reply_to_the_question(stage: Stage) -> None:
    post = stage.net.post("alice", "qwertz", [(MAP, "")])
    stage.hear()
    (asked,) = stage.replies(post)
    assert "qwertz" in asked.text
    answer = stage.net.post("alice", "coast-dusk", to=asked.id)
    stage.hear()
    replies = stage.replies(answer)  # these colours are none of that style's: it says what is wrong
    assert len(replies) + len(stage.jobs("alice")) == 1


def test_lists_and_sheets(stage: Stage) -> None:
    assert "night-harbour" in stage.answer("alice", "styles").text
    sheet = stage.answer("alice", "show night-harbour")
    assert len(sheet.pictures) == 2
    assert "quay" in sheet.alts[0]
    if stage.net.name == "mastodon":  # a timeline crops it: to its painting, not to its middle
        assert [one["meta"]["focus"]["y"] for one in sheet.raw["media_attachments"]] == [0.6, 0.0]
    assert "night-harbour" in stage.answer("alice", "show monet").text
    assert "doodle" in stage.answer("alice", "help").text


@pytest.mark.parametrize(
    ("words", "language", "found"),
    [
        ("stile", "de", "Stile: "),
        ("liste des styles", "fr", "Styles : "),
        ("estilos", "es", "Estilos: "),
        ("スタイル一覧", "ja", "スタイル: "),
        ("stile", "en", "Styles: "),
    ],
)
def test_each_language_is_understood_and_answered(stage: Stage, words: str, language: str, found: str) -> None:
    assert found in stage.answer("alice", words, language=language).text


def test_all_that_is_said_is_said_in_the_askers_language(stage: Stage) -> None:
    """Also what comes from the desk, the map report and the house styles."""

    def told(words: str, picture: bytes) -> str:
        return stage.answer("alice", words, [(picture, "")], language="de").text

    assert "fehlt" in told("coast-dusk", MAP)  # colours that this style does not have
    assert "size ist 9000 und muss ≤ 2048 sein" in told("night-harbour size 9000", HOUSE_DOODLE)
    assert "seed ist 9999999999" in told("night-harbour seed 9999999999", HOUSE_DOODLE)
    assert "px je Seite" in told("night-harbour", png(flat(6, 4, [SKY, SEA, SAND])))
    assert "Kai #8a6a5a" in stage.answer("alice", "show night-harbour", language="de").alts[0]
    said = stage.painted("alice", "night-harbour", [(HOUSE_DOODLE, "")], language="de")
    assert "Kai" in said.alts[0]
    assert "quay" not in said.alts[0]
    post = stage.net.post("bob", "", OWN, language="de")
    stage.hear()
    (job_id,) = stage.jobs("bob")
    fail(stage.desk, job_id, "The doodle is too wild")
    stage.deliver()
    (why,) = stage.replies(post)
    assert "lassen sich nicht malen: The doodle is too wild." in why.text


def test_under_a_painting(stage: Stage) -> None:
    first = stage.painted("alice")
    job = stage.desk.last_jobs(stage.net.person("alice"))[0].job_id
    seed = stage.desk.recipe(job).options.seed
    for words in ("again", "vary beta down", "larger"):
        stage.net.post("alice", words, to=first.id)
        stage.hear()
    again, vary, larger = (stage.desk.recipe(one).options for one in reversed(stage.jobs("alice")))
    assert again.seed != seed
    assert (vary.seed, vary.beta) == (seed, 25.0)
    assert larger.width == 96
    stage.finish("alice")
    assert "seed" in stage.answer("alice", "recipe", to=first.id).text


@ON_BOTH
def test_another_doodle_in_reply_is_a_remix(stage: Stage) -> None:
    first = stage.painted("alice")
    refused = stage.answer("bob", "mine", [(SAME_SHAPE, "")], to=first.id)
    assert "not published" in refused.text
    link = stage.answer("alice", "publish Bay at noon", to=first.id).text
    assert f"{GALLERY}/work/" in link
    post = stage.net.post("bob", "mine", [(SAME_SHAPE, "")], to=first.id)
    stage.hear()
    assert stage.replies(post) == []
    (job,) = stage.jobs("bob")
    work = stage.parts.community.gallery.of_job(stage.desk.last_jobs(stage.net.person("alice"))[0].job_id)
    assert work is not None
    assert stage.desk.recipe(job).remix_of == work.id
    assert work.title == "Bay at noon"


def test_another_style_for_a_painting_that_has_not_its_colours(stage: Stage) -> None:
    first = stage.painted("alice", "night-harbour", [(HOUSE_DOODLE, "")])
    said = stage.answer("alice", "coast-dusk", to=first.id)
    assert "I can't paint that yet" in said.text
    assert "style map" in said.text
    post = stage.net.post("alice", "night-harbour", to=said.id)  # the answer is about the same painting
    stage.hear()
    assert stage.replies(post) == []
    (job,) = stage.jobs("alice")
    assert stage.desk.recipe(job).style_key == "house:night-harbour"


def test_talk_below_a_painting_is_left_alone(stage: Stage) -> None:
    first = stage.painted("alice")
    assert stage.ask("bob", "how lovely!", to=first.id) == []
    assert len(stage.ask("carol", "what is this?")) == 1
    assert stage.ask("carol", "and who are you?") == []  # once a day is enough


@ON_BOTH
def test_delete_takes_post_and_painting(stage: Stage) -> None:
    first = stage.painted("alice")
    assert "Only the one" in stage.answer("bob", "delete", to=first.id).text
    job = stage.desk.last_jobs(stage.net.person("alice"))[0].job_id
    assert "Which one" in stage.answer("alice", "delete").text
    post = stage.net.post("alice", "delete", to=first.id)
    stage.hear()
    stage.receiver.remove()
    assert "Gone" in stage.replies(post)[0].text
    assert first.id not in [one.id for one in stage.net.said()]
    assert stage.desk.last_jobs(stage.net.person("alice")) == []
    assert job not in str(stage.desk.store.digests(stage.desk.clock()))


@ON_BOTH
def test_delete_everything(stage: Stage) -> None:
    first = stage.painted("alice")
    post = stage.net.post("alice", "delete everything", to=first.id)
    stage.hear()
    stage.receiver.remove()
    assert "gone" in stage.replies(post)[0].text
    assert first.id not in [one.id for one in stage.net.said()]
    with stage.desk.database.read() as session:
        mine = select(SaidRow).where(SaidRow.person == stage.net.person("alice"))
        assert session.execute(mine).first() is None


@ON_BOTH
def test_stop_and_start(stage: Stage) -> None:
    stage.net.post("alice", "", OWN)
    stage.hear()
    assert "leave you alone" in stage.answer("alice", "stop").text
    stage.deliver()
    assert stage.ask("alice", "help") == []
    stage.begin()  # it lasts
    assert stage.ask("alice", "", OWN) == []
    assert "back" in stage.answer("alice", "start").text
    assert len(stage.ask("alice", "help")) == 1


@ON_BOTH
def test_cancel_and_queue(stage: Stage) -> None:
    assert "Nothing of yours" in stage.answer("alice", "queue").text
    stage.net.post("alice", "", OWN)
    stage.hear()
    assert "Place 1" in stage.answer("alice", "queue").text
    assert "Cancelled" in stage.answer("alice", "cancel").text
    assert stage.deliver() == []
    assert "Cancelled" in stage.answer("alice", "cancel").text  # asked again, the same


def test_a_map_is_suggested(stage: Stage) -> None:
    post = stage.net.post("alice", "map", [(STYLE, "")])
    stage.hear()
    stage.finish("alice", MAP)
    (said,) = stage.replies(post)
    assert said.pictures == (MAP,)
    assert "draw your doodle" in said.text
