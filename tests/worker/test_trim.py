"""A painter's freed memory goes back to the system, on glibc; elsewhere nothing is called."""

import platform
import subprocess
import sys
import time
from collections.abc import Iterator

import psutil
import pytest

from tests import stub_painter
from tests.pictures import SKY, flat, png
from worker import trim
from worker.contract import Job, PaintOptions
from worker.contract.digest import digest_of
from worker.painter import Pictures
from worker.warm import WarmPainter

on_glibc = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="this C library is not glibc")
PICTURE = png(flat(64, 48, [SKY]))
BY_ITSELF = """
import psutil
from tests.stub_painter import sprawl
from worker.trim import give_back
kept, own = sprawl(), psutil.Process()
before = own.memory_info().rss
print(give_back(), before - own.memory_info().rss)
"""


@pytest.fixture
def painter() -> Iterator[WarmPainter]:
    warm = WarmPainter(stub_painter.COMMAND)
    yield warm
    warm.kill()


@on_glibc
def test_freed_memory_is_given_back() -> None:
    done = subprocess.run([sys.executable, "-c", BY_ITSELF], capture_output=True, text=True, check=True)
    gave, less = done.stdout.split()
    assert gave == "True"
    assert int(less) > 0.8 * stub_painter.SPRAWL


@on_glibc
def test_a_painter_that_waits_holds_nothing_of_the_job_before(painter: WarmPainter) -> None:
    painter.wait_ready(60)
    assert painter.pid is not None
    process = psutil.Process(painter.pid)
    least = process.memory_info().rss
    digest = digest_of(PICTURE)
    options = PaintOptions(seed=stub_painter.SPRAWLS)
    job = Job(id="aaaaaaaa", attempt=1, style=digest, style_map=digest, doodle=digest, options=options)
    kinds = [message[0]["type"] for message in painter.paint(job, Pictures(*[PICTURE] * 3), 0.05) if message]
    assert kinds[-1] == "done"
    give_up = time.monotonic() + 60
    while process.memory_info().rss > least + 0.2 * stub_painter.SPRAWL:
        assert time.monotonic() < give_up, "what the job freed is still the painter's"
        time.sleep(0.01)


def test_nothing_is_called_where_there_is_no_such_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trim, "_glibc", lambda: None)
    assert not trim.give_back()


def test_another_system_is_not_even_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    trim._glibc.cache_clear()
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(sys, "platform", "darwin")
        assert trim._glibc() is None
    trim._glibc.cache_clear()
