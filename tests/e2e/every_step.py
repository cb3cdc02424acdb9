"""A bot killed between every two steps of a mention's life, on any network: asked, killed, begun again, asked again."""

import time

import sqlalchemy as sa

from bot.desk import Database
from tests.bot.fediverse.stage import DOODLE, MAP, STYLE, Net
from tests.e2e.lives import Lives, until

MOST_STEPS = 60  # more than any life has
OWN = ((STYLE, "style"), (MAP, "map"), (DOODLE, "doodle"))
QUIET_SECONDS = 0.5  # in which a second answer would come


def cursor_of(database: Database) -> bool:
    """Whether the bot has begun to read."""
    with database.read() as session:
        return bool(session.execute(sa.text("SELECT count(*) FROM cursor")).scalar_one())


def heard(database: Database) -> int:
    """How many mentions there have been."""
    with database.read() as session:
        return int(session.execute(sa.text("SELECT count(*) FROM mention")).scalar_one())


def settled(database: Database, asked: int) -> bool:
    """So many were heard of, and nothing is owed."""
    done = "SELECT count(*) FROM mention WHERE state <> 'new'"
    owed = "SELECT count(*) FROM job LEFT JOIN delivery ON job_seq = job.seq WHERE delivered_at IS NULL"
    with database.read() as session:
        answered = session.execute(sa.text(done)).scalar_one()
        return bool(answered >= asked and not session.execute(sa.text(owed)).scalar_one())


def killed_at_every_step(net: Net, lives: Lives, what: str) -> int:
    """Ask, kill, ask again, until a life goes through all of its steps; returns how many there are."""
    before = heard(lives.database)
    asked: list[str] = []
    told: list[str] | None = None
    for step in range(MOST_STEPS):
        lives.kill_at(step)
        # Another person for each: one that asks more than thirty times an hour is left alone.
        asked.append(net.post("alice", "", OWN) if what == "painting" else net.post("bob", "styles"))
        until(lambda: lives.died() or settled(lives.database, before + len(asked)), f"step {step}")
        told = None if lives.died() else lives.spared()
        if told is not None:
            break  # it lived through all of its steps
        lives.bury()
        lives.begin()
        until(lambda: settled(lives.database, before + len(asked)), f"killed at step {step}, never answered")
    assert told is not None, f"it died at each of {MOST_STEPS} steps"
    assert len(asked) > len(told), told
    time.sleep(QUIET_SECONDS)
    parents = [one.parent for one in net.said()]
    assert {step: parents.count(post) for step, post in enumerate(asked) if parents.count(post) != 1} == {}
    if what == "painting":
        assert all(one.pictures for one in net.said() if one.parent in asked)
    return len(told)


def deleted_at_every_step(net: Net, lives: Lives, words: str) -> int:
    """Say `words` below a painting, kill, begin again, until a life goes through; returns how many steps there are.

    Each is answered once, each painting's post is gone, and a post to somebody else stays.
    """
    other, kept = _painted(net, lives, "carol")
    asked: list[str] = []
    paintings: list[tuple[str, str]] = []
    told: list[str] | None = None
    for step in range(MOST_STEPS):
        paintings.append(_painted(net, lives, "alice"))
        lives.kill_at(step)
        asked.append(net.post("alice", words, to=paintings[-1][0]))
        until(lambda: lives.died() or _taken_down(net, lives.database, asked[-1]), f"step {step}")
        told = None if lives.died() else lives.spared()
        if told is not None:
            break  # it lived through all of its steps
        lives.bury()
        lives.begin()
        until(lambda: _taken_down(net, lives.database, asked[-1]), f"killed at step {step}, never taken down")
    assert told is not None, f"it died at each of {MOST_STEPS} steps"
    assert len(asked) > len(told), told
    time.sleep(QUIET_SECONDS)
    there = net.said()
    parents = [one.parent for one in there]
    assert {step: parents.count(post) for step, post in enumerate(asked) if parents.count(post) != 1} == {}
    assert not {one.id for one in there} & {post for post, _ in paintings}
    assert other in {one.id for one in there}
    with lives.database.read() as session:
        jobs = set(session.execute(sa.text("SELECT id FROM job")).scalars())
    assert not jobs & {job for _, job in paintings}
    assert kept in jobs
    return len(told)


def _painted(net: Net, lives: Lives, who: str) -> tuple[str, str]:
    """The bot's post with a painting, and the job; nobody has asked too often."""
    with lives.database.write() as session:
        session.execute(sa.text("UPDATE mention SET seen_at = '2000-01-01 00:00:00.000000' WHERE state <> 'new'"))
    asked = net.post(who, "", OWN)
    until(lambda: net.said(asked) and _quiet(lives.database), "no painting")
    post = net.said(asked)[0].id
    with lives.database.read() as session:
        job = session.execute(sa.text("SELECT job_id FROM said WHERE post = :post"), {"post": post}).scalar_one()
    return post, str(job)


def _quiet(database: Database) -> bool:
    """Nothing is owed to anybody, and no post is to go."""
    owed = "SELECT count(*) FROM job LEFT JOIN delivery ON job_seq = job.seq WHERE delivered_at IS NULL"
    with database.read() as session:
        counts = ("SELECT count(*) FROM mention WHERE state = 'new'", owed, "SELECT count(*) FROM post")
        return not any(session.execute(sa.text(query)).scalar_one() for query in counts)


def _taken_down(net: Net, database: Database, asked: str) -> bool:
    return bool(_quiet(database) and net.said(asked))
