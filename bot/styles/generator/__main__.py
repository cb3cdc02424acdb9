"""Writes the house styles: `python -m bot.styles.generator [--out DIR] [--only SLUG]`."""

import argparse
import sys
from pathlib import Path
from time import perf_counter

from bot.styles.generator.scenes import SCENES
from bot.styles.generator.write import write

HOUSE = Path(__file__).resolve().parent.parent / "house"


def main(arguments: list[str] | None = None) -> int:
    """Write every scene, or the one asked for; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bot.styles.generator", description="Write the house styles.")
    parser.add_argument("--out", type=Path, default=HOUSE, help="folder to write into (default: the package's own)")
    parser.add_argument("--only", choices=[scene.slug for scene in SCENES], help="write this one alone")
    options = parser.parse_args(arguments)
    for scene in SCENES:
        if options.only in (None, scene.slug):
            started = perf_counter()
            write(scene, options.out / scene.slug)
            sys.stdout.write(f"{scene.slug}: {perf_counter() - started:.1f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
