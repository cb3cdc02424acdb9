"""deploy/rootfs.py: what it lays out runs Python by itself, and holds nothing else that can be run."""

import importlib.util
import os
import shutil
import stat
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

SCRIPT = Path(__file__).parent.parent / "deploy" / "rootfs.py"
TRIED = """
import bz2, ctypes, decimal, hashlib, lzma, os, pwd, sqlite3, ssl, sys, uuid, zlib
sys.path.append("/extra")
import numpy
assert (numpy.ones((9, 9)) @ numpy.ones((9, 9)) == 9).all()
assert ssl.create_default_context().cert_store_stats()["x509_ca"] > 100
assert pwd.getpwnam("twobit").pw_uid == 10001
print("all there")
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A root with this Python, and numpy in /extra as the venv is in the image."""
    if shutil.which("ldd") is None or not Path("/etc/debian_version").exists():
        pytest.skip("the script is for Debian's images, and this is another system")
    folder = tmp_path_factory.mktemp("image") / "root"
    package = Path(np.__file__).parent
    folders = [each for each in (package, package.parent / "numpy.libs") if each.exists()]
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin"}
    subprocess.run([sys.executable, "-P", SCRIPT, folder, *folders], check=True, env=environment)
    for each in folders:
        shutil.copytree(each, folder / "extra" / each.name)
    yield folder
    shutil.rmtree(folder)


def test_python_runs_in_it_with_all_that_it_is_linked_to(root: Path) -> None:
    enter = ["unshare", "--map-root-user", f"--root={root}"]
    own = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
    if shutil.which("unshare") is None or subprocess.run([*enter[:2], "true"], check=False).returncode:
        pytest.skip("this system lets nobody enter another root")
    ran = subprocess.run([*enter, own, "-I", "-c", TRIED], capture_output=True, text=True, env={}, check=False)
    assert ran.stdout == "all there\n", ran.stderr


def test_nothing_in_it_can_be_run_but_python(root: Path) -> None:
    bins = {path.name for folder in root.rglob("*bin") if folder.is_dir() for path in folder.iterdir()}
    assert bins
    assert all(name.startswith("python") for name in bins), bins
    named = {path.name for path in root.rglob("*")}
    assert not {"sh", "bash", "dash", "busybox", "apt", "dpkg", "pip", "ensurepip", "tkinter", "idlelib"} & named
    raised = [
        path for path in root.rglob("*") if path.is_file() and path.stat().st_mode & (stat.S_ISUID | stat.S_ISGID)
    ]
    assert not raised


def test_two_folders_are_there_to_be_written(root: Path) -> None:
    assert stat.S_IMODE((root / "tmp").stat().st_mode) == 0o1777
    assert stat.S_IMODE((root / "data").stat().st_mode) == 0o755
    folders = [each for each in root.rglob("*") if each.is_dir() and root / "extra" not in (each, *each.parents)]
    assert [each.name for each in folders if each.stat().st_mode & stat.S_IWOTH] == ["tmp"]


def test_links_lead_to_something_within(root: Path) -> None:
    for link in (path for path in root.rglob("*") if path.is_symlink()):
        to = str(link.readlink())
        assert (root / to.lstrip("/") if to.startswith("/") else link.parent / to).exists(), (link, to)


def test_a_library_that_is_missing_stops_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ldd").write_text("#!/bin/sh\necho '\tlibabsent.so.3 => not found'\n")
    (tmp_path / "ldd").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(RuntimeError, match=r"libabsent.so.3: install it"):
        script().libraries(Path(sys.executable))
    assert script().libraries(Path(sys.executable), ["libabsent.so.3"]) == []


def test_the_standard_library_goes_without_what_only_developers_use(root: Path) -> None:
    library = root / Path(sysconfig.get_path("stdlib")).relative_to("/")
    assert (library / "asyncio").is_dir()
    assert not {"test", "ensurepip", "idlelib", "site-packages"} & {path.name for path in library.iterdir()}


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("rootfs", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
