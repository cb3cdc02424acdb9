"""The process that reads strangers' pictures: bounded memory, no files, no network, no secrets. See bot.desk.readers.

Started as `python -P -m bot.desk.reader FD`; answers requests on the pipe until it closes.
"""

import io
import signal
import sys
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
from PIL import Image

from bot.desk import confine
from bot.desk.errors import RefusedError
from bot.desk.questions import ALL, Question
from bot.desk.questions.question import Message
from bot.desk.reading import question_from, receive, refusal_to, send
from worker.contract import PictureError
from worker.contract.lettering import open_fonts
from worker.contract.maps.preview import SMALL, TEXT
from worker.contract.pictures import FORMATS

MEMORY = 3 * 2**29  # bytes of address space; four pictures of the largest size need 0.7 GB (measured)
WARM_SIDE = 64  # px
LONGEST = 120  # seconds; whoever asks has given up long before


def serve(connection: Connection) -> None:
    """Answer until the other side goes."""
    while True:
        try:
            message = receive(connection)
        except (EOFError, OSError):
            return
        signal.alarm(LONGEST)  # who asked may be dead: then nobody else ends a decoder that hangs
        said = answer_to(question_from(message))
        signal.alarm(0)
        try:
            send(connection, *said)
        except OSError:
            return


def answer_to(question: Question[Any]) -> Message:
    """What comes of it, as it crosses the pipe; a picture at fault is told as a refusal."""
    try:
        return question.told(question.answer())
    except (PictureError, RefusedError) as refused:
        return refusal_to(refused)
    except MemoryError:
        return refusal_to(too_large(question.called))


def too_large(name: str) -> PictureError:
    """What a person reads when a picture needs more memory than it is given."""
    text = f"{name} needs too much memory to be read: make it smaller"
    return PictureError(text, "picture_damaged", name=name)


def warm() -> None:
    """Import and open whatever reading will need: afterwards no file can be opened any more."""
    Image.init()
    open_fonts((TEXT, SMALL))
    grey = Image.fromarray(np.zeros((WARM_SIDE, WARM_SIDE), np.uint8))
    pictures = []
    for kind in FORMATS:
        for mode in ("RGB", "L", "P", "RGBA"):
            out = io.BytesIO()
            grey.convert(mode if kind != "JPEG" or mode in ("RGB", "L") else "RGB").save(out, kind)
            pictures.append(out.getvalue())
    out = io.BytesIO()
    np.save(out, np.zeros((WARM_SIDE, WARM_SIDE, 3), np.float32))
    for data in (*pictures, out.getvalue(), b"no picture"):
        for asked in ALL:
            for question in asked.samples(data):
                answer_to(question)


def main() -> None:
    """Entry point."""
    # Ctrl-C and the end of a service may reach all processes; what is asked is still answered: the end is the pipe's.
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    connection = Connection(int(sys.argv[1]))
    warm()
    shut = confine.confine(MEMORY)
    send(connection, {"ready": True, "shut": shut}, [])
    serve(connection)


if __name__ == "__main__":
    main()
