"""One client of benchmarks.pages, in a process of its own."""

import sys

from benchmarks.pages import ask

if __name__ == "__main__":
    print("\n".join(f"{seconds:.6f}" for seconds in ask(sys.argv[1])))
