"""Whatever is sent as a map: one sentence or a report, never another exception, and never more than 1 GB."""

import io
import json
import subprocess
import sys
import zipfile
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.worker.contract.maps.drawings import BLUE, RED, WHITE, coloured, saved, scene
from tests.worker.contract.maps.test_reading import npy, npz, stack
from worker.contract.maps import MapReport, draw_preview, understand
from worker.contract.options import MapOptions

MODES = {
    "PNG": ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"],
    "JPEG": ["L", "RGB", "CMYK"],
    "WEBP": ["RGB", "RGBA"],
    "GIF": ["L", "P", "RGB"],
    "TIFF": ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "I", "F", "LAB", "YCbCr"],
}
GOOD = saved(coloured(scene(1, 64, 48, 3), [RED, WHITE, BLUE]))
WHOLE = [GOOD, *(stack(name) for name in ("tiff", "zip", "npz", "npy floats")), npy(np.ones((40, 40, 3)) * 0.5)]
OPTIONS = st.builds(
    MapOptions,
    mode=st.sampled_from(["labels", "colours", "embedding"]),
    smooth=st.sampled_from([0, 0.5, 3, 64]),
    fit=st.sampled_from(["refuse", "crop", "pad"]),
)
SIDES = st.sampled_from([1, 2, 31, 32, 33, 47, 64, 100, 301])


