"""The main path with everything real but the networks: `twobit serve` runs both bots, the engine paints for each."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from bot.community import Community
from bot.fediverse.bluesky.posting import record_key
from tests.bot.fediverse.stage import DOODLE, MAP, STYLE, Net, net_of
from tests.e2e.service import Service, serving
from tests.networks.bluesky import PASSWORD
from tests.networks.serving import free_port
from worker.contract.pictures import picture_size, read_recipe

PATIENCE = 120.0
OWN = ((STYLE, "style"), (MAP, "map"), (DOODLE, "doodle"))


def until(look: Callable[[], object], what: str) -> None:
    give_up = time.monotonic() + PATIENCE
    while not look():
        assert time.monotonic() < give_up, what
        time.sleep(0.1)


def begun(service: Service, count: int) -> bool:
    with service.desk.database.engine.connect() as connection:
        return bool(connection.exec_driver_sql("SELECT count(*) FROM cursor").scalar_one() >= count)


def test_both_bots_with_real_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, twobit: list[str]) -> None:
    token = tmp_path / "token"
    token.write_text("twobit_token\n")
    page = f"http://127.0.0.1:{free_port()}"
    with net_of("mastodon", tmp_path / "m") as mastodon, net_of("bluesky", tmp_path) as bluesky:
        for name, value in {
            "TWOBIT_MASTODON_URL": mastodon.server.url,
            "TWOBIT_MASTODON_TOKEN_FILE": str(token),
            "TWOBIT_BLUESKY_URL": bluesky.server.url,
            "TWOBIT_BLUESKY_HANDLE": "twobit.test",
            "TWOBIT_BLUESKY_PASSWORD": PASSWORD,
            "TWOBIT_PORT": page.rpartition(":")[2],
            "TWOBIT_PUBLIC_URL": page,
            "OMP_NUM_THREADS": "1",
        }.items():
            monkeypatch.setenv(name, value)
        with serving(tmp_path / "data") as service:
            until(lambda: begun(service, 2), "the bots did not begin")
            asked = [(net, net.post("alice", "", OWN)) for net in (mastodon, bluesky)]
            until(lambda: service.desk.overview().running, "the painter did not begin")
            for part in ("worker", "mastodon", "bluesky"):
                service.kill(part)
            for net, post in asked:
                painting_of(net, post, page)
            for net, post in asked:
                taken_down(service, net, post)
        doctor = subprocess.run(
            [*twobit, "doctor", "--data", str(tmp_path / "data")], capture_output=True, text=True, timeout=120
        )
    for line in ("mastodon account", "mastodon bot mark", "mastodon write:stat", "bluesky account", "bluesky mentions"):
        assert f"ok    {line}" in doctor.stdout, doctor.stdout
    assert "twobit_token" not in doctor.stdout + doctor.stderr


def painting_of(net: Net, post: str, page: str) -> None:
    """It comes, once, although everybody was killed meanwhile, and it is the engine's; its link opens the recipe."""
    until(lambda: net.said(post), f"no painting on {net.name}")
    (said,) = net.said(post)
    assert picture_size(said.pictures[0], "the painting") == (128, 72)
    assert read_recipe(said.pictures[0]) is not None
    (link,) = [one for one in said.text.split() if one.startswith(f"{page}/p/")]
    opened = httpx.get(link)
    assert opened.status_code == 200
    assert "How it was painted" in opened.text
    assert picture_size(httpx.get(f"{link}/painting").content, "the painting") == (128, 72)


def taken_down(service: Service, net: Net, post: str) -> None:
    """A moderator deletes the painting for good: its post goes, and its page."""
    (said,) = net.said(post)
    link = next(one for one in said.text.split() if "/p/" in one)
    (job,) = service.desk.last_jobs(net.person("alice"))
    Community(service.desk).privacy.delete_job(job.job_id, None)
    until(lambda: not net.said(post), "the post stays")
    assert httpx.get(link).status_code == 404


def test_half_an_account_is_told_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, twobit: list[str]
) -> None:
    monkeypatch.setenv("TWOBIT_MASTODON_URL", "https://example.social")
    run = subprocess.run([*twobit, "serve", "--data", str(tmp_path)], capture_output=True, text=True, timeout=60)
    assert run.returncode == 2
    assert "TWOBIT_MASTODON_TOKEN is not set" in run.stderr
    monkeypatch.delenv("TWOBIT_MASTODON_URL")
    words = [*twobit, "bot", "bluesky", "--data", str(tmp_path)]
    run = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert run.returncode == 2
    assert "docs/fediverse.md" in run.stderr


def test_record_keys_are_those_of_posts() -> None:
    keys = {record_key(str(number)) for number in range(200)}
    assert len(keys) == 200
    assert all(len(key) == 13 and key[0] in "234567abcdefghij" for key in keys)
    assert all(set(key) <= set("234567abcdefghijklmnopqrstuvwxyz") for key in keys)
