"""Works: publishing, hiding, lineage, and the gallery's pages."""

from collections.abc import Callable
from datetime import timedelta
from time import perf_counter

import pytest
from sqlalchemy import text

from bot.community import Community, NotThereError, Publication, Query, Work
from bot.community.gallery import DAYS
from bot.desk import RefusedError, UnknownJobError
from tests.bot.community.people import (
    ALICE,
    BOB,
    CHARLIE,
    ELSEWHERE,
    SERVER,
    at_once,
    doodle,
    many_works,
    paint,
    publish,
    set_clock,
    set_votes,
)


def test_a_painting_becomes_a_work_once(community: Community) -> None:
    job_id = paint(community.desk, server=SERVER, style_key="house:coast-dusk")
    said = Publication(author="Alice", title="  Dusk\nat\x00 sea ", labels=("sky", "sea", "sky"))
    outcomes = at_once([lambda: community.works.publish(job_id, ALICE, said)] * 4)
    works = {outcome.id for outcome in outcomes if not isinstance(outcome, Exception)}
    assert len(works) == 1, outcomes
    work = community.gallery.work(works.pop())
    assert (work.title, work.labels, work.votes, work.nsfw) == ("Dusk at sea", ("sea", "sky"), 0, False)
    assert work.alt == "A painting of sky, sea in the style of Rocky coast at dusk."  # in the order told
    assert (work.server, work.style_key, work.credit) == (
        SERVER,
        "house:coast-dusk",
        "Twobit, CC0-1.0, painted by a program for this project",
    )
    assert community.gallery.of_job(job_id) == work
    assert community.works.publish(job_id, ALICE) == work


def test_only_ones_own_finished_painting(community: Community) -> None:
    job_id = paint(community.desk)
    with pytest.raises(RefusedError, match="Only the one who asked"):
        community.works.publish(job_id, BOB)
    with pytest.raises(UnknownJobError):
        community.works.publish("nothing", BOB)
    work = community.works.publish(job_id, ALICE)
    for act in (
        lambda: community.works.unpublish(work.id, BOB),
        lambda: community.works.edit(work.id, BOB, title="mine"),
        lambda: community.works.flag(work.id, BOB, nsfw=True),
    ):
        with pytest.raises(RefusedError, match="Only the one who published"):
            act()
    assert community.works.edit(work.id, ALICE, title="Dusk").title == "Dusk"


def test_hidden_is_not_gone_and_gone_is_not_hidden(community: Community) -> None:
    work = publish(community, server=SERVER)
    with pytest.raises(RefusedError, match="another server"):
        community.works.hide(work.id, "discord:mod", server=ELSEWHERE)
    hidden = community.works.hide(work.id, "discord:mod", "not for all", server=SERVER)
    assert (hidden.hidden, hidden.hidden_reason) == (True, "not for all")
    assert community.gallery.page(Query()).works == ()
    assert community.gallery.page(Query(person=ALICE, hidden=True)).works == (hidden,)
    assert community.gallery.work(work.id).hidden  # a page says 410
    assert not community.works.show(work.id).hidden
    community.works.unpublish(work.id, ALICE)
    with pytest.raises(NotThereError):
        community.gallery.work(work.id)  # a page says 404
    assert community.desk.painting(work.job_id) == b"painting"


def test_what_a_moderator_decided_outlives_the_work(community: Community) -> None:
    desk, works = community.desk, community.works
    work = publish(community)
    works.flag(work.id, None, nsfw=True)
    works.hide(work.id, "discord:mod", "not for all")
    works.unpublish(work.id, ALICE)
    assert (desk.recipe(work.job_id).hidden, desk.recipe(work.job_id).nsfw) == (True, True)
    again = works.publish(work.job_id, ALICE)
    assert (again.hidden, again.nsfw) == (True, True)
    works.show(again.id)
    works.flag(again.id, None, nsfw=False)
    works.unpublish(again.id, ALICE)
    assert (desk.recipe(work.job_id).hidden, desk.recipe(work.job_id).nsfw) == (False, False)
    last = works.publish(work.job_id, ALICE)
    assert (last.hidden, last.nsfw) == (False, False)


