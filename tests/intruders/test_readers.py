"""Strangers' pictures are read in processes that can do no harm, and read there as they would be here."""

import io
import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import psutil
import pytest
from PIL import Image
from structlog.testing import capture_logs

from bot.desk import RefusedError, reading
from bot.desk.questions import (
    ALL,
    Check,
    Decode,
    Fewer,
    Glance,
    MapSize,
    Measure,
    Named,
    Names,
    Question,
    RecipeOf,
    Seen,
    Shrink,
    Tells,
    Thumb,
    Understand,
)
from bot.desk.questions.question import Message
from bot.desk.readers import COMMAND, LIFE, LIFE_SECONDS, Readers
from bot.desk.request import Request, SuggestRequest, Wish
from tests.intruders.fuzz import MAP, MODES, STYLE, mutated, seeds
from tests.pictures import SAND, SEA, SKY, flat, png
from worker.contract import PaintOptions, PictureError
from worker.contract.maps.named import NamedMap, read_names, write_named
from worker.contract.options import MapOptions
from worker.contract.pictures import decode, picture_size

T = TypeVar("T")

MUTATED = 60
PATIENCE = 60.0


@pytest.fixture
def readers() -> Iterator[Readers]:
    found = Readers(1, seconds=10)
    yield found
    found.close()


def outcome(call: Callable[[], object]) -> object:
    """What comes of it; of an error everything that a front may say."""
    try:
        found = call()
    except (PictureError, RefusedError) as error:
        return str(error), error.code, {name: str(value) for name, value in error.values.items()}
    return found.tobytes() if isinstance(found, np.ndarray) else found


def wishes(data: bytes, number: int) -> list[Wish]:
    options = PaintOptions(width=96, height=72, maps=MapOptions(mode=MODES[number % 3], fit="pad"))
    return [
        SuggestRequest(data, name="my picture"),
        Request(STYLE, MAP, data, options=options, names={"doodle": "my doodle"}),
        Request(STYLE, data, MAP, content=STYLE, options=options),
    ]


def test_what_is_read_there_is_what_would_be_read_here(readers: Readers) -> None:
    rng = np.random.default_rng(2016)
    whole = seeds()
    files = [*whole, *(mutated(whole[number % len(whole)], rng) for number in range(MUTATED)), b"", b"no picture"]
    kinds = set()
    for number, data in enumerate(files):
        assert outcome(partial(readers.ask, Decode(data, "it"))) == outcome(partial(decode, data, "it")), number
        assert outcome(partial(readers.ask, Measure(data, "it"))) == outcome(partial(picture_size, data, "it")), number
        assert readers.ask(Names(data)) == read_names(data), number
        for wish in wishes(data, number):
            here = outcome(Check(wish).answer)
            assert outcome(partial(readers.ask, Check(wish))) == here, number
            kinds.add(type(here))
    assert kinds == {int, tuple}
    assert len(readers.pids()) == 1  # none broke


def test_the_largest_pictures_that_are_taken_are_read() -> None:
    readers = Readers(1)
    pixels = np.repeat(np.repeat(flat(64, 64, [SKY, SEA, SAND]), 64, 0), 64, 1)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG", compress_level=1)
    assert readers.ask(Check(Request(out.getvalue(), out.getvalue(), out.getvalue()))) == 4096 * 4096
    readers.close()


def answered_by(source: str, seconds: float = 1.0, life: tuple[int, float] = (LIFE, LIFE_SECONDS)) -> Readers:
    """Readers of our own making: `source` runs in their place, its pipe is `connection`, `confine` is at hand."""
    head = (
        "import sys\nfrom multiprocessing.connection import Connection\nfrom bot.desk import confine, reading\n"
        "connection = Connection(int(sys.argv[1]))\n"
    )
    return Readers(1, seconds=seconds, command=(sys.executable, "-c", head + source), life=life)


