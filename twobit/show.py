"""What a person sees on the terminal while they wait: a bar where there is one, else a line now and then."""

import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

BAR_WIDTH = 24  # characters
LINE_SECONDS = 2.0  # between lines where the output is no terminal


class Waiting:
    """A context that shows how far something is, on stderr."""

    def __init__(self, *, silent: bool = False) -> None:
        """`silent` shows nothing at all."""
        self._console = Console(stderr=True, quiet=silent, highlight=False)
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._said: tuple[str, float] = ("", 0.0)
        if self._console.is_terminal and not silent:
            columns = (
                BarColumn(bar_width=BAR_WIDTH),
                TextColumn("{task.percentage:>3.0f} %"),
                TextColumn("{task.description}"),
            )
            self._bar = Progress(*columns, console=self._console, transient=True)

    def __enter__(self) -> "Waiting":
        """Begin to show."""
        if self._bar is not None:
            self._bar.start()
            self._task = self._bar.add_task("", total=1.0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()

    def say(self, text: str) -> None:
        """A line that stays."""
        self._console.print(text, soft_wrap=True)

    def hint(self, text: str) -> None:
        """Beside the bar only: nothing where the output is no terminal."""
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, description=text)

    def share(self, done: float, text: str) -> None:
        """The bar at `done` in [0, 1]; without a terminal a line when the text changes, at most every 2 s."""
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=done, description=text)
            return
        now = time.monotonic()
        if text != self._said[0] and now - self._said[1] >= LINE_SECONDS:
            self._said = (text, now)
            bar = "#" * round(done * BAR_WIDTH)
            self._console.print(f"[{bar:<{BAR_WIDTH}}] {done:4.0%}  {text}", soft_wrap=True, markup=False)


def duration(seconds: float) -> str:
    """Like `8 s`, `2 min 5 s`."""
    whole = max(0, round(seconds))
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"
