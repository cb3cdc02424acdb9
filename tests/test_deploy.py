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
from twobit.commands.bot import command
from twobit.discord import TOKEN
from twobit.errors import BadInputError
from twobit.fediverse import BLUESKY_PASSWORD, BLUESKY_URL, MASTODON_TOKEN, NEEDED
from twobit.settings import ServiceSettings, load_settings
from worker.metrics import WorkerMetrics
from worker.painter import DeviceMemory

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
MANIFESTS = sorted(path for path in (DEPLOY / "kubernetes").rglob("*.yaml") if path.name != "kustomization.yaml")
FRONTS = {  # the bots that there are, and where each has its secret from
    "discord": (TOKEN, "discord_token"),
    "mastodon": (MASTODON_TOKEN, "mastodon_token"),
    "bluesky": (BLUESKY_PASSWORD, "bluesky_password"),
}
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


def test_nothing_asks_the_bots_image_for_a_shell() -> None:
    """It has Python and `twobit`, and no shell that could run a line of words."""
    image = (DEPLOY / "bot.Dockerfile").read_text().split("FROM scratch", 1)[1]
    ran = re.findall(r"^(?:RUN|ENTRYPOINT|CMD) (.*)$", image, re.MULTILINE)
    assert len(ran) >= 4
    assert all(re.match(r'\["(?:python|twobit|desk)"', words) for words in ran), ran
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    ours = [service for service in services.values() if service["image"].startswith("twobit-")]
    assert len(ours) > len(FRONTS)
    checks = [service["healthcheck"]["test"] for service in ours if "healthcheck" in service]
    assert [check[:2] for check in checks] == [["CMD", "python"]]
    assert not [service for service in ours if {"entrypoint", "post_start", "pre_stop"} & service.keys()]
    for path in MANIFESTS:
        assert not {"command", "exec"} & set(keys(list(yaml.safe_load_all(path.read_text())))), path
    runbook = (ROOT / "docs" / "runbook.md").read_text()
    entered = re.findall(r"(?:compose|kubectl|docker)\s+exec\s+(?:-\S+\s+)*\S+\s+(?:--\s+)?(\w+)", runbook)
    assert entered
    assert set(entered) <= {"python", "twobit"}, entered


def keys(found: Any) -> list[str]:
    """The names of all fields, at any depth."""
    if isinstance(found, dict):
        return [*found, *keys(list(found.values()))]
    return [key for value in found for key in keys(value)] if isinstance(found, list) else []


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


@pytest.mark.parametrize("path", sorted((DEPLOY / "systemd").glob("*.service")), ids=lambda path: path.name)
def test_the_end_of_a_unit_is_told_to_its_own_process_alone(path: Path) -> None:
    """A painter or a reader of pictures that is told, too, breaks off what a person has asked."""
    assert "KillMode=mixed" in path.read_text().splitlines()


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: str(path.relative_to(DEPLOY)))
def test_manifests(path: Path, tmp_path: Path) -> None:
    validate = tool("kubernetes-validate")
    for number, document in enumerate(yaml.safe_load_all(path.read_text())):
        if document["apiVersion"] in FOREIGN:
            continue
        one = tmp_path / f"{number}.yaml"
        one.write_text(yaml.safe_dump(document))
        passes(validate, "--strict", one)


def test_the_kustomizations_name_every_manifest() -> None:
    for path in (DEPLOY / "kubernetes").rglob("kustomization.yaml"):
        named = yaml.safe_load(path.read_text())["resources"]
        assert sorted(named) == [each.name for each in MANIFESTS if each.parent == path.parent]


def test_there_is_a_bot_for_every_front() -> None:
    subcommands = {name for name in command.commands if name not in ("sync", "messages")}
    assert set(FRONTS) == subcommands
    assert {network: secret for network, (_, secret) in NEEDED.items()} == {
        network: variable for network, (variable, _) in FRONTS.items() if network != "discord"
    }


@pytest.mark.parametrize("front", FRONTS)
def test_the_image_has_what_every_front_needs(front: str) -> None:
    text = (DEPLOY / "bot.Dockerfile").read_text()
    installed = re.search(r"'\.\[([\w,]+)\]'", text)
    assert installed is not None
    assert front in installed[1].split(",")
    library = "bot.discord.running" if front == "discord" else f"bot.fediverse.{front}.network"
    assert library in text.split("FROM scratch", 1)[1]  # tried there, and compiled


@pytest.mark.parametrize("front", FRONTS)
def test_compose_runs_every_front_that_is_asked_for(front: str) -> None:
    found = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    variable, secret = FRONTS[front]
    service = found["services"][front]
    assert service["profiles"] == [front]
    assert service["command"] == ["bot", front]
    assert secret in service["secrets"]
    assert secret in found["secrets"]
    assert service["environment"][f"{variable}_FILE"] == f"/run/secrets/{secret}"


@pytest.mark.parametrize("front", FRONTS)
def test_kubernetes_runs_every_front_that_is_asked_for(front: str) -> None:
    folder = DEPLOY / "kubernetes" / ("" if front == "discord" else front)
    (bot,) = yaml.safe_load_all((folder / "bot.yaml").read_text())
    pod = bot["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    variable, secret = FRONTS[front]
    assert container["args"] == ["bot", front]
    assert {"name": f"{variable}_FILE", "value": f"/secrets/{secret}"} in container["env"]
    signs = {"name": "TWOBIT_WEB_SECRET_FILE", "value": "/secrets/web_secret"}  # its links open the desk's page
    assert signs in container["env"]
    desk = (DEPLOY / "kubernetes" / "desk.yaml").read_text()
    assert any(signs in one["spec"]["template"]["spec"]["containers"][0]["env"] for one in _deployments(desk))
    # Beside that they are one and the same.
    text = (DEPLOY / "kubernetes" / "bot.yaml").read_text()
    (discord,) = yaml.safe_load_all(text.replace(FRONTS["discord"][0], variable).replace("discord_token", secret))
    theirs = discord["spec"]["template"]["spec"]
    theirs["containers"][0] |= {"name": container["name"], "args": container["args"]}
    assert pod == theirs
    if front != "discord":
        component = yaml.safe_load((folder / "kustomization.yaml").read_text())
        assert component["kind"] == "Component"
        assert bot["spec"]["strategy"] == {"type": "Recreate"}


def _deployments(text: str) -> list[Any]:
    return [one for one in yaml.safe_load_all(text) if one["kind"] == "Deployment"]


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
    bots = {TOKEN, BLUESKY_URL, *(name for both in NEEDED.values() for name in both)}
    assert named == {f"TWOBIT_{name.upper()}" for name in ServiceSettings.model_fields} | bots


def test_every_setting_can_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "url").write_text("redis://:hidden@example\n")
    monkeypatch.setenv("TWOBIT_REDIS_URL_FILE", str(tmp_path / "url"))
    monkeypatch.setenv("TWOBIT_REDIS_URL", "redis://other")
    assert load_settings().redis_url == "redis://:hidden@example"
    assert load_settings(redis_url="redis://mine").redis_url == "redis://mine"
    monkeypatch.setenv("TWOBIT_REDIS_URL_FILE", str(tmp_path / "none"))
    with pytest.raises(BadInputError, match="TWOBIT_REDIS_URL_FILE"):
        load_settings()