@st.composite
def pictures(draw: st.DrawFn) -> bytes:
    """Any format, mode, size and content: noise, a few colours, a gradient, one colour."""
    kind = draw(st.sampled_from(sorted(MODES)))
    width, height = draw(SIDES), draw(SIDES)
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    content = draw(st.sampled_from(["noise", "few", "gradient", "one"]))
    values = rng.integers(0, 256, (height, width, 4))
    if content == "few":
        colours = rng.integers(0, 256, (draw(st.integers(1, 90)), 4))
        values = colours[
            np.kron(rng.integers(0, len(colours), (height // 9 + 1, width // 9 + 1)), np.ones((9, 9), int))
        ]
        values = values[:height, :width]
    elif content == "gradient":
        values = np.broadcast_to(np.linspace(0, 255, width)[None, :, None], (height, width, 4))
    elif content == "one":
        values = np.full((height, width, 4), draw(st.integers(0, 255)))
    rgba = Image.fromarray(np.ascontiguousarray(values, dtype=np.uint8))
    mode = draw(st.sampled_from(MODES[kind]))
    return saved(in_mode(rgba, mode), kind, **draw(st.sampled_from([{}, {"quality": 30}])) if kind == "JPEG" else {})


def in_mode(rgba: Image.Image, mode: str) -> Image.Image:
    if mode in ("RGBA", "LA"):
        return rgba.convert(mode)
    rgb = rgba.convert("RGB")
    if mode == "I;16":
        return Image.fromarray(np.asarray(rgb)[..., 0].astype(np.uint16) * 257)
    if mode == "LAB":
        return Image.frombytes("LAB", rgb.size, rgb.tobytes())
    return rgb.convert("L").convert(mode) if mode in ("I", "F") else rgb.convert(mode)


@st.composite
def arrays(draw: st.DrawFn) -> bytes:
    """NPY and NPZ of any shape and type."""
    shape = tuple(draw(st.lists(st.sampled_from([0, 1, 2, 3, 5, 32, 40, 65]), min_size=0, max_size=4)))
    kind = draw(st.sampled_from(["?", "u1", "i2", "i8", "u8", "f2", "f4", ">f8", "c8", "U2", "M8[s]"]))
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    high = draw(st.sampled_from([1, 2, 9, 300]))
    with np.errstate(all="ignore"):
        array: Any = (rng.random(shape) * high).astype(kind if kind not in ("U2", "M8[s]") else "i8").astype(kind)
    if array.dtype.kind == "f" and array.size and draw(st.booleans()):
        array.flat[0] = draw(st.sampled_from([np.nan, np.inf, 6e4, 0]))
    return npy(array) if draw(st.booleans()) else npz(**dict.fromkeys(draw(st.sampled_from(["a", "ab"])), array))


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Files that were whole once, cut and with bytes changed."""
    data = bytearray(draw(st.sampled_from(WHOLE)))
    for place, value in draw(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=6)):
        data[place % len(data)] = value
    return bytes(data[: draw(st.integers(0, len(data)))]) if draw(st.booleans()) else bytes(data)


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.one_of(pictures(), arrays(), damaged(), st.binary(max_size=300)),
    st.one_of(st.just(GOOD), pictures(), damaged()),
    st.one_of(st.none(), st.just(GOOD), st.binary(max_size=30)),
    OPTIONS,
    st.booleans(),
)
def test_anything_becomes_a_report(
    one: bytes, other: bytes, style: bytes | None, options: MapOptions, turn: bool
) -> None:
    style_map, doodle = (other, one) if turn else (one, other)
    understood = understand(style, style_map, doodle, options=options)
    report = understood.report
    assert MapReport.model_validate_json(report.model_dump_json()) == report
    assert all(finding.text and "\n" not in finding.text for finding in (*report.problems, *report.warnings))
    if report.ok:
        assert understood.style_map is not None
        assert understood.doodle is not None
        assert understood.style_map.shape[2] == understood.doodle.shape[2] == report.channels
        assert all(np.isfinite(map_).all() for map_ in (understood.style_map, understood.doodle))
    assert draw_preview(understood).startswith(b"\x89PNG")


def large(name: str) -> bytes:
    labels = np.tile(scene(1, 1024, 1024, 9), (4, 4))
    colours = np.array([(25 * index, 250 - 25 * index, 90) for index in range(9)], np.uint8)
    if name == "picture":
        return saved(colours[labels], compress_level=1)
    if name == "rgba":
        return saved(np.dstack([colours[labels], np.where(labels == 3, np.uint8(0), np.uint8(255))]), compress_level=1)
    if name == "noise":
        noise = np.random.default_rng(0).integers(0, 256, (4096, 4096, 3), np.uint8)
        return saved(noise, compress_level=0)
    if name == "deep":
        return saved(labels.astype(np.uint16) * 7000, compress_level=1)
    if name == "masks":
        return npz(**{f"m{index}": scene(5, 2048, 2048, 4) == index % 4 for index in range(11)})
    if name == "embedding":
        return npz(x=np.repeat(scene(6, 2000, 2000, 4).astype(np.float64)[..., None] * 0.4, 4, axis=2))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for index in range(60):
            archive.writestr(f"{index}.npy", bytes(10**7))
    return out.getvalue()


CHILD = """
import json, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (4 * 2**30, 4 * 2**30))  # numpy's threads alone reserve much of it
from pathlib import Path
from worker.contract.maps import check_maps
from worker.contract.options import MapOptions
data = Path(sys.argv[1]).read_bytes()
def resident():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
before = resident()
report = check_maps(None, data, data, options=MapOptions(mode=sys.argv[2], smooth=float(sys.argv[3])))
print(json.dumps({"peak": resident() - before, "problems": [problem.text for problem in report.problems]}))
"""


@pytest.mark.parametrize(
    ("name", "mode", "smooth"),
    [
        ("picture", "labels", 2),
        pytest.param("rgba", "labels", 0, marks=pytest.mark.slow),
        pytest.param("rgba", "colours", 2, marks=pytest.mark.slow),
        pytest.param("noise", "labels", 0, marks=pytest.mark.slow),
        pytest.param("deep", "labels", 0, marks=pytest.mark.slow),
        pytest.param("masks", "labels", 0, marks=pytest.mark.slow),
        pytest.param("embedding", "embedding", 2, marks=pytest.mark.slow),
        ("bomb", "labels", 0),
    ],
)
def test_the_largest_maps_take_less_than_a_gigabyte(tmp_path: Any, name: str, mode: str, smooth: float) -> None:
    (tmp_path / "map").write_bytes(large(name))
    words = [sys.executable, "-c", CHILD, str(tmp_path / "map"), mode, str(smooth)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=250, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert told["peak"] < 1e9, f"{told['peak'] / 1e6:.0f} MB"
    assert bool(told["problems"]) == (name in ("bomb", "noise"))
