"""`make audit`: what it finds, and that it neither hangs nor passes silently without a database."""

import socket
import subprocess
import sys
import time

import pytest

from tests import audit


def audited(monkeypatch: pytest.MonkeyPatch, proxy: str) -> "tuple[subprocess.CompletedProcess[str], float]":
    """Run it with no other way out than this."""
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, proxy)
    began = time.monotonic()
    command = [sys.executable, "-m", "tests.audit"]
    return subprocess.run(command, capture_output=True, text=True, check=False), time.monotonic() - began


def test_without_a_network_it_says_so_and_passes_on_the_pins(monkeypatch: pytest.MonkeyPatch) -> None:
    done, _ = audited(monkeypatch, "http://127.0.0.1:9")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "packages are pinned" in done.stdout
    assert done.stdout.count("holes are not looked up") == len(audit.DATABASES)
    assert "no known hole" not in done.stdout


def test_a_network_that_hangs_holds_it_up_for_15_s_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        done, seconds = audited(monkeypatch, f"http://127.0.0.1:{silent.getsockname()[1]}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "holes are not looked up" in done.stdout
    assert seconds < 15


def test_a_known_hole_and_a_missing_pin_are_told_and_fail(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hole = {"id": "PYSEC-1", "fix_versions": ["2.0"]}
    found = [{"name": "packaging", "version": "1.0", "vulns": [hole]}, {"name": "numpy", "version": "2", "vulns": []}]
    monkeypatch.setattr(audit, "asked", lambda *_: (found, ""))
    assert audit.main() == 1
    assert "packaging 1.0: PYSEC-1, mended in 2.0" in capsys.readouterr().out
    monkeypatch.setattr(audit, "asked", lambda *_: (found[1:], ""))
    assert audit.main() == 0
    monkeypatch.setattr(audit, "needed", lambda: {"unheard-of": "1"})
    assert audit.main() == 1
    assert "unheard-of 1 is installed, constraints.txt has no such line" in capsys.readouterr().out


def test_only_pins_are_taken() -> None:
    assert audit.pins("# words\nA_b==1.0  # why\n") == {"a-b": "1.0"}
    with pytest.raises(ValueError, match=r"'numpy>=2' pins no version"):
        audit.pins("numpy>=2")
