"""The receiving loop: hear that something came, read what lies after the stored cursor, work on it.

The network's stream is a hint only. What counts is what lies after the cursor, so a stream that breaks, a day offline
and a first look after a restart are all the same: the next read brings what is missing.
"""

import threading
import time
import uuid

import structlog

from bot.desk import OutOfReachError
from bot.fediverse.asking import Asking
from bot.fediverse.inbox import Waiting
from bot.fediverse.parts import Parts
from bot.fediverse.platform import PlatformError, TokenError
from bot.fediverse.removal import Removal

log = structlog.get_logger(__name__)

POLL_SECONDS = 10.0  # without a stream
STREAM_SECONDS = 60.0  # with one: in case it stays silent
WORK_SECONDS = 1.0  # how often mentions that had to wait are looked at
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 120.0  # after a stream broke, or the network did not answer
TIDY_SECONDS = 3600.0
REMOVE_SECONDS = 5.0  # how often posts that are to go are looked for, and at most what is waited for
BROKEN_TRIES = 3  # of a mention that breaks us
MOST_TRIES = 60  # with the pauses of the inbox some five hours


class Receiver:
    """Hears, reads and works, in two threads: this one and one that listens to the stream."""

    def __init__(self, parts: Parts, *, poll: float = POLL_SECONDS) -> None:
        """`poll`: seconds between two looks where no stream tells of mentions."""
        self._parts = parts
        self._asking = Asking(parts)
        self._poll = poll
        self._look = min(poll, WORK_SECONDS)
        self._removal = Removal(parts)
        self._remove = min(poll, REMOVE_SECONDS)
        self._wake = threading.Event()
        self._streaming = False
        self._quiet_until = self._read_at = self._removed_at = 0.0  # monotonic
        self._tidied = time.monotonic()
        self._pause = FIRST_PAUSE
        self._broken: dict[str, int] = {}

    def run(self, stop: threading.Event) -> None:
        """Until `stop`; network and database may come and go."""
        listener = threading.Thread(target=self._listen, args=(stop,), name="listen", daemon=True)
        if self._parts.platform.pushes:
            listener.start()
        while not stop.is_set():
            self.round()
            quiet = time.monotonic() < self._quiet_until
            (stop if quiet else self._wake).wait(self._look)

    def round(self) -> None:
        """Read when it is time to, and work on what is due."""
        now = time.monotonic()
        try:
            if now >= self._quiet_until and self._due(now):
                self._wake.clear()
                self._read_at = now
                self.read()
                self._pause = FIRST_PAUSE
            if now >= self._quiet_until:
                self.work()
            if now >= self._quiet_until and now - self._removed_at >= self._remove:
                self._removed_at = now
                self.remove()  # after work: who asked for it is answered first
            if now - self._tidied > TIDY_SECONDS:
                self._tidied = now
                self._parts.inbox.tidy()
        except (PlatformError, OutOfReachError) as error:
            wait = getattr(error, "wait", None) or self._pause
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
            self._quiet_until = time.monotonic() + wait
            self._read_at = 0.0
            log.warning("mentions_wait", seconds=wait, reason=str(error)[:300])
        except Exception:  # the client's edge: the bot must outlive one odd answer of the network
            log.exception("round_failed")
            self._quiet_until = time.monotonic() + self._pause

    def read(self) -> None:
        """Take in everything after the cursor."""
        inbox, platform = self._parts.inbox, self._parts.platform
        more = True
        while more:
            before = inbox.cursor()
            page = platform.mentions(before)
            if page.mentions or page.cursor != before:
                new = inbox.take_in(page.mentions, page.cursor, self._parts.front)
                log.info("mentions_read", count=len(page.mentions), new=new)
            more = page.more and page.cursor != before

    def work(self) -> None:
        """Work on all mentions that are due."""
        for waiting in self._parts.inbox.due():
            self._work_on(waiting)

    def remove(self) -> None:
        """Delete posts that are to go."""
        self._removal.round()

    def _work_on(self, waiting: Waiting) -> None:
        try:
            self._asking.work_on(waiting)
            self._broken.pop(waiting.post, None)
        except (OutOfReachError, TokenError):
            raise  # it is not this mention's fault: none of them can be worked on
        except PlatformError as error:
            log.warning("mention_waits", post=waiting.post, tries=waiting.tries, reason=str(error)[:300])
            if error.permanent or waiting.tries >= MOST_TRIES:
                self._parts.inbox.done(waiting.post, "ignored")
            else:
                self._parts.inbox.later(waiting, error.wait)
            if error.wait:
                raise  # the network asks us to be quiet
        except Exception:  # noqa: BLE001  # the client's edge: one poisonous mention must not keep the others
            self._broke(waiting)

    def _broke(self, waiting: Waiting) -> None:
        number = uuid.uuid4().hex[:8]
        log.exception("mention_broke", post=waiting.post, number=number)
        times = self._broken[waiting.post] = self._broken.get(waiting.post, 0) + 1
        if times < BROKEN_TRIES:
            self._parts.inbox.later(waiting)
            return
        del self._broken[waiting.post]
        try:
            self._asking.give_up(waiting, number)
        except PlatformError as error:
            log.warning("fault_untold", post=waiting.post, reason=str(error)[:300])
            self._parts.inbox.done(waiting.post, "ignored")

    def _due(self, now: float) -> bool:
        pause = STREAM_SECONDS if self._streaming else self._poll
        return self._wake.is_set() or self._read_at == 0.0 or now - self._read_at >= pause

    def _listen(self, stop: threading.Event) -> None:
        """Keep a stream open; while there is none, mentions are polled."""
        pause = FIRST_PAUSE
        while not stop.is_set():
            began = time.monotonic()
            self._streaming = True
            try:
                self._parts.platform.listen(self._wake.set, stop)
            except PlatformError as error:
                log.info("stream_broke", reason=str(error)[:200])
            except Exception:  # the client's edge: without a stream mentions are polled
                log.exception("stream_failed")
            self._streaming = False
            self._wake.set()
            pause = FIRST_PAUSE if time.monotonic() - began > LONGEST_PAUSE else min(pause * 2, LONGEST_PAUSE)
            stop.wait(pause)
