"""Desk and workers as processes of their own, on PostgreSQL and a Valkey that nobody embeds."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.e2e.service import TWOBIT
from tests.pictures import Scene
from worker.contract.pictures import picture_size


@contextmanager
def running(*words: str) -> Iterator[None]:
    """A part, until the block ends; it must end well."""
    with subprocess.Popen([*TWOBIT, *words], stderr=subprocess.PIPE, text=True, process_group=0) as process:
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            _, stderr = process.communicate(timeout=30)
    assert process.returncode == 0, stderr
    assert "Traceback" not in stderr, stderr


def test_a_desk_and_two_workers_share_the_work(postgres_url: str, redis_url: str, scene: Scene, tmp_path: Path) -> None:
    where = [
        *("--data", str(tmp_path), "--redis-url", redis_url),
        *("--store-url", (tmp_path / "pictures").as_uri()),
    ]
    database = ["--database-url", postgres_url]
    with ExitStack() as parts:
        parts.enter_context(running("desk", *where, *database))
        parts.enter_context(running("worker", *where))
        parts.enter_context(running("worker", *where))
        outs = [tmp_path / f"{number}.png" for number in range(3)]
        words = [[*scene.arguments(out), "--preset", "draft", *where, *database] for out in outs]
        first = submit_patiently(words[0])
        assert first.returncode == 0, first.stderr
        others = [subprocess.Popen([*TWOBIT, "submit", *each], stderr=subprocess.PIPE, text=True) for each in words[1:]]
        for submit in others:
            _, stderr = submit.communicate(timeout=180)
            assert submit.returncode == 0, stderr
    for out in outs:
        assert picture_size(out.read_bytes(), "painting") == (128, 96)


def submit_patiently(words: list[str]) -> "subprocess.CompletedProcess[str]":
    """Submit, again while no desk has shown itself yet."""
    for _ in range(60):
        done = subprocess.run([*TWOBIT, "submit", *words], capture_output=True, text=True, timeout=180, check=False)
        if done.returncode != 3:
            break
    return done
