"""Pictures that people bring outside a request: checked, stored, and named by rows."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.desk import Desk, OutOfReachError, RefusedError
from bot.desk.locks import naming_pictures
from bot.desk.reading import decode, measure
from worker.contract import ContractError, PictureError, PictureStore, UnreachableError
from worker.contract.digest import digest_of
from worker.contract.pictures import Rgb


@dataclass(frozen=True, slots=True)
class Brought:
    """One checked picture."""

    digest: str
    width: int  # px, as a person sees it
    height: int


def checked(data: bytes, what: str) -> Brought:
    """Check format, size and that it decodes. Raises RefusedError naming `what`."""
    try:
        width, height = measure(data, what)
        decode(data, what)
    except PictureError as error:
        raise RefusedError(str(error), error.code, **error.values) from error
    return Brought(digest_of(data), width, height)


def pixels(data: bytes, what: str, *, stored: bool = False) -> Rgb:
    """(H, W, 3) uint8; `stored`: of a picture that is kept already. Raises RefusedError naming `what`."""
    try:
        return decode(data, what, stored=stored)
    except PictureError as error:
        raise RefusedError(str(error), error.code, **error.values) from error


@contextmanager
def naming(desk: Desk, pictures: Mapping[str, bytes]) -> Iterator[Session]:
    """A writing transaction for rows that name `pictures` (digest to bytes), which are in the store when it ends.

    Somebody may delete the last row that names the same picture at this moment: the lock and the second look after
    the commit make sure that ours stays. Raises OutOfReachError.
    """
    try:
        for data in pictures.values():
            desk.store.put(data)
        with desk.database.write() as session:
            naming_pictures(session)
            yield session
        for digest, data in pictures.items():
            if not desk.store.has(digest):
                desk.store.put(data)
    except UnreachableError as error:
        raise OutOfReachError(str(error)) from error


def fetch(store: PictureStore, digest: str) -> bytes:
    """The bytes under a digest. Raises OutOfReachError."""
    try:
        return store.get(digest)
    except ContractError as error:
        raise OutOfReachError(str(error)) from error
