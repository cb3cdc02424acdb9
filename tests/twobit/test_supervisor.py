"""Children are kept running, with growing pauses, and never left behind."""

import sys
import time
from pathlib import Path

import pytest

from twobit.supervisor import Child, Supervisor

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def look_until(supervisor: Supervisor, starts: int, log: Path) -> None:
    give_up = time.monotonic() + 20
    while time.monotonic() < give_up:
        supervisor.look()
        if log.exists() and len(log.read_text()) >= starts:
            return
        time.sleep(0.02)
    raise AssertionError(f"not {starts} starts in 20 s")


def test_who_dies_is_started_again_after_a_growing_pause(tmp_path: Path) -> None:
    log = tmp_path / "log"
    supervisor = Supervisor()
    child = supervisor.add("quick", [sys.executable, "-c", f"open({str(log)!r}, 'a').write('x')"])
    began = time.monotonic()
    look_until(supervisor, 3, log)
    assert time.monotonic() - began >= 0.2 + 0.4
    assert child.pause > 0.4
    supervisor.stop()


def test_stopping_ends_the_deaf_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twobit.supervisor.SECOND_TERM", 0.2)
    monkeypatch.setattr("twobit.supervisor.GRACE", 0.2)
    deaf = (
        "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        "print('deaf', flush=True); time.sleep(60)"
    )
    supervisor = Supervisor()
    child = supervisor.add("deaf", [sys.executable, "-c", deaf])
    process = child.process
    assert process is not None
    time.sleep(0.5)
    supervisor.stop()
    assert process.poll() == -9


def test_a_long_life_forgives_earlier_deaths(monkeypatch: pytest.MonkeyPatch) -> None:
    child = Child("c", SLEEP, {}, pause=5.0)
    child.start()
    assert child.process is not None
    child.process.kill()
    child.process.wait()
    child.look(child.started + 31)
    assert child.pause == pytest.approx(0.4)
    assert child.process is None
