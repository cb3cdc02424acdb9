"""A suggested map the whole way, with real processes and the real engine: desk, Valkey, worker, painter, store."""

from pathlib import Path

from bot.desk import SuggestRequest
from tests.e2e.service import serving
from tests.pictures import write_scene
from worker.contract import SuggestOptions


def test_a_suggestion_comes_once_with_names(tmp_path: Path) -> None:
    small = write_scene(tmp_path / "scene")
    with serving(tmp_path / "data") as service:
        wish = SuggestRequest(small.style.read_bytes(), SuggestOptions(labels=3), person="web:alice", front="web")
        job_id = service.desk.suggest(wish).job_id
        standing = service.until(job_id, lambda standing: standing.final)
        assert (standing.state, standing.kind, standing.attempt) == ("done", "suggest", 1)
        assert (standing.width, standing.height) == (128, 96)
        found = service.desk.suggestion(job_id)
        assert len(found.labels) == 3
        assert not any(name.startswith("#") for name, _ in found.labels)
        assert service.desk.owes(job_id)
