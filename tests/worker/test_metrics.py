"""A worker's figures: what it shows of real attempts, with the stub painter in its own process."""

import socket
import subprocess
import sys
import time

import httpx
import pytest
import torch
from prometheus_client.parser import text_string_to_metric_families

from tests import stub_painter
from tests.pictures import SKY, flat, png
from tests.s3 import free_ports
from worker import engine_painter
from worker.contract import Job, JobQueue, PaintOptions, PictureStore, UnreachableError
from worker.metrics import WorkerMetrics
from worker.painter import DeviceMemory

Figures = dict[tuple[str, ...], float]
WORK = """
import sys
from tests import stub_painter
from worker.service import run_worker
run_worker(sys.argv[1], sys.argv[2], painter_command=stub_painter.COMMAND, metrics_at=("127.0.0.1", int(sys.argv[3])))
"""


def read(text: str) -> Figures:
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def shown(port: int) -> Figures:
    try:
        return read(httpx.get(f"http://127.0.0.1:{port}/metrics").text)
    except httpx.TransportError:
        return {}


def test_attempts_paintings_repeats_and_painters_are_counted(redis_url: str, store: PictureStore) -> None:
    queue = JobQueue.at(redis_url)
    digest = store.put(png(flat(64, 48, [SKY])))
    for number, (behaviour, attempt) in enumerate(
        [(stub_painter.QUICK, 1), (stub_painter.DIES, 1), (stub_painter.QUICK, 2), (stub_painter.REFUSES, 1)]
    ):
        options = PaintOptions(seed=behaviour)
        job = Job(
            id=f"aaaaaaa{number}", attempt=attempt, style=digest, style_map=digest, doodle=digest, options=options
        )
        queue.put(job)
    (port,) = free_ports(1)
    with subprocess.Popen([sys.executable, "-c", WORK, redis_url, store.url, str(port)]) as worker:
        give_up = time.monotonic() + 60
        figures: Figures = {}
        while figures.get(("twobit_worker_attempts_total", "input", "paint")) != 1 and time.monotonic() < give_up:
            figures = shown(port)
            time.sleep(0.1)
        worker.terminate()
    assert figures["twobit_worker_attempts_total", "done", "paint"] == 2
    assert figures["twobit_worker_attempts_total", "crashed", "paint"] == 1
    assert figures["twobit_worker_attempts_total", "input", "paint"] == 1
    assert figures["twobit_worker_attempts_total", "done", "suggest"] == 0
    assert figures["twobit_worker_paint_seconds_count", "256", "fast"] == 2
    assert figures["twobit_worker_repeats_total",] == 1
    assert figures["twobit_worker_painter_starts_total",] == 2
    assert figures["twobit_worker_busy",] == 0
    assert figures["twobit_worker_device_peak_bytes",] == stub_painter.MEMORY.peak
    assert figures["twobit_worker_process_resident_memory_bytes",] > 1e6


def test_a_port_that_is_taken_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UnreachableError, match=f"127.0.0.1:{port} can't be listened on"):
            WorkerMetrics().listen("127.0.0.1", port)


def test_without_a_gpu_there_is_no_figure_of_its_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_initialized", lambda: False)
    assert engine_painter.device_memory() is None
    metrics = WorkerMetrics()
    metrics.device(None)
    assert not [family for family in metrics.registry.collect() if "device" in family.name]


def test_a_gpus_memory_is_read_from_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "is_initialized": True,
        "mem_get_info": (3, 80),
        "max_memory_allocated": 20,
        "memory_reserved": 30,
    }.items():
        monkeypatch.setattr(torch.cuda, name, lambda value=value: value)
    assert engine_painter.device_memory() == DeviceMemory(peak=20, reserved=30, total=80)
