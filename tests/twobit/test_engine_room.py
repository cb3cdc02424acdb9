"""The engine is loaded before torch: OpenMP reads its waiting policy once, and spinning threads cost tenfold.

Each command runs in an interpreter of its own in which torch tells the policy and is then not there.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pictures import SEA, SKY, flat, png

COMMANDS = {
    "suggest": "map suggest {picture} -o {out}",
    "split": "map edit {picture} -o {out} --split #143c78 --picture {picture}",
    "paint": "paint --style {picture} --map {picture} --doodle {picture} --out {out}",
    "doctor": "doctor --data {data}",
}
WITHOUT_TORCH = """
import os, sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name == "torch":
            print("policy", os.environ.get("OMP_WAIT_POLICY"), flush=True)
            raise ImportError("no torch here")

sys.meta_path.insert(0, Absent())
from twobit.cli import main
main()
"""


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_asks_for_threads_that_wait_asleep_and_says_that_torch_is_missing(name: str, tmp_path: Path) -> None:
    picture, out = tmp_path / "picture.png", tmp_path / "out.png"
    picture.write_bytes(png(flat(64, 48, [SKY, SEA])))
    words = COMMANDS[name].format(picture=picture, out=out, data=tmp_path / "data").split()
    environment = {key: value for key, value in os.environ.items() if key != "OMP_WAIT_POLICY"}
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_TORCH, *words], env=environment, capture_output=True, text=True, timeout=120
    )
    policies = [line for line in done.stdout.splitlines() if line.startswith("policy")]
    assert policies[:1] == ["policy PASSIVE"]
    assert "no torch here" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert not out.exists()
