"""Taking our posts away when what they show, or whom they answered, was deleted, on whatever front.

A post that the network does not let us delete is tried again for a week, over restarts, and holds up no others: see
bot.community.posts.
"""

import time

import structlog

from bot.community.posts import Post, Posts, said_at
from bot.fediverse.parts import Parts
from bot.fediverse.platform import PlatformError

log = structlog.get_logger(__name__)

AT_ONCE = 20  # posts of one round
SECONDS = 10.0  # of a round, after which the rest waits for the next: mentions wait for their turn, too


class Removal:
    """Of one of our accounts."""

    def __init__(self, parts: Parts) -> None:
        """Nothing is deleted yet."""
        self._platform = parts.platform
        self._posts = Posts(parts.desk)
        self._begins = said_at(parts.inbox.place)
        self._quiet_until = 0.0  # monotonic; networks let us delete less often than reply, which must go on meanwhile

    def round(self) -> None:
        """Delete some of the posts that are to go. Raises OutOfReachError."""
        ends = time.monotonic() + SECONDS
        if time.monotonic() < self._quiet_until:
            return
        for post in self._posts.out_of_place((self._begins,), limit=AT_ONCE):
            self._take_away(post)
            if time.monotonic() >= ends or time.monotonic() < self._quiet_until:
                return

    def _take_away(self, post: Post) -> None:
        """One that is gone already is no error."""
        number = post.place.removeprefix(self._begins)
        try:
            self._platform.delete(number)
        except PlatformError as error:
            log.warning("post_stays", post=number, reason=str(error)[:200])
            self._posts.put_off(post, refused=error.permanent)
            if error.wait:
                self._quiet_until = time.monotonic() + error.wait
            return
        except Exception:  # the client's edge: an odd answer to one must not keep the others
            log.exception("post_stays", post=number)
            self._posts.put_off(post, refused=True)
            return
        self._posts.forget(post.work_id, [post.place])
        log.info("post_deleted", post=number)
