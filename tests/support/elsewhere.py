"""Another library's catalogue, asked live: there while a test runs, and as slow as it is held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from threading import Event
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask

from catalogue.database import Database
from catalogue.model import HubIdentity
from crosswalks.model import Record
from support.engines import Engine
from support.filled import add_library, book, deliver, settle
from web.app import create_app

BOOKS = {
    title: book(title, author=author, year=year)
    for title, author, year in (
        ("Truyện ngắn", "Nam Cao", "1990"),
        ("Truyện Kiều", "Nguyễn Du", "1985"),
    )
}


@contextmanager
def elsewhere(
    engine: Engine, books: Mapping[str, Record] = BOOKS, code: str = "B"
) -> Iterator[Flask]:
    """Give the application of another hub, which has these books of one library."""
    with engine.fresh() as url:
        database = Database.open(url)
        add_library(database, code, f"Thư viện {code}")
        deliver(database, code, books)
        settle(database)
        yield create_app(database, HubIdentity(domain="other.vn"), b"k" * 32)
        database.close()


@contextmanager
def let_go() -> Iterator[Event]:
    """Give what a slow server waits for: set at the end, so that it can end as well."""
    event = Event()
    yield event
    event.set()


def slowly(app: WSGIApplication, held: Event) -> WSGIApplication:
    """Return an application that answers once it is let."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        held.wait(30)
        return app(environ, start)

    return answer
