"""Mutated files through every decoder: `python -m tests.intruders.fuzz COUNT SEED`, in a process of bounded memory.

Only PictureError may come out. Prints how many files there were, the slowest, and the greatest memory.
"""

import io
import json
import resource
import signal
import sys
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.pictures import SAND, SEA, SKY, flat, painted, png
from worker.contract import PaintOptions, PictureError
from worker.contract.fitting import decode_fitting
from worker.contract.options import MapMode, MapOptions
from worker.contract.pictures import decode, picture_size, read_recipe

MORE_BYTES = 2**30  # of address space, beyond what the process has at the start
HUNG_SECONDS = 20.0  # generous: the machine may be busy
FLAT = flat(64, 48, [SKY, SEA, SAND])
MAP, STYLE = png(FLAT), png(painted(FLAT))
MODES: tuple[MapMode, ...] = ("labels", "colours", "embedding")


def seeds() -> list[bytes]:
    """Whole files of every format that is taken, and some that are stacks."""
    image = Image.fromarray(FLAT)
    made = []
    for kind, more in (
        ("PNG", {}),
        ("JPEG", {}),
        ("WEBP", {"lossless": True}),
        ("WEBP", {"lossless": False}),
        ("GIF", {}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("TIFF", {"compression": "tiff_adobe_deflate"}),
    ):
        out = io.BytesIO()
        image.save(out, kind, **more)
        made.append(out.getvalue())
    frames = [Image.fromarray(np.uint8(255) * (FLAT[..., 0] == value)) for value in np.unique(FLAT[..., 0])]
    for kind in ("GIF", "TIFF", "WEBP"):
        out = io.BytesIO()
        frames[0].save(out, kind, save_all=True, append_images=frames[1:])
        made.append(out.getvalue())
    for array in (FLAT, FLAT[..., 0], FLAT.astype(np.float32)):
        out = io.BytesIO()
        np.save(out, array)
        made.append(out.getvalue())
    for mode in ("P", "RGBA", "I;16", "1"):
        out = io.BytesIO()
        (image.convert("L").convert("I;16") if mode == "I;16" else image.convert(mode)).save(out, "PNG")
        made.append(out.getvalue())
    return made


def mutated(data: bytes, rng: np.random.Generator) -> bytes:
    """A few bytes changed, a piece cut out, doubled or filled, or the end cut off."""
    bytes_: NDArray[np.uint8] = np.frombuffer(data, np.uint8).copy()
    for _ in range(int(rng.integers(1, 4))):
        size = len(bytes_)
        if size < 8:
            break
        start = int(rng.integers(0, min(size, 96) if rng.random() < 0.5 else size))  # the head says what follows
        length = int(rng.integers(1, 9))
        match int(rng.integers(0, 6)):
            case 0:
                bytes_[start : start + length] = rng.integers(0, 256, len(bytes_[start : start + length]))
            case 1:
                bytes_[start : start + length] = rng.choice([0, 127, 128, 255])
            case 2:
                bytes_ = np.concatenate([bytes_[:start], bytes_[start + length :]])
            case 3:
                bytes_ = np.concatenate([bytes_[: start + length], bytes_[start:]])
            case 4:
                bytes_ = bytes_[: max(8, start)]
            case _:
                bytes_[start] ^= np.uint8(1 << int(rng.integers(0, 8)))
    return bytes_.tobytes()


def readers(rng: np.random.Generator) -> list[Callable[[bytes], object]]:
    """What a stranger's bytes meet: each on its own, and as each of the pictures of a request."""
    options = PaintOptions(maps=MapOptions(mode=MODES[int(rng.integers(0, 3))], fit="pad"))

    def as_doodle(data: bytes) -> object:
        return decode_fitting({"style": STYLE, "style_map": MAP, "doodle": data}, options)

    def as_map(data: bytes) -> object:
        return decode_fitting({"style": STYLE, "style_map": data, "doodle": MAP}, options)

    return [lambda data: picture_size(data, "it"), lambda data: decode(data, "it"), read_recipe, as_doodle, as_map]


def main() -> None:
    """Exit 1 with the file's number when something else than PictureError comes out."""
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    files = seeds()
    for whole in files[:8]:
        decode(whole, "it")  # everything is imported
    used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()  # noqa: PTH123, SIM115
    resource.setrlimit(resource.RLIMIT_AS, (used + MORE_BYTES, resource.RLIM_INFINITY))
    slowest, refused = 0.0, 0
    for number in range(count):
        rng = np.random.default_rng((seed, number))
        data = mutated(files[number % len(files)], rng)
        signal.setitimer(signal.ITIMER_REAL, HUNG_SECONDS)
        began = time.process_time()
        for read in readers(rng):
            try:
                read(data)
            except PictureError as error:
                refused += 1
                if "\n" in str(error):
                    raise SystemExit(f"file {number} of seed {seed}: more than a sentence: {error}") from error
            except BaseException:
                print(f"file {number} of seed {seed}", file=sys.stderr)  # noqa: T201
                raise
        slowest = max(slowest, time.process_time() - began)
    signal.setitimer(signal.ITIMER_REAL, 0)
    # Not ru_maxrss: that begins with what the process which started us had.
    most = next(int(line.split()[1]) // 1024 for line in open("/proc/self/status") if line.startswith("VmHWM"))  # noqa: PTH123, SIM115
    print(json.dumps({"files": count, "refused": refused, "slowest_s": round(slowest, 3), "most_mib": most}))  # noqa: T201


if __name__ == "__main__":
    main()