READY = "reading.send(connection, {'ready': True, 'shut': True}, [])\nreading.receive(connection)\n"
TRIES = """
import ctypes, errno, fcntl, os, platform, signal, socket, struct, subprocess, threading
assert len(os.listdir("/proc/self/task")) == 1  # the filter is for the one that asked for it
assert confine.confine(2**30)
libc = ctypes.CDLL(None, use_errno=True)
here, desk, own = platform.machine() == "aarch64", os.getppid(), os.getpid()
faked = struct.pack("iii116x", 0, 0, -1)  # siginfo_t: no signal, sent by SI_QUEUE
def fails(call):
    try:
        call()
    except (PermissionError, MemoryError, RuntimeError):  # RuntimeError: no new thread
        return True
    except OSError:
        return False  # somebody else than the filter minded
    return False
def call(*numbers_and_arguments):
    *numbers, arguments = numbers_and_arguments
    ctypes.set_errno(0)
    if libc.syscall(numbers[here], *arguments) == -1:
        raise OSError(ctypes.get_errno(), "")
def unknown(number, arguments):
    try:
        call(number, number, arguments)
    except OSError as error:
        raise PermissionError if error.errno == errno.ENOSYS else error
def child():
    if os.fork() == 0:
        os._exit(0)
tried = {
    "file": lambda: open("/etc/passwd"),
    "new file": lambda: open("/tmp/twobit-intruder", "w"),
    "environment": lambda: open(f"/proc/{os.getppid()}/environ"),
    "network": lambda: socket.socket(),
    "unix": lambda: socket.socket(socket.AF_UNIX),
    "program": lambda: os.execv("/bin/true", ["true"]),
    "child": lambda: subprocess.run(["/bin/true"]),
    "kill": lambda: os.kill(os.getppid(), 0),
    "remove": lambda: os.unlink("/tmp/none"),
    "memory": lambda: bytearray(2**31),
    "queued signal": lambda: call(129, 138, (desk, 0, faked)),
    "queued signal to a thread": lambda: call(297, 240, (desk, desk, 0, faked)),
    "a pipe's signal": lambda: fcntl.fcntl(connection.fileno(), 10, signal.SIGKILL),
    "a pipe's owner": lambda: fcntl.fcntl(connection.fileno(), 8, desk),
    "a pipe's owner, otherwise": lambda: fcntl.fcntl(connection.fileno(), 15, struct.pack("ii", 1, desk)),
    "a socket's owner": lambda: fcntl.ioctl(connection.fileno(), 0x8901, struct.pack("i", desk)),
    "fork": child,
    "clone3": lambda: call(435, 435, (None, 0)),
    "thread": lambda: threading.Thread(target=int).start(),
    "another's group": lambda: os.setpgid(0, os.getpgid(desk)),
    "session": os.setsid,
    "namespace": lambda: call(272, 97, (0,)),
    "folder": lambda: os.chdir("/tmp"),
    "queue": lambda: call(240, 180, (b"twobit-intruder", os.O_CREAT | os.O_RDWR, 0o600, None)),
    "queue's end": lambda: call(241, 181, (b"twobit-intruder",)),
    "shared memory": lambda: call(29, 194, (0, 4096, 0o1600)),
    "semaphores": lambda: call(64, 190, (0, 1, 0o1600)),
    "messages": lambda: call(68, 186, (0, 0o1600)),
    "memory file": lambda: os.memfd_create("twobit-intruder"),
    "bounds": lambda: call(160, 164, (7, struct.pack("qq", 64, 64))),
    "a process's bounds": lambda: call(302, 261, (desk, 7, None, None)),
    "priority": lambda: os.setpriority(os.PRIO_PROCESS, own, 1),
    "processors": lambda: os.sched_setaffinity(own, {0}),
    "scheduler": lambda: os.sched_setscheduler(own, os.SCHED_OTHER, os.sched_param(0)),
    "keys": lambda: call(250, 219, (0, -3, 0)),
    "watching files": lambda: call(294, 26, (0,)),
    "secret memory": lambda: call(447, 447, (0,)),
    "a call of later kernels": lambda: unknown(463, (-1, None, 0, None, None, 0)),
    "a call nobody knows": lambda: unknown(600, ()),
    "x32's way": lambda: unknown(2**30 + 39, ()),
}
did = [name for name, call in tried.items() if not fails(call)]
reading.send(connection, {"ready": True, "shut": True}, [])
reading.receive(connection)
reading.send(connection, {"refused": ",".join(did), "code": "", "values": {}}, [])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the system calls are shut on Linux only")
def test_a_reader_that_is_broken_into_reaches_nothing() -> None:
    readers = answered_by(TRIES)
    with pytest.raises(PictureError) as told:
        readers.ask(Decode(b"x", "it"))
    assert str(told.value) == ""  # nothing of all that it tried
    readers.close()


def test_a_reader_knows_no_setting_of_ours(readers: Readers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWOBIT_DISCORD_TOKEN", "hushhush")
    readers.ask(Decode(STYLE, "it"))
    (pid,) = readers.pids()
    assert b"hushhush" not in Path(f"/proc/{pid}/environ").read_bytes()
    assert "hushhush" not in " ".join(psutil.Process(pid).cmdline())


def test_what_a_map_calls_its_labels_is_read_there_and_told_clean(readers: Readers) -> None:
    colours = np.array([[10, 20, 30], [200, 100, 0]], np.uint8)
    data = write_named(
        NamedMap(np.repeat(np.arange(2, dtype=np.uint8), 64 * 32).reshape(64, 64), colours, ("sky", "海"))
    )
    assert readers.ask(Names(data)) == {"#0a141e": "sky", "#c86400": "海"}
    assert readers.ask(Measure(data, "it")) == (64, 64)
    liar = answered_by(
        f"{READY}reading.send(connection, {{'names': {{'#0a141e': 'x' * 999, 'red': 'sea', '#c86400': 7}}}}, [])"
    )
    assert liar.ask(Names(data)) == {"#0a141e": "x" * 36}
    liar.close()
    broken = answered_by(f"{READY}sys.exit(1)")
    reading.use(broken)
    try:
        assert reading.names(data) == {}
    finally:
        reading.use(reading.HERE)
    broken.close()


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (f"{READY}sys.exit(1)", "its reader broke off"),
        (f"{READY}import time; time.sleep(60)", "it took too long"),
        (f"{READY}connection.send_bytes(b'[]')", "its reader broke off"),
        (f"{READY}connection.send_bytes(b'no json')", "its reader broke off"),
        (f"{READY}reading.send(connection, {{'shape': [9, 9]}}, [b'12'])", "its reader broke off"),
        (f"{READY}reading.send(connection, {{'size': 1}}, [])", "its reader broke off"),
        (f"{READY}reading.send(connection, {{'parts': 10**9}}, [])", "its reader broke off"),
        (f"{READY}reading.send(connection, {{'size': float('inf')}}, [])", "its reader broke off"),
        (f"{READY}connection.send_bytes(b'[' * 10**6)", "its reader broke off"),
        (f"{READY}reading.send(connection, {{'shape': [0, 0]}}, [b''])", "its reader broke off"),
        (f"{READY}reading.send(connection, {{'sides': [64, 2**40]}}, [])", "its reader broke off"),
        (f"{READY}reading.send(connection, {{'size': 2**70}}, [])", "its reader broke off"),
        (
            f"{READY}reading.send(connection, {{'refused': '', 'code': '', 'values': {{'code': ''}}}}, [])",
            "its reader broke off",
        ),
    ],
    ids=[
        *("dies", "hangs", "no message", "no JSON", "wrong pixels", "another answer", "other parts", "endless size"),
        *("deep JSON", "no pixels", "endless sides", "too large a size", "values that are none"),
    ],
)
def test_whatever_a_reader_does_a_person_reads_a_sentence(source: str, words: str) -> None:
    readers = answered_by(source)
    with pytest.raises(PictureError, match=f"my picture can't be read \\({words}\\): save it again as PNG") as told:
        readers.ask(Decode(b"x", "my picture"))
    assert told.value.code == "picture_damaged"
    assert readers.pids() == []  # it is gone, and the next question starts another
    readers.close()


def test_a_reader_that_died_is_replaced(readers: Readers) -> None:
    assert readers.ask(Check(SuggestRequest(STYLE))) == 64 * 48
    (pid,) = readers.pids()
    os.kill(pid, signal.SIGSTOP)
    killer = threading.Timer(0.3, os.kill, (pid, signal.SIGKILL))
    killer.start()
    assert readers.ask(Check(SuggestRequest(STYLE))) == 64 * 48  # asked once more: it need not be the picture's fault
    killer.join()
    assert readers.pids() != [pid]
    assert not psutil.pid_exists(pid)


def test_a_picture_under_which_two_readers_die_is_refused(tmp_path: Path) -> None:
    started = f"open({str(tmp_path / 'started')!r}, 'a').write('one ')\n"
    readers = answered_by(f"{started}{READY}sys.exit(1)", PATIENCE)
    with pytest.raises(PictureError, match="its reader broke off") as told:
        readers.ask(Decode(b"x", "it"))
    assert told.value.code == "picture_damaged"
    assert (tmp_path / "started").read_text() == "one one "
    readers.close()


@pytest.mark.parametrize("command", [("/nonexistent/python",), (sys.executable, "-c", "raise MemoryError")])
def test_where_no_reader_starts_no_picture_is_blamed_and_the_log_says_once_what_to_do(command: tuple[str, ...]) -> None:
    readers = Readers(2, command=command)
    with capture_logs() as lines:
        readers.start()
        for _ in range(3):
            with pytest.raises(PictureError, match="it can't be read just now: try again in a moment") as told:
                readers.ask(Decode(STYLE, "it"))
            assert told.value.code == "readers_busy"
    assert [line["event"] for line in lines] == ["reader_not_started"]
    assert "bot.desk.reader 1 | cat" in lines[0]["what"]
    assert readers.pids() == []
    readers.close()


@pytest.mark.parametrize("warm", [True, False])
def test_a_question_that_the_end_breaks_off_blames_no_picture(warm: bool) -> None:
    readers = Readers(1, seconds=PATIENCE)
    if warm:
        readers.ask(Decode(STYLE, "it"))
    else:
        readers.start()
    (pid,) = readers.pids()
    os.kill(pid, signal.SIGSTOP)
    told: list[object] = []
    asking = threading.Thread(target=lambda: told.append(outcome(lambda: readers.ask(Decode(STYLE, "it")))))
    asking.start()
    give_up = time.monotonic() + PATIENCE
    while not readers._free.empty():
        assert time.monotonic() < give_up
        time.sleep(0.01)
    readers.close()
    asking.join(PATIENCE)
    assert told == [("it can't be read just now: try again in a moment", "readers_busy", {"name": "it"})]
    assert readers.pids() == []


def test_a_reader_hands_over_to_another_that_is_warm_and_ends(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    gate.touch()
    source = f"""
