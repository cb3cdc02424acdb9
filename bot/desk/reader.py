"""The process that reads strangers' pictures: bounded memory, no files, no network, no secrets. See bot.desk.readers.

Started as `python -P -m bot.desk.reader FD`; answers requests on the pipe until it closes.
"""

import io
import signal
import sys
from multiprocessing.connection import Connection

import numpy as np
from PIL import Image

from bot.desk import confine, intake
from bot.desk.errors import RefusedError
from bot.desk.reading import Answer, Question, answer_to, question_from, receive, send
from worker.contract import PictureError
from worker.contract.maps.named import read_names
from worker.contract.pictures import FORMATS, decode, picture_size

MEMORY = 3 * 2**29  # bytes of address space; four pictures of the largest size need 0.7 GB (measured)
WARM_SIDE = 64  # px
LONGEST = 120  # seconds; whoever asks has given up long before


def serve(connection: Connection) -> None:
    """Answer until the other side goes."""
    while True:
        try:
            header, parts = receive(connection)
        except (EOFError, OSError):
            return
        signal.alarm(LONGEST)  # who asked may be dead: then nobody else ends a decoder that hangs
        answer = answer_of(question_from(header, parts))
        signal.alarm(0)
        try:
            send(connection, *answer_to(answer))
        except OSError:
            return


def answer_of(question: Question) -> Answer:
    """What comes of it. Never raises: a fault of a decoder is told as a picture that can't be read."""
    try:
        if question.wish is not None:
            return Answer(size=intake.check(question.wish))
        if question.ask == "measure":
            return Answer(sides=picture_size(question.data, question.name))
        if question.ask == "names":
            return Answer(names=read_names(question.data))
        return Answer(pixels=decode(question.data, question.name))
    except (PictureError, RefusedError) as refused:
        return Answer(refused=(str(refused), refused.code, refused.values))
    except MemoryError:
        return Answer(refused=too_large(question))


def too_large(question: Question) -> tuple[str, str, dict[str, object]]:
    """What a person reads when a picture needs more memory than it is given."""
    name = question.called
    return f"{name} needs too much memory to be read: make it smaller", "picture_damaged", {"name": name}


def warm() -> None:
    """Import whatever reading will need: afterwards no file can be opened any more."""
    Image.init()
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
        for question in Question.of_every_kind(data):
            answer_of(question)


def main() -> None:
    """Entry point."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the pipe's end is the end
    connection = Connection(int(sys.argv[1]))
    warm()
    shut = confine.confine(MEMORY)
    send(connection, {"ready": True, "shut": shut}, [])
    serve(connection)


if __name__ == "__main__":
    main()