def test_remixes_have_their_parents_flag_and_lineage(community: Community) -> None:
    root = publish(community, said=Publication(nsfw=True))
    child = publish(community, BOB, doodle=doodle(1), remix_of=root.id)
    grandchild = publish(community, CHARLIE, doodle=doodle(2), remix_of=child.id)
    other = publish(community, BOB, doodle=doodle(3), remix_of=root.id)
    assert (child.parent, child.nsfw, grandchild.nsfw) == (root.id, True, True)
    lineage = community.works.lineage(child.id)
    assert [work.id for work in lineage.ancestors] == [root.id]
    assert [node.work.id for node in lineage.tree.children] == [grandchild.id]
    whole = community.works.lineage(root.id).tree
    assert [node.work.id for node in whole.children] == [child.id, other.id]
    assert [work.id for work in community.works.lineage(grandchild.id).ancestors] == [root.id, child.id]
    with pytest.raises(RefusedError, match="keeps it"):
        community.works.flag(child.id, BOB, nsfw=False)
    community.works.unpublish(root.id, ALICE)
    assert community.gallery.work(child.id).parent is None
    assert community.works.lineage(grandchild.id).ancestors[0].id == child.id


def test_a_flag_set_later_reaches_the_remixes(community: Community) -> None:
    root = publish(community)
    child = publish(community, BOB, doodle=doodle(1), remix_of=root.id)
    grandchild = publish(community, BOB, doodle=doodle(2), remix_of=child.id)
    assert not grandchild.nsfw
    community.works.flag(root.id, None, nsfw=True)
    assert community.gallery.work(grandchild.id).nsfw
    assert community.gallery.page(Query()).works == ()
    assert len(community.gallery.page(Query(nsfw=True)).works) == 3


def test_pages_by_every_way(community: Community) -> None:
    clock = set_clock(community.desk)
    old = publish(community, said=Publication(labels=("sea",)), style_key="house:coast-dusk", server=SERVER)
    clock.pass_(days=8)
    new = publish(community, BOB, said=Publication(labels=("sea", "sky")), doodle=doodle(1))
    last = publish(community, BOB, doodle=doodle(2))
    for work, votes in ((old, 5), (new, 3), (last, 1)):
        set_votes(community, work.id, votes)

    def ids(**query: object) -> list[str]:
        return [work.id for work in community.gallery.page(Query(**query)).works]  # type: ignore[arg-type]

    assert ids() == [last.id, new.id, old.id]
    assert ids(order="top") == [old.id, new.id, last.id]
    assert ids(order="top", period="week") == [new.id, last.id]
    assert ids(order="top", period="month") == [old.id, new.id, last.id]
    assert sorted(ids(order="random")) == sorted([old.id, new.id, last.id])
    assert ids(person=BOB) == [last.id, new.id]
    assert ids(style="house:coast-dusk") == ids(server=SERVER) == [old.id]
    assert ids(label="sea") == [new.id, old.id]
    assert ids(label="sea", person=BOB) == [new.id]


@pytest.mark.parametrize("order", ["newest", "top"])
def test_all_pages_together_show_each_work_once(community: Community, order: str) -> None:
    many_works(community, 60)
    query, after = Query(order=order), None  # type: ignore[arg-type]
    seen: list[Work] = []
    for number in range(10):
        page = community.gallery.page(query, after=after, limit=7)
        seen += page.works
        if number == 3:  # what comes in while somebody turns pages shifts nothing
            publish(community, BOB, doodle=doodle(1))
        after = page.after
        if after is None:
            break
    ids = [work.id for work in seen]
    old = [f"work{number:08d}" for number in range(60)]
    assert len(ids) == len(set(ids))
    assert set(ids) >= set(old)
    if order == "top":
        assert [work.votes for work in seen] == sorted((work.votes for work in seen), reverse=True)
    else:
        assert ids[:60] == old[::-1]
    with pytest.raises(RefusedError, match="page is not there"):
        community.gallery.page(query, after="x'; drop table work")


def test_thousands_of_works_are_no_burden(community: Community) -> None:
    first = many_works(community, 3000)
    with community.desk.database.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    for query in (
        Query(),
        Query(order="top"),
        Query(order="top", period="month"),
        Query(order="random"),
        Query(person="discord:7"),
        Query(style="house:coast-dusk"),
        Query(label="sea"),
    ):
        # The quickest: other work on this machine must not fail it. A scan of all works would, each time.
        assert min(seconds(lambda query=query: community.gallery.page(query)) for _ in range(9)) < 0.05, query  # type: ignore[misc]
    assert min(seconds(lambda: community.works.lineage(first.id)) for _ in range(9)) < 0.05


def seconds(call: Callable[[], object]) -> float:
    began = perf_counter()
    call()
    return perf_counter() - began


def test_a_period_is_that_of_its_name() -> None:
    assert [timedelta(days=days or 0) for days in DAYS.values()] == [timedelta(7), timedelta(30), timedelta(0)]
