"""The whole way, with real processes and the real engine: submit, desk, Valkey, worker, painter, store, file."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from PIL import Image
from sqlalchemy import select

from bot.desk.tables import DeliveryRow, JobRow
from tests.e2e.service import TWOBIT, Service, job_id_of, serving
from tests.pictures import Scene, write_scene
from worker.contract.pictures import decode, read_recipe

QUICK = ("--preset", "draft")
LONG = ("--method", "paper", "--preset", "draft")  # some seconds: time enough to break something


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("service")


@pytest.fixture(scope="module")
def service(folder: Path) -> Iterator[Service]:
    with serving(folder / "data") as running:
        yield running


@pytest.fixture(scope="module")
def small(folder: Path) -> Scene:
    return write_scene(folder / "scene")


def ended_well(submit: "subprocess.Popen[str]", out: Path) -> None:
    stdout, stderr = submit.communicate(timeout=180)
    assert submit.returncode == 0, stderr
    assert str(out) in stdout
    with Image.open(out) as picture:
        picture.load()
        assert picture.size == (128, 96)


def deliveries(service: Service, job_id: str) -> list[DeliveryRow]:
    query = select(DeliveryRow).join(JobRow, JobRow.seq == DeliveryRow.job_seq).where(JobRow.id == job_id)
    with service.desk.database.read() as session:
        return list(session.execute(query).scalars())


def test_submit_and_paint_give_the_same_bytes(service: Service, small: Scene, tmp_path: Path) -> None:
    queued, direct = tmp_path / "queued.png", tmp_path / "direct.png"
    submit = service.start("submit", *small.arguments(queued), *QUICK, "--seed", "5")
    ended_well(submit, queued)
    subprocess.run([*TWOBIT, "paint", *small.arguments(direct), *QUICK, "--seed", "5"], check=True, capture_output=True)
    assert queued.read_bytes() == direct.read_bytes()
    recipe = read_recipe(queued.read_bytes())
    assert recipe is not None
    assert recipe["options"]["seed"] == 5


@pytest.mark.parametrize("victim", ["painter", "worker", "worker and painter", "redis"])
def test_whatever_is_lost_in_mid_job_the_painting_comes_once(
    service: Service, small: Scene, tmp_path: Path, victim: str
) -> None:
    out = tmp_path / "painting.png"
    submit = service.start("submit", *small.arguments(out), *LONG)
    job_id = job_id_of(submit)
    service.until(job_id, lambda standing: standing.progress is not None)
    if victim == "redis":
        service.desk.queue.redis.flushall()
    if "worker" in victim:
        service.kill("worker")
    if "painter" in victim:
        service.kill("worker.child")
    killed = time.monotonic()
    if victim != "redis":
        service.until(job_id, lambda standing: standing.attempt == 2 and standing.state == "running")
        assert time.monotonic() - killed <= 20
    ended_well(submit, out)
    standing = service.desk.standing(job_id)
    assert standing.attempt == (1 if victim == "redis" else 2)
    (delivery,) = deliveries(service, job_id)
    assert delivery.delivered_at is not None
    assert service.desk.queue.workers() >= 1  # a killed one counts for 40 s
    assert service.desk.painting(job_id) == out.read_bytes()


def test_jobs_waiting_in_a_wiped_redis_come_too(service: Service, small: Scene, tmp_path: Path) -> None:
    outs = [tmp_path / f"{number}.png" for number in range(3)]
    submits = [service.start("submit", *small.arguments(out), *LONG[:2], *QUICK) for out in outs]
    ids = [job_id_of(submit) for submit in submits]
    service.until(ids[0], lambda standing: standing.state == "running")
    service.desk.queue.redis.flushall()
    for submit, out in zip(submits, outs, strict=True):
        ended_well(submit, out)
    assert [len(deliveries(service, job_id)) for job_id in ids] == [1, 1, 1]


def test_twenty_jobs_end_in_order_and_each_picture_lies_there_once(tmp_path: Path) -> None:
    small = write_scene(tmp_path / "scene", 64, 48)
    with serving(tmp_path / "data") as service:
        outs = [tmp_path / f"{number:02}.png" for number in range(20)]
        submits = []
        for number, out in enumerate(outs):
            submit = service.start("submit", *small.arguments(out), *QUICK, "--seed", str(number % 4))
            submits.append((submit, job_id_of(submit)))
        for submit, _ in submits:
            _, stderr = submit.communicate(timeout=180)
            assert submit.returncode == 0, stderr
        with service.desk.database.read() as session:
            rows = session.execute(select(JobRow).order_by(JobRow.finished_at)).scalars().all()
            assert [row.seq for row in rows] == sorted(row.seq for row in rows)
            assert {row.state for row in rows} == {"done"}
            assert {row.attempt for row in rows} == {1}
            wanted = {row.result for row in rows} | {rows[0].style, rows[0].style_map, rows[0].doodle}
        stored = service.desk.store.digests()
        assert len(stored) == len(set(stored))
        assert set(stored) == wanted
        assert len(wanted) == 4 + 3


def test_cancel_ends_a_running_job_and_the_next_starts(service: Service, small: Scene, tmp_path: Path) -> None:
    first, second = tmp_path / "first.png", tmp_path / "second.png"
    long = service.start("submit", *small.arguments(first), "--method", "paper", "--preset", "best")
    job_id = job_id_of(long)
    service.until(job_id, lambda standing: standing.progress is not None)
    quick = service.start("submit", *small.arguments(second), *QUICK)
    cancel = service.start("cancel", job_id)
    cancel.communicate(timeout=20)
    assert cancel.returncode == 0
    _, stderr = long.communicate(timeout=20)
    assert long.returncode == 1
    assert "cancelled" in stderr
    assert not first.exists()
    ended_well(quick, second)
    again = service.start("cancel", job_id)
    assert "cancelled" in again.communicate(timeout=20)[0]


def test_who_leaves_with_ctrl_c_can_fetch_the_painting_later(service: Service, small: Scene, tmp_path: Path) -> None:
    out, later = tmp_path / "out.png", tmp_path / "later.png"
    submit = service.start("submit", *small.arguments(out), *LONG)
    job_id = job_id_of(submit)
    service.until(job_id, lambda standing: standing.state == "running")
    submit.send_signal(signal.SIGINT)
    _, stderr = submit.communicate(timeout=20)
    assert submit.returncode == 130
    assert f"twobit status {job_id}" in stderr
    assert "Traceback" not in stderr
    service.until(job_id, lambda standing: standing.final)
    status = service.start("status", job_id, "--out", later)
    stdout, _ = status.communicate(timeout=20)
    assert status.returncode == 0
    assert "done" in stdout
    assert decode(later.read_bytes(), "painting").shape == (96, 128, 3)
    assert not out.exists()


def test_the_input_that_the_engine_refuses_is_told_to_the_person(
    service: Service, small: Scene, tmp_path: Path
) -> None:
    other = write_scene(tmp_path / "other")
    Image.new("RGB", (128, 96), (255, 0, 255)).save(other.doodle)
    submit = service.start("submit", *other.arguments(tmp_path / "out.png"), *QUICK)
    _, stderr = submit.communicate(timeout=60)
    assert submit.returncode == 2
    assert "#ff00ff" in stderr
    assert not (tmp_path / "out.png").exists()


def test_the_service_says_that_it_is_well(service: Service) -> None:
    url = json.loads((service.data / "serve.json").read_text())["page"]
    assert httpx.get(f"{url}/healthz").text == "ok"
    ready = httpx.get(f"{url}/readyz")
    assert (ready.status_code, set(ready.json().values())) == (200, {"ok"})


def test_a_second_serve_on_the_same_folder_is_refused(service: Service) -> None:
    second = service.start("serve")
    _, stderr = second.communicate(timeout=30)
    assert second.returncode == 2
    assert "Another `twobit serve`" in stderr


def test_ctrl_c_on_serve_hands_the_job_back_and_the_next_serve_finishes_it(tmp_path: Path) -> None:
    odd = tmp_path / "a b#c?d%20e"  # whatever a folder is called
    odd.mkdir()
    small, out, log = write_scene(odd / "scene"), odd / "out.png", odd / "data.log"
    with serving(odd / "data") as service:
        submit = service.start("submit", *small.arguments(out), *LONG)
        job_id = job_id_of(submit)
        service.until(job_id, lambda standing: standing.progress is not None)
    assert "Traceback" not in log.read_text()
    with serving(odd / "data") as service:
        ended_well(submit, out)
        standing = service.desk.standing(job_id)
        assert (standing.state, standing.attempt) == ("done", 2)
        with service.desk.database.read() as session:
            assert session.execute(select(JobRow.crashes).where(JobRow.id == job_id)).scalar_one() == 0
    assert [path.name for path in tmp_path.iterdir()] == [odd.name]


def test_a_killed_serve_leaves_nothing_behind_and_starts_again(small: Scene, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(data, code=-signal.SIGKILL) as service:
        below = service.process.children(recursive=True)
        os.kill(service.process.pid, signal.SIGKILL)
        assert psutil.wait_procs(below, timeout=5)[1] == []
        service.process.wait(5)
    with serving(data) as service:
        out = tmp_path / "out.png"
        ended_well(service.start("submit", *small.arguments(out), *QUICK), out)
