"""The library of styles."""

from dataclasses import replace
from functools import partial
from time import perf_counter

import pytest

from bot.community import Community, CommunityRules, NotThereError
from bot.desk import RefusedError
from bot.styles import Label, house_styles
from tests.bot.community.people import ALICE, BOB, DOODLE, ELSEWHERE, LABELS, NEW_STYLE, SERVER, at_once
from tests.pictures import SKY, flat, png


def test_a_style_is_its_persons_until_it_is_shared(community: Community) -> None:
    mine = community.styles.add(replace(NEW_STYLE, doodle=DOODLE), ALICE)
    assert (mine.slug, mine.scope, mine.width, mine.labels) == ("my-coast", "person", 64, LABELS)
    assert mine.credit == "Alice, CC0, my own"
    assert community.styles.data(mine).doodle == DOODLE
    with pytest.raises(NotThereError, match="no style called 'my-coast'"):
        community.styles.get("my-coast", BOB, SERVER)
    with pytest.raises(NotThereError):
        community.styles.get(mine.key, BOB, SERVER)
    community.servers.change(SERVER, BOB, style_adders="everyone")
    ours = community.styles.share(mine.key, ALICE, SERVER)
    assert community.styles.get("My Coast", BOB, SERVER) == ours
    assert community.styles.get("my-coast", ALICE, SERVER) == mine  # one's own first
    community.styles.remove(mine.key, ALICE)
    assert community.styles.get("my-coast", ALICE, SERVER) == ours
    assert community.styles.data(ours).picture == NEW_STYLE.picture
    community.styles.remove(ours.key, ALICE)
    assert community.desk.store.digests() == []


def test_a_style_is_renamed_by_whoever_added_it(community: Community) -> None:
    mine = community.styles.add(NEW_STYLE, ALICE)
    other = community.styles.add(replace(NEW_STYLE, name="Walls"), ALICE)
    renamed = community.styles.rename(mine.key, ALICE, " The  Cove ")
    assert (renamed.key, renamed.name, renamed.slug) == (mine.key, "The Cove", "the-cove")
    assert community.styles.get("the-cove", ALICE) == renamed
    with pytest.raises(NotThereError):
        community.styles.get("my-coast", ALICE)
    with pytest.raises(RefusedError, match="'walls!' is there already") as told:
        community.styles.rename(mine.key, ALICE, "walls!")
    assert (told.value.code, told.value.values) == ("style_there", {"name": "walls!"})
    for by in (BOB, ""):
        with pytest.raises(NotThereError, match="no style of yours"):
            community.styles.rename(mine.key, by, "Mine")
    with pytest.raises(NotThereError):
        community.styles.rename("house:coast-dusk", ALICE, "Mine")
    both = [partial(community.styles.rename, key, ALICE, "One name") for key in (mine.key, other.key)]
    ended = at_once(both)
    assert sorted(isinstance(one, RefusedError) for one in ended) == [False, True]


def test_a_name_of_the_house_may_be_ones_own_too(community: Community) -> None:
    house = house_styles()[0]
    assert community.styles.get(house.slug, ALICE).scope == "house"
    mine = community.styles.add(replace(NEW_STYLE, name=house.name), ALICE)
    assert community.styles.get(house.name, ALICE) == mine
    assert community.styles.get(f"house:{house.slug}", ALICE).scope == "house"
    assert [style.scope for style in community.styles.visible(ALICE)][:2] == ["person", "house"]
    data = community.styles.data(community.styles.get(house.slug, BOB))
    assert data.picture == house.picture.read_bytes()


def test_who_may_add_to_a_server(community: Community) -> None:
    with pytest.raises(RefusedError, match="moderators add the styles"):
        community.styles.add(NEW_STYLE, ALICE, server=SERVER)
    added = community.styles.add(NEW_STYLE, ALICE, server=SERVER, moderator=True)
    with pytest.raises(NotThereError):
        community.styles.remove(added.key, BOB, server=SERVER)
    with pytest.raises(NotThereError):
        community.styles.remove(added.key, BOB, server=ELSEWHERE, moderator=True)
    community.styles.remove(added.key, BOB, server=SERVER, moderator=True)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": "   "}, "name is missing"),
        ({"labels": ()}, "0 labels"),
        ({"labels": (LABELS[0], LABELS[0])}, "Two labels have the name sky"),
        ({"labels": (LABELS[0], Label(name="air", colour=LABELS[0].colour))}, "colour #508ce6"),
        ({"map": png(flat(64, 64, [SKY]))}, "their shapes differ"),
        ({"picture": b"GIF89a"}, "The style"),
        ({"source": "x" * 401}, "401 characters and 400"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(community: Community, change: dict[str, object], words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        community.styles.add(replace(NEW_STYLE, **change), ALICE)  # type: ignore[arg-type]
    assert community.desk.store.digests() == []


@pytest.mark.parametrize("name", ["夜の港", "ночная гавань", "🎨"])
def test_a_name_may_be_of_any_script(community: Community, name: str) -> None:
    added = community.styles.add(replace(NEW_STYLE, name=name), ALICE)
    assert added.slug.startswith("style-")
    assert community.styles.get(name, ALICE).key == added.key
    assert community.styles.search(name[:2], ALICE)[0].key == added.key
    with pytest.raises(RefusedError, match=f"called '{name}' is there"):
        community.styles.add(replace(NEW_STYLE, name=name), ALICE)


def test_a_removed_styles_key_is_never_anothers(community: Community) -> None:
    keys = []
    for _ in range(3):
        keys.append(community.styles.add(NEW_STYLE, ALICE).key)
        community.styles.remove(keys[-1], ALICE)
    assert len(set(keys)) == 3, keys


def test_one_name_and_the_shelfs_end_hold_at_once(community: Community) -> None:
    outcomes = at_once([lambda: community.styles.add(NEW_STYLE, ALICE)] * 4)
    assert sum(isinstance(outcome, RefusedError) for outcome in outcomes) == 3
    small = Community(community.desk, CommunityRules(person_styles=3))
    adds = [partial(small.styles.add, replace(NEW_STYLE, name=f"Style {n}"), ALICE) for n in range(6)]
    outcomes = at_once(adds)
    refused = [outcome for outcome in outcomes if isinstance(outcome, RefusedError)]
    assert len(refused) == 4
    assert "3 fit" in str(refused[0])


def test_search_prefers_beginnings_and_is_fast(community: Community) -> None:
    for name in ("Red Night", "Night Train", "Midnight"):
        community.styles.add(replace(NEW_STYLE, name=name), ALICE)
    found = [name.name for name in community.styles.search("night", ALICE)]
    assert found[0] == "Night Train"
    assert found.index("Red Night") < found.index("Midnight")
    assert community.styles.search("night-harbour", BOB)[0].key == "house:night-harbour"
    assert community.styles.search("%", ALICE) == []
    assert len(community.styles.search("", ALICE)) == 3 + len(house_styles())
    for number in range(20):
        community.styles.add(replace(NEW_STYLE, name=f"Style {number}"), ALICE)
    took = []
    for _ in range(20):
        began = perf_counter()
        community.styles.search("st", ALICE, SERVER)
        took.append(perf_counter() - began)
    assert min(took) < 0.05