import os, time
from bot.desk.reader import serve
while not os.path.exists({str(gate)!r}):
    time.sleep(0.01)
{READY.splitlines()[0]}
serve(connection)
"""
    readers = answered_by(source, PATIENCE, life=(3, 0.0))
    for _ in range(2):
        assert readers.ask(Measure(STYLE, "it")) == (64, 48)
    (old,) = readers.pids()
    gate.unlink()
    for _ in range(9):  # none of which waits for the one that is being started
        assert readers.ask(Measure(STYLE, "it")) == (64, 48)
    (young,) = set(readers.pids()) - {old}
    assert psutil.pid_exists(old)
    gate.touch()
    give_up = time.monotonic() + PATIENCE
    while old in readers.pids():
        assert time.monotonic() < give_up
        assert readers.ask(Measure(STYLE, "it")) == (64, 48)
    assert not psutil.pid_exists(old)
    assert young in readers.pids()
    readers.close()
    assert not psutil.pid_exists(young)


def test_an_old_reader_goes_on_where_no_other_starts() -> None:
    readers = Readers(1, seconds=PATIENCE, life=(1, 0.0))
    with capture_logs() as lines:
        readers._command = (sys.executable, "-c", "raise MemoryError")
        readers.start()
        with pytest.raises(PictureError, match="try again in a moment"):
            readers.ask(Measure(STYLE, "it"))
        readers._command = COMMAND
        readers.start()
        readers._command = ("/nonexistent/python",)
        for _ in range(4):
            assert readers.ask(Measure(STYLE, "it")) == (64, 48)
    assert [line["event"] for line in lines] == ["reader_not_started"] * 2  # each time that it begins
    assert len(readers.pids()) == 1
    readers.close()


def test_an_heir_that_the_end_has_closed_is_none() -> None:
    readers = Readers(1)
    heir = readers._started()
    readers.close()
    assert not heir.is_warm()


def test_a_reader_lives_for_its_questions_and_a_while() -> None:
    readers = Readers(1, seconds=PATIENCE, life=(1, 3600.0))
    for _ in range(3):
        readers.ask(Measure(STYLE, "it"))
    assert len(readers.pids()) == 1  # a busy desk starts no reader a second
    readers.close()


def test_an_old_reader_that_dies_is_followed_by_the_one_that_was_started_for_it() -> None:
    readers = Readers(1, seconds=PATIENCE, life=(1, 0.0))
    readers.ask(Measure(STYLE, "it"))
    old, young = sorted(readers.pids(), key=lambda pid: psutil.Process(pid).create_time())
    os.kill(young, signal.SIGSTOP)
    os.kill(old, signal.SIGKILL)
    waking = threading.Timer(0.3, os.kill, (young, signal.SIGCONT))
    waking.start()
    assert readers.ask(Measure(STYLE, "it")) == (64, 48)
    waking.join()
    assert young in readers.pids()
    assert old not in readers.pids()
    readers.close()


@pytest.mark.parametrize("end", [KeyboardInterrupt, SystemExit])
def test_nobody_is_given_the_answer_to_an_others_question_that_was_broken_off(
    readers: Readers, monkeypatch: pytest.MonkeyPatch, end: type[BaseException]
) -> None:
    other = png(flat(96, 80, [SKY, SEA, SAND]))
    assert readers.ask(Measure(other, "it")) == (96, 80)
    (pid,) = readers.pids()

    def broken_off(_: object) -> Message:
        raise end

    with monkeypatch.context() as patched:
        patched.setattr("bot.desk.readers.receive", broken_off)
        with pytest.raises(end):
            readers.ask(Measure(other, "it"))  # its answer is in the pipe, unread
    assert readers.pids() == []
    assert not psutil.pid_exists(pid)
    assert readers.ask(Measure(STYLE, "it")) == (64, 48)


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_a_reader_that_hears_of_the_services_end_still_answers(readers: Readers, told: signal.Signals) -> None:
    assert readers.ask(Measure(STYLE, "it")) == (64, 48)
    (pid,) = readers.pids()
    os.kill(pid, told)
    assert readers.ask(Measure(STYLE, "it")) == (64, 48)
    assert readers.pids() == [pid]


def test_more_questions_than_readers_wait_their_turn() -> None:
    readers = Readers(2)
    found: list[int] = []
    threads = [
        threading.Thread(target=lambda: found.append(readers.ask(Check(SuggestRequest(STYLE))))) for _ in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert found == [64 * 48] * 12
    assert 1 <= len(readers.pids()) <= 2
    readers.close()


def test_who_waits_too_long_for_a_reader_is_asked_to_come_again() -> None:
    readers = Readers(1, seconds=PATIENCE, wait_seconds=0.05)
    readers.ask(Decode(STYLE, "it"))
    (pid,) = readers.pids()
    os.kill(pid, signal.SIGSTOP)
    first: list[object] = []
    asking = threading.Thread(target=lambda: first.append(outcome(lambda: readers.ask(Measure(STYLE, "it")))))
    asking.start()
    give_up = time.monotonic() + PATIENCE
    while (told := outcome(lambda: readers.ask(Check(SuggestRequest(STYLE, name="mine"))))) == 64 * 48:
        assert time.monotonic() < give_up  # it was asked before the thread
    assert told == ("mine can't be read just now: try again in a moment", "readers_busy", {"name": "mine"})
    os.kill(pid, signal.SIGCONT)
    asking.join(PATIENCE)
    assert first == [(64, 48)]
    readers.close()


def test_after_the_end_nobody_is_asked_any_more() -> None:
    readers = Readers(2)
    readers.ask(Decode(STYLE, "it"))
    readers.close()
    for _ in range(3):
        with pytest.raises(PictureError, match="it can't be read just now: try again in a moment"):
            readers.ask(Decode(STYLE, "it"))
    assert readers.pids() == []


def test_what_a_reader_started_ends_with_it() -> None:
    child = "import os, time\npid = os.fork()\nif pid == 0:\n    time.sleep(600)\n"  # where no system call is shut
    told = "reading.send(connection, {'refused': str(pid), 'code': '', 'values': {}}, [])\n"
    readers = answered_by(f"{child}{READY}{told}time.sleep(600)")
    with pytest.raises(PictureError) as found:
        readers.ask(Decode(b"x", "it"))
    pid = int(str(found.value))
    assert psutil.pid_exists(pid)
    readers.close()
    give_up = time.monotonic() + PATIENCE
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < give_up
        time.sleep(0.05)


def test_readers_end_with_whoever_started_them() -> None:
    code = (
        "import time\nfrom bot.desk.questions import Decode\nfrom bot.desk.readers import Readers\n"
        "from tests.intruders.fuzz import STYLE\n"
        "readers = Readers(1)\nreaders.ask(Decode(STYLE, 'it'))\nprint(readers.pids()[0], flush=True)\ntime.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
    give_up = time.monotonic() + PATIENCE
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < give_up
        time.sleep(0.05)


class Other:
    """Tells what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Question[Any]] = []

    def ask(self, question: Question[T]) -> T:
        self.asked.append(question)
        raise PictureError(f"{question.called} was read apart")


