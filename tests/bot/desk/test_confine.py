"""The filter of system calls, for machines that the tests do not run on too."""

import re
from pathlib import Path

import pytest

from bot.desk import confine
from bot.desk.confine import (
    ALLOW,
    ARCHITECTURES,
    JUMP_IF_EQUAL,
    JUMP_IF_GREATER,
    LOAD,
    REFUSE,
    REFUSED,
    RETURN,
    UNKNOWN,
)

HEADERS = {
    "x86_64": ("x86_64-linux-gnu/asm/unistd_64.h", "asm/unistd_64.h"),
    "aarch64": ("asm-generic/unistd.h",),
}
LATER = {"fchmodat2"}  # younger than some headers
FINE = {"x86_64": {"read": 0, "write": 1, "mmap": 9, "exit_group": 231}, "aarch64": {"read": 63, "mmap": 222}}


def answer(machine: str, architecture: int, call: int, second: int = 0) -> int:
    """What the kernel would do with that call of that second argument."""
    program, place, held = confine.program_for(machine), 0, 0
    while True:
        code, when_true, when_false, operand = program[place]
        place += 1
        if code == RETURN:
            return operand
        if code == LOAD:
            held = {0: call, 4: architecture, 24: second}[operand]
        else:
            true = held == operand if code == JUMP_IF_EQUAL else held > operand
            assert code in (JUMP_IF_EQUAL, JUMP_IF_GREATER)
            place += when_true if true else when_false


def numbers_of(machine: str) -> dict[str, int]:
    """The machine's calls, as its kernel's headers number them."""
    found = [path for name in HEADERS[machine] if (path := Path("/usr/include") / name).exists()]
    if not found:
        pytest.skip("the kernel's headers are not installed")
    said = re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", found[0].read_text())
    return {name: int(number) for name, number in said}


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_just_these_calls_are_refused(machine: str) -> None:
    own = ARCHITECTURES[machine]
    refused = set(confine.numbers(machine))
    assert {call for call in range(600) if answer(machine, own, call) == REFUSE} == refused
    assert {answer(machine, own, call) for call in FINE[machine].values()} == {ALLOW}
    strange = {call for call in range(600) if answer(machine, own, call) == UNKNOWN}
    assert strange == {*range(confine.LAST_OLD[machine] + 1, 424), *range(457, 600)}
    assert {answer(machine, own, call) for call in (2**30, 2**30 + 59, 2**32 - 1)} == {UNKNOWN}  # x32's among them
    for other in ARCHITECTURES.values():
        assert other == own or answer(machine, other, FINE[machine]["read"]) == REFUSE
    assert max(max(step[1:3]) for step in confine.program_for(machine)) < 256


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_a_descriptor_is_no_way_to_signal_another(machine: str) -> None:
    own, fcntl = ARCHITECTURES[machine], confine.FCNTL[machine]
    assert [way for way in range(2048) if answer(machine, own, fcntl, way) == REFUSE] == [8, 10, 15]
    assert {answer(machine, own, call, 8) for call in FINE[machine].values()} == {ALLOW}


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_the_numbers_are_the_kernels(machine: str) -> None:
    said = numbers_of(machine)
    place = list(ARCHITECTURES).index(machine)
    assert said["fcntl"] == confine.FCNTL[machine]
    for name, numbers in REFUSED.items():
        if name not in LATER or name in said:
            assert said.get(name) == numbers[place], name


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_the_last_calls_that_are_known_are_the_kernels(machine: str) -> None:
    said = numbers_of(machine)
    known = [number for number in said.values() if number < confine.NEWER]
    assert max(known) == confine.LAST_OLD[machine] or machine == "aarch64"  # whose table has the 32-bit machines' too
    assert said["pidfd_send_signal"] == confine.NEWER
    assert said.get("futex_requeue", confine.LAST) == confine.LAST
