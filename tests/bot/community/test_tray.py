"""Trays."""

from functools import partial

import pytest

from bot.community import Community
from bot.desk import RefusedError
from tests.bot.community.people import ALICE, BOB, DOODLE, MAP, STYLE, at_once, doodle, set_clock
from worker.contract import PaintOptions


def test_pictures_come_one_by_one_and_become_a_request(community: Community) -> None:
    assert community.tray.show(ALICE).missing == ("style", "style_map", "doodle")
    assert community.tray.put(ALICE, "doodle", DOODLE, "my doodle.png").missing == ("style", "style_map")
    with pytest.raises(RefusedError, match="lacks style and style map"):
        community.tray.request(ALICE, front="discord", address="here")
    community.tray.put(ALICE, "style", STYLE, "style.png")
    contents = Community(community.desk).tray.put(ALICE, "style_map", MAP, "")  # after a restart
    assert contents.missing == ()
    assert (contents.pictures["doodle"].width, contents.pictures["doodle"].name) == (64, "my doodle.png")
    request = community.tray.request(
        ALICE, front="discord", address="here", options=PaintOptions(seed=7), server="discord:77"
    )
    assert (request.style, request.doodle, request.content) == (STYLE, DOODLE, None)
    assert (request.server, request.names["doodle"]) == ("discord:77", "my doodle.png")
    assert community.desk.standing(community.desk.accept(request).job_id).person == ALICE
    assert community.tray.show(BOB).pictures == {}


def test_a_picture_replaced_or_taken_away_leaves_the_store(community: Community) -> None:
    community.tray.put(ALICE, "doodle", doodle(1), "one")
    community.tray.put(ALICE, "doodle", doodle(2), "two")
    assert len(community.desk.store.digests()) == 1
    community.tray.put(BOB, "doodle", doodle(2), "the same")
    community.tray.take(ALICE, "doodle")
    assert len(community.desk.store.digests()) == 1  # Bob's
    community.tray.clear(BOB)
    assert community.desk.store.digests() == []


def test_a_style_of_the_library_brings_its_map_and_leaves_with_it(community: Community) -> None:
    house = community.styles.get("coast-dusk", ALICE)
    contents = community.tray.use_style(ALICE, house)
    assert (contents.missing, contents.style_key) == (("doodle",), "house:coast-dusk")
    community.tray.put(ALICE, "doodle", DOODLE, "doodle")
    request = community.tray.request(ALICE, front="web", address="")
    assert request.style_key == "house:coast-dusk"
    assert request.label_names == {label.colour: label.name for label in house.labels}
    assert community.tray.put(ALICE, "style", STYLE, "mine").missing == ("style_map",)
    community.tray.use_style(ALICE, house)
    contents = community.tray.put(ALICE, "style_map", MAP, "another map")
    assert (contents.missing, contents.style_key) == ((), None)


def test_it_is_empty_after_a_day(community: Community) -> None:
    clock = set_clock(community.desk)
    community.tray.put(ALICE, "doodle", DOODLE, "doodle")
    clock.pass_(hours=23)
    assert community.tray.sweep() == 0
    community.tray.put(ALICE, "style", STYLE, "style")
    clock.pass_(hours=1)
    assert set(community.tray.show(ALICE).pictures) == {"style"}  # before any sweep
    assert community.tray.sweep() == 1
    assert len(community.desk.store.digests()) == 1


def test_what_is_no_picture_is_refused_and_changes_nothing(community: Community) -> None:
    community.tray.put(ALICE, "doodle", DOODLE, "doodle")
    with pytest.raises(RefusedError, match=r"broken\.png"):
        community.tray.put(ALICE, "doodle", DOODLE[: len(DOODLE) // 2], "broken.png")
    with pytest.raises(RefusedError, match="no place in the tray"):
        community.tray.put(ALICE, "frame", DOODLE, "doodle")  # type: ignore[arg-type]
    assert community.tray.show(ALICE).pictures["doodle"].name == "doodle"


def test_two_pictures_for_one_place_at_once(community: Community) -> None:
    puts = [partial(community.tray.put, ALICE, "doodle", doodle(n % 3), f"{n}") for n in range(6)]
    assert not [error for error in at_once(puts) if isinstance(error, Exception)]
    left = community.tray.show(ALICE).pictures["doodle"].digest
    assert left in community.desk.store.digests()
    assert community.desk.store.get(left)