@pytest.fixture
def others() -> Iterator[tuple[Other, Other]]:
    """Who reads what has just come, and what is kept."""
    found = Other(), Other()
    reading.use(*found)
    yield found
    reading.use(reading.HERE)


def test_a_process_reads_here_until_it_is_told_otherwise() -> None:
    assert reading.check(SuggestRequest(STYLE)) == 64 * 48
    other = Other()
    reading.use(other)
    try:
        with pytest.raises(RefusedError, match="mine was read apart"):
            reading.check(SuggestRequest(STYLE, name="mine"))
        with pytest.raises(PictureError, match="it was read apart"):
            reading.decode(b"xx", "it", stored=True)  # by the same one, where no other is named
        assert reading.names(b"xxx") == {}
    finally:
        reading.use(reading.HERE)
    assert [question.kind for question in other.asked] == ["check", "decode", "names"]


def test_what_is_kept_has_a_reader_of_its_own(others: tuple[Other, Other]) -> None:
    fresh, stored = others
    calls: dict[str, Callable[[], object]] = {
        "thumb": lambda: reading.thumb(STYLE, 160, "webp"),
        "shrink": lambda: reading.shrunk(STYLE, 1000, (".jpg",)),
        "fewer": lambda: reading.fewer(STYLE, 1000),
        "glance": lambda: reading.glance(STYLE, MAP, MAP),
        "tells": lambda: reading.tells(STYLE),
        "recipe": lambda: reading.recipe_of(STYLE),
        "decode": lambda: reading.decode(STYLE, "it", stored=True),
        "measure": lambda: reading.measure(STYLE, "it", stored=True),
        "named": lambda: reading.named(MAP, "it", stored=True),
    }
    for call in calls.values():
        with pytest.raises(PictureError, match="was read apart"):
            call()
    assert [question.kind for question in stored.asked] == list(calls)
    for call in (
        lambda: reading.understand(STYLE, MAP, MAP),
        lambda: reading.decode(STYLE, "it"),
        lambda: reading.measure(STYLE, "it"),
        lambda: reading.map_size(MAP, "it"),
        lambda: reading.named(MAP, "it"),
    ):
        with pytest.raises(PictureError, match="was read apart"):
            call()
    assert [question.kind for question in fresh.asked] == ["understand", "decode", "measure", "map_size", "named"]


