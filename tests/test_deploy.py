"""Each file of deploy/ before a real tool; what is not installed is skipped, and says so."""

import json
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.desk.glance import Deliveries, Glance, Lane
from bot.desk.metrics import Heard, families
from twobit.discord import TOKEN
from twobit.errors import BadInputError
from twobit.settings import ServiceSettings, load_settings
from worker.metrics import WorkerMetrics
from worker.painter import DeviceMemory

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
MANIFESTS = sorted(path for path in (DEPLOY / "kubernetes").glob("*.yaml") if path.name != "kustomization.yaml")
FOREIGN = ("keda.sh/v1alpha1",)  # in no schema of Kubernetes itself


def tool(name: str) -> str:
    """The tool's path: beside this Python, else the system's."""
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def passes(*words: str | Path) -> None:
    ended = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False, cwd=ROOT)
    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.parametrize("name", ["compose.yaml", "compose.gpu.yaml"])
def test_compose(name: str) -> None:
    passes(tool("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", DEPLOY / name)


@pytest.mark.parametrize("name", ["bot.Dockerfile", "worker.Dockerfile"])
def test_dockerfiles(name: str) -> None:
    passes(tool("hadolint"), DEPLOY / name)


def test_no_image_runs_as_root_and_the_bots_has_no_torch() -> None:
    for path in DEPLOY.glob("*.Dockerfile"):
        assert re.search(r"^USER \d+$", path.read_text(), re.MULTILINE), path
    assert "paint" not in (DEPLOY / "bot.Dockerfile").read_text().split("pip install")[1].splitlines()[0]


def test_a_worker_is_not_given_the_database() -> None:
    service = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["worker"]
    assert service["secrets"] == ["redis_url"]
    assert "DATABASE" not in str(service["environment"])
    assert "database" not in (DEPLOY / "kubernetes" / "worker.yaml").read_text().lower()


def test_units(tmp_path: Path) -> None:
    analyze = tool("systemd-analyze")
    for path in (DEPLOY / "systemd").iterdir():
        # It looks for the program and the instance: give it ones that exist. It ends with 0 whatever it finds.
        text = path.read_text().replace("/opt/twobit/.venv/bin/twobit", "/bin/true")
        unit = tmp_path / path.name.replace("@.", "@0.")
        unit.write_text(text)
        ended = subprocess.run([analyze, "verify", unit], capture_output=True, text=True, check=False)
        ours = [line for line in ended.stderr.splitlines() if "twobit" in line]
        assert not ours, ours
    worker = (DEPLOY / "systemd" / "twobit-worker@.service").read_text()
    assert "KillMode=mixed" in worker
    assert "TimeoutStopSec=10min" in worker


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.name)
def test_manifests(path: Path, tmp_path: Path) -> None:
    validate = tool("kubernetes-validate")
    for number, document in enumerate(yaml.safe_load_all(path.read_text())):
        if document["apiVersion"] in FOREIGN:
            continue
        one = tmp_path / f"{number}.yaml"
        one.write_text(yaml.safe_dump(document))
        passes(validate, "--strict", one)


def test_the_kustomization_names_every_manifest() -> None:
    named = yaml.safe_load((DEPLOY / "kubernetes" / "kustomization.yaml").read_text())["resources"]
    assert sorted(named) == [path.name for path in MANIFESTS]


def test_alerts() -> None:
    promtool = tool("promtool")
    passes(promtool, "check", "rules", DEPLOY / "prometheus" / "alerts.yaml")
    passes(promtool, "test", "rules", DEPLOY / "prometheus" / "alerts_test.yaml")


def figures() -> set[str]:
    """The names of all figures that desk and worker give."""
    lane = Lane("paint", 1, 1, 1.0)
    seen = Glance(datetime.now(UTC), 1, 1, (lane,), (), (), (Deliveries("discord", 1, 1, 0),))
    names = {family.name for family in families(seen)}
    worker = WorkerMetrics()
    worker.device(DeviceMemory(1, 1, 1))
    for family in (*Heard().registry.collect(), *worker.registry.collect()):
        names |= {family.name, f"{family.name}_total", f"{family.name}_bucket"}
    return names


def expressions(found: Any) -> list[str]:
    if isinstance(found, dict):
        own = [found["expr"]] if "expr" in found else []
        return own + [each for value in found.values() for each in expressions(value)]
    return [each for value in found for each in expressions(value)] if isinstance(found, list) else []


def test_dashboard_alerts_and_scaling_ask_for_figures_that_there_are() -> None:
    asked = expressions(json.loads((DEPLOY / "grafana" / "dashboard.json").read_text()))
    asked += expressions(yaml.safe_load((DEPLOY / "prometheus" / "alerts.yaml").read_text()))
    scaling = yaml.safe_load((DEPLOY / "kubernetes" / "scaling.yaml").read_text())
    asked.append(scaling["spec"]["triggers"][0]["metadata"]["query"])
    assert len(asked) > 10
    names = {name for expression in asked for name in re.findall(r"twobit_\w+", expression)}
    assert names <= figures(), names - figures()


def test_the_dashboards_questions_can_be_read(tmp_path: Path) -> None:
    asked = expressions(json.loads((DEPLOY / "grafana" / "dashboard.json").read_text()))
    rules = [{"record": f"panel:{number}", "expr": expression} for number, expression in enumerate(asked)]
    (tmp_path / "panels.yaml").write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}))
    passes(tool("promtool"), "check", "rules", "--lint=none", tmp_path / "panels.yaml")


def test_the_example_names_every_setting_and_no_other() -> None:
    text = (DEPLOY / ".env.example").read_text()
    named = set(re.findall(r"^#?(TWOBIT_\w+)=", text, re.MULTILINE))
    assert named == {f"TWOBIT_{name.upper()}" for name in ServiceSettings.model_fields} | {TOKEN}


def test_every_setting_can_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "url").write_text("redis://:hidden@example\n")
    monkeypatch.setenv("TWOBIT_REDIS_URL_FILE", str(tmp_path / "url"))
    monkeypatch.setenv("TWOBIT_REDIS_URL", "redis://other")
    assert load_settings().redis_url == "redis://:hidden@example"
    assert load_settings(redis_url="redis://mine").redis_url == "redis://mine"
    monkeypatch.setenv("TWOBIT_REDIS_URL_FILE", str(tmp_path / "none"))
    with pytest.raises(BadInputError, match="TWOBIT_REDIS_URL_FILE"):
        load_settings()
