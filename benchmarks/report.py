"""Tables, and pages of them in benchmarks/results with the machine and versions they were made on."""

import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import torch

RESULTS = Path(__file__).parent / "results"


def format_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def machine() -> str:
    """Processor, threads, device and versions in a few lines of Markdown."""
    device = torch.cuda.get_device_name(0) if torch.cuda.is_available() else "no CUDA device"
    return (
        f"- {datetime.now(UTC):%Y-%m-%d}, {platform.system()} {platform.machine()}, {processor()}, "
        f"{torch.get_num_threads()} threads, {device}\n"
        f"- Python {platform.python_version()}, torch {torch.__version__}, numpy {np.__version__}\n"
    )


def processor() -> str:
    """The processor's name with its widest vector instructions."""
    name = platform.processor() or "unknown processor"
    facts = Path("/proc/cpuinfo")
    if facts.exists():
        found = [line.split(":", 1)[1].strip() for line in facts.read_text().splitlines() if "model name" in line]
        name = found[0] if found else name
    return f"{name} ({torch.backends.cpu.get_cpu_capability()})"


def write_report(name: str, title: str, body: str) -> Path:
    """Put a page into benchmarks/results and say where."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.md"
    path.write_text(f"# {title}\n\n{machine()}\n{body}", encoding="utf-8")
    return path