def test_a_reader_starts_when_it_is_first_needed() -> None:
    readers = Readers(1)
    assert readers.pids() == []
    assert readers.ask(Measure(STYLE, "it")) == (64, 48)
    assert len(readers.pids()) == 1
    readers.close()


def alike(one: object, other: object) -> bool:
    """Answers that are the same; pictures by their pixels."""
    if isinstance(one, Seen) and isinstance(other, Seen):
        maps = [None if seen.map is None else seen.map.tobytes() for seen in (one, other)]
        return (one.report, one.sheet, maps[0]) == (other.report, other.sheet, maps[1])
    return one == other


def test_reports_copies_and_names_made_there_are_those_made_here(readers: Readers) -> None:
    """Every question about every seed, with what needs fonts, encoders and threads elsewhere."""
    kinds: set[str] = set()
    for data in seeds():
        questions: list[Question[Any]] = [question for kind in ALL for question in kind.samples(data)]
        questions += [
            Understand(STYLE, MAP, data, {"#1e90ff": "Ελλάδα 海"}, "sheet"),
            Understand(None, data, data, {}, "doubts"),
            Shrink(data, "it", 400, (".jpg",)),
            Thumb(data, "it", 160, "avif"),
        ]
        for question in questions:
            here = outcome(question.answer)
            assert alike(outcome(partial(readers.ask, question)), here), question
            kinds |= set() if isinstance(here, tuple) and not isinstance(here[0], int) else {question.kind}
    assert kinds == {kind.kind for kind in ALL}
    assert len(readers.pids()) == 1  # none broke


