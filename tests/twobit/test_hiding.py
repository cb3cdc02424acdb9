"""What is secret stays so in every line, and in what is shown of an address."""

from pathlib import Path

import pytest

from bot.desk import Database, OutOfReachError
from twobit.hiding import Hiding
from worker.contract import JobQueue, PictureStore, UnreachableError
from worker.contract.connection import without_password


def test_settings_files_and_addresses_are_known(tmp_path: Path) -> None:
    (tmp_path / "redis").write_text("rediss://:in%2Ffile@host:6380/0\n")
    hiding = Hiding(
        {
            "TWOBIT_DISCORD_TOKEN": "token.of.bot",
            "TWOBIT_REDIS_URL_FILE": str(tmp_path / "redis"),
            "TWOBIT_DATABASE_URL": "postgresql://me:pa/ss@w@host/db",
            "TWOBIT_STORE_URL": "s3://bucket?secret=in-query",
            "AWS_SECRET_ACCESS_KEY": "s3-key",
            "OTEL_EXPORTER_OTLP_HEADERS": "x-key=collectors",
            "TWOBIT_TOKEN_FILE": str(tmp_path / "missing"),
            "TWOBIT_HOST": "127.0.0.1",
            "HOME": "/home/token",
        },
        ["twobit", "desk", "--redis-url", "redis://:on-line@host"],
    )
    secrets = ["token.of.bot", "in%2Ffile", "in/file", "pa/ss@w", "in-query", "s3-key", "collectors", "on-line"]
    shown = hiding.hide(" ".join(f"<{each}>" for each in secrets))
    assert shown == " ".join(["<***>"] * len(secrets))
    assert hiding.hide("127.0.0.1 /home/token me host") == "127.0.0.1 /home/token me host"
    told = hiding.hide("POST https://discord.com/api/v10/webhooks/123/aW50ZXJhY3Rpb24/messages/@original: 429")
    assert told == "POST https://discord.com/api/v10/webhooks/123/***/messages/@original: 429"
    assert Hiding({}, []).hide("all of it") == "all of it"


@pytest.mark.parametrize("password", ["plain", "sla/sh", "at@sign", "que?ry", "ha#sh", "56/78"])
def test_an_address_is_shown_without_its_password(password: str) -> None:
    url = f"redis://me:{password}@host:6379/0"
    assert without_password(url) == "redis://***@host:6379/0"
    with pytest.raises((UnreachableError, OutOfReachError)) as told:
        JobQueue.at(url).check()
    assert not [part for part in password.split("/") if part in str(told.value)]
    with pytest.raises(OutOfReachError) as told_too:
        Database(f"postgresql://me:{password}@127.0.0.1:1/db").migrate()
    assert not [part for part in password.split("/") if part in str(told_too.value)]


def test_secrets_in_a_query_are_not_shown() -> None:
    assert without_password("redis://host?password=word&db=1") == "redis://host?password=***&db=1"
    database = Database("postgresql://host/db?sslpassword=word&password=word")
    assert "word=word" not in database.shown
    assert database.shown.count("***") == 2


def test_a_path_with_an_at_is_shown_whole(tmp_path: Path) -> None:
    assert without_password("file:///home/a@b/pictures") == "file:///home/a@b/pictures"
    with pytest.raises(UnreachableError) as told:
        PictureStore("nonsense://me:secret@host")
    assert "secret" not in str(told.value)
    assert tmp_path.is_dir()
