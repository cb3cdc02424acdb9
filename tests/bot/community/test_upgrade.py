"""What older releases wrote down is understood after an upgrade."""

import pytest
from alembic import command
from alembic.config import Config

from bot.community import Community
from bot.community.posts import Posts
from bot.desk import RefusedError
from bot.desk.database import MIGRATIONS
from tests.bot.community.people import NEW_STYLE, publish


def test_posts_of_works_for_adults_are_taken_for_what_they_were_behind_a_gate(community: Community) -> None:
    posts, database = Posts(community.desk), community.desk.database
    plain, adult = publish(community), publish(community)
    community.works.flag(adult.id, None, nsfw=True)
    places = {plain.id: ["discord:1/2"], adult.id: ["bluesky:at/3", "discord:1/4"]}
    for work, all_of_it in places.items():
        for place in all_of_it:
            posts.add(work, place)
    assert [post.place for post in posts.out_of_place(("discord:",))] == ["discord:1/4"]
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0010")
    database.migrate()
    assert posts.of(plain.id) == ["discord:1/2"]
    assert sorted(posts.of(adult.id)) == ["bluesky:at/3", "discord:1/4/adults"]
    assert posts.out_of_place(("discord:",)) == []


def back_and_forth(community: Community, revision: str) -> None:
    """The database of an older release, and then again of this one."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with community.desk.database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
    community.desk.database.migrate()


def test_a_release_before_can_keep_what_it_has_room_for(community: Community) -> None:
    posts = Posts(community.desk)
    short, long = f"mastodon:example.social/@twobit {'1' * 20}", f"bluesky:did:web:{'a' * 150} {'1' * 80}"
    for place in (short, long):
        posts.add("gone", place)
    back_and_forth(community, "0015")
    assert posts.of("gone") == [short]
    posts.add("gone", long)
    posts.add("gone", long)  # once, as before
    assert posts.of("gone") == [short, long]


def test_jobs_of_before_learn_what_is_decided_of_their_works(community: Community) -> None:
    work = publish(community)
    back_and_forth(community, "0016")
    assert not community.desk.recipe(work.job_id).hidden
    community.works.hide(work.id, "discord:mod")
    community.works.unpublish(work.id, None)
    assert community.desk.recipe(work.job_id).hidden


def test_styles_of_before_stay_as_they_are_and_their_keys_theirs(community: Community) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with community.desk.database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0014")
    before = community.styles.add(NEW_STYLE, "discord:1")
    community.desk.database.migrate()
    assert community.styles.get(before.key, "discord:1") == before
    with pytest.raises(RefusedError, match="is there already"):
        community.styles.add(NEW_STYLE, "discord:1")
    community.styles.remove(before.key, "discord:1")
    assert community.styles.add(NEW_STYLE, "discord:1").key != before.key