REPORT: dict[str, Any] = {"mode": "labels", "channels": 3, "sizes": {"doodle": {"width": 64, "height": 48}}}
ENTRY = {"name": "sky", "colour": "#0a141e", "style": 0.5, "doodle": 0.5}
FINDING = {"code": "scarce", "text": "Too little.", "role": "doodle", "colour": "#0a141e"}


def report(**changes: object) -> dict[str, Any]:
    return {**REPORT, "legend": [ENTRY], "warnings": [FINDING], **changes}


@pytest.mark.parametrize(
    "lie",
    [
        report(legend=[{**ENTRY, "name": "x" * 201}]),
        report(legend=[ENTRY] * 257),
        report(legend=[{**ENTRY, "colour": "@everyone"}]),
        report(legend=[{**ENTRY, "style": float("nan")}]),
        report(legend=[{**ENTRY, "doodle": 2}]),
        report(warnings=[{**FINDING, "text": "x" * 2001}]),
        report(warnings=[{**FINDING, "code": "made up"}]),
        report(warnings=[{**FINDING, "colour": "red"}]),
        report(problems=[FINDING] * 257),
        report(sizes={"doodle": {"width": 2**40, "height": 1}}),
        report(channels=-1),
        report(more="than is asked"),
        [],
    ],
)
def test_a_report_is_believed_within_bounds(lie: object) -> None:
    question = Understand(None, MAP, MAP)
    assert question.believed(({"report": report()}, [])).report.legend[0].name == "sky"
    with pytest.raises(ValueError):  # noqa: PT011  # pydantic's, or ours
        question.believed(({"report": lie}, []))


