"""Messages that show works: which are due to be changed, in which order, and answers of jobs that were deleted."""

import json
from datetime import timedelta

import pytest

from bot.community import Community
from bot.community.posts import DOUBLED, FIRST_PAUSE, MOST_OUTAGES, MOST_TRIES, SOON, Post, Posts, answered_at
from tests.bot.community.people import ALICE, BOB, paint, publish, set_clock

KIND = ("discord:",)


def test_what_was_put_off_comes_later_and_after_all_others(community: Community) -> None:
    posts, clock = Posts(community.desk), set_clock(community.desk)
    first, second, third = (Post("gone", f"discord:1/{number}") for number in (1, 2, 3))
    for post in (first, second, third):
        posts.add(post.work_id, post.place)
    assert posts.out_of_place(KIND, limit=2) == [first, second]
    posts.put_off(first, refused=True)
    posts.put_off(second, refused=False)
    assert posts.out_of_place(KIND) == [third]
    clock.now += SOON
    assert posts.out_of_place(KIND) == [third, second]
    clock.now += FIRST_PAUSE
    assert posts.out_of_place(KIND) == [third, second, first]


def test_pauses_grow_and_the_last_refusal_forgets(community: Community) -> None:
    posts, clock = Posts(community.desk), set_clock(community.desk)
    post = Post("gone", "discord:1/2")
    posts.add(post.work_id, post.place)
    for tries in range(MOST_TRIES - 1):
        posts.put_off(post, refused=True)
        clock.now += FIRST_PAUSE * min(2**tries, 6) - timedelta(seconds=1)
        assert posts.out_of_place(KIND) == []
        clock.pass_(hours=6)
        assert posts.out_of_place(KIND) == [post]
        posts.put_off(post, refused=False)  # an outage in between is no refusal
        clock.now += SOON
    posts.put_off(post, refused=True)
    posts.put_off(post, refused=True)  # there is none any more
    assert posts.of("gone") == []


def test_what_fails_in_passing_through_a_week_is_forgotten_too(community: Community) -> None:
    posts, clock = Posts(community.desk), set_clock(community.desk)
    post, began = Post("gone", "discord:1/2"), clock.now
    posts.add(post.work_id, post.place)
    for outages in range(MOST_OUTAGES - 1):
        posts.put_off(post, refused=False)
        clock.now += SOON * 2 ** min(outages, DOUBLED) - timedelta(seconds=1)
        assert posts.out_of_place(KIND) == []
        clock.now += timedelta(seconds=1)
        assert posts.out_of_place(KIND) == [post]
    posts.put_off(post, refused=False)
    assert posts.of("gone") == []
    assert timedelta(days=6) < clock.now - began < timedelta(days=8)


def test_what_was_put_off_is_known_by_kind_also_before_its_time(community: Community) -> None:
    posts = Posts(community.desk)
    half, page, whole = (Post("gone", place) for place in ("discord:1/2", "discord-page:1/3", "discord:1/4"))
    for post in (half, page, whole):
        posts.add(post.work_id, post.place)
    for post in (half, page):
        posts.put_off(post, refused=False)
    assert posts.put_off_of("gone", "discord:") == [half]
    assert posts.put_off_of("other", "discord:") == []


def test_only_what_is_shown_counts_as_shown_again(community: Community) -> None:
    posts = Posts(community.desk)
    shown, hidden = publish(community), publish(community)
    community.works.hide(hidden.id, BOB)
    for work in (shown.id, hidden.id, "gone"):
        posts.add(work, "discord-down:")
    assert [post.work_id for post in posts.shown_again("discord-down:")] == [shown.id]
    posts.put_off(Post(shown.id, "discord-down:"), refused=True)
    assert posts.shown_again("discord-down:") == []


def test_where_a_deleted_job_was_answered_is_known(community: Community) -> None:
    posts, privacy = Posts(community.desk), community.privacy
    address = json.dumps({"user": 1, "channel": 2, "message": 3})
    jobs = [paint(community.desk, person=person, address=address) for person in (ALICE, ALICE, BOB)]
    silent = paint(community.desk, person=ALICE, address="~/painting.png", front="cli")
    privacy.delete_job(jobs[0], ALICE)
    assert posts.of(jobs[0]) == ["discord-job:2/3"]
    privacy.delete(ALICE)
    assert posts.of(jobs[1]) == ["discord-job:2/3"]
    privacy.delete_old(community.desk.clock() + timedelta(days=1))
    assert (posts.of(jobs[2]), posts.of(silent)) == ([], [])
    assert [post.work_id for post in posts.out_of_place(("discord-job:",))] == jobs[:2]


@pytest.mark.parametrize("address", ["", "[]", "7", '{"channel": 1}', '{"channel": "a", "message": 2}', "path/of.png"])
def test_other_addresses_name_no_message(address: str) -> None:
    assert answered_at("discord", address) is None