def test_a_maps_endless_names_are_told_shortened() -> None:
    masks = io.BytesIO()
    with zipfile.ZipFile(masks, "w") as archive:
        for name, value in (("a" * 5000, 255), ("b", 0)):
            archive.writestr(f"{name}.png", png(np.full((48, 64, 3), value, np.uint8)))
    question = Understand(None, masks.getvalue(), masks.getvalue())
    seen = question.believed(question.told(question.answer()))
    assert seen.report.legend[0].name == "a" * 200


JPEG = b"\xff\xd8\xff and so on"


@pytest.mark.parametrize(
    ("question", "lie"),
    [
        (Thumb(STYLE, "it", 160, "webp"), ({}, [JPEG])),
        (Thumb(STYLE, "it", 160, "avif"), ({}, [JPEG])),
        (Thumb(STYLE, "it", 160, "jpeg"), ({}, [b"<script>"])),
        (Thumb(STYLE, "it", 160, "jpeg"), ({}, [])),
        (Thumb(STYLE, "it", 160, "jpeg"), ({}, [JPEG + bytes(2**25)])),
        (Shrink(STYLE, "it", 1000, (".jpg",)), ({"ending": ".webp"}, [b"RIFF    WEBP"])),
        (Shrink(STYLE, "it", 1000, (".jpg",)), ({"ending": ".jpg"}, [JPEG + bytes(1000)])),
        (Fewer(STYLE, "it", 1000), ({}, [JPEG])),
        (Glance(STYLE, MAP, MAP), ({}, [JPEG])),
        (Understand(None, MAP, MAP, {}, "sheet"), ({"report": REPORT}, [JPEG])),
        (Understand(None, MAP, MAP, {}, "sheet"), ({"report": REPORT}, [])),
        (Understand(None, MAP, MAP, {}, "map"), ({"report": REPORT, "shape": [64, 64]}, [b"12"])),
        (Tells(STYLE), ({"tells": "no"}, [])),
        (RecipeOf(STYLE), ({"recipe": ["a"]}, [])),
        (RecipeOf(STYLE), ({"recipe": {"a": "x" * 2**18}}, [])),
        (Named(MAP), ({"sides": [64, 48], "labels": [["x" * 121, "#000000"]], "shares": [1]}, [])),
        (Named(MAP), ({"sides": [64, 48], "labels": [["sky", "#000000"]], "shares": []}, [])),
        (Named(MAP), ({"sides": [64, 48], "labels": [], "shares": []}, [])),
        (MapSize(MAP), ({"sides": [64, 2**40]}, [])),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_no_other_answer_is_believed(question: Question[Any], lie: Message) -> None:
    with pytest.raises((ValueError, KeyError, IndexError, TypeError)):
        question.believed(lie)


def test_a_reader_that_stops_in_the_middle_of_a_message_is_ended() -> None:
    source = f"{READY}import os, time\nos.write(connection.fileno(), b'\\0\\0')\ntime.sleep(600)"
    readers = answered_by(source)
    with pytest.raises(PictureError, match="its reader broke off"):
        readers.ask(Decode(b"x", "it"))
    assert readers.pids() == []
    readers.close()


def test_a_reader_that_says_it_is_busy_lies() -> None:
    source = f"{READY}reading.send(connection, {{'refused': '', 'code': 'readers_busy', 'values': {{}}}}, [])"
    readers = answered_by(source)
    with pytest.raises(PictureError, match="its reader broke off"):
        readers.ask(Decode(b"x", "it"))
    readers.close()
