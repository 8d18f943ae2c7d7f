"""The demo's hub: its own settings and database, and the simulated members as its sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from importlib.resources import files
from io import BytesIO
from pathlib import Path

from catalogue import libraries, sources
from catalogue.authorities.importing import File, Giving, take_file
from catalogue.database import Database
from catalogue.errors import NoSuchLibrary, NoSuchSource
from catalogue.model import Library, Source
from crosswalks.authorities.model import Kind
from crosswalks.authorities.reading import HEAD
from hub.demo.endpoints import RunningMember
from hub.instance import Hub
from hub.settings import FILE
from web.language import Translate

_SETTINGS = """\
# The demo's own settings; its simulated members listen on this machine only.
[public]
domain = "demo.lienthong.localhost"
name = "Liên Thông (demo)"
hub_code = "VN-DEMO"

[harvest]
allow_networks = ["127.0.0.0/8", "::1/128"]
first_wait = 0.2
"""


def demo_hub(folder: Path, translate: Translate) -> Hub:
    """Return the hub in the demo's folder; nothing of the environment reaches it."""
    file = folder / FILE
    if not file.exists():
        file.write_text(_SETTINGS, encoding="utf-8")
    return Hub({"LIENTHONG_INSTANCE": str(folder)}, translate)


def register(db: Database, members: Iterable[RunningMember]) -> list[str]:
    """Make each member a library with a source, and return the sources' names.

    A member of an earlier demo keeps its source, records and checkpoint; only its port is new.
    """
    return [_register(db, member) for member in members]


def take_lists(db: Database) -> None:
    """Take in what Vietnamese writers are called besides: who looks for a pen name finds them."""
    text = files("hub.demo.data").joinpath("writers.tsv").read_bytes()
    giving = Giving(code="demo-tg", name="Tác giả Việt Nam (demo)", kind=Kind.PERSON)
    take_file(db, giving, File(text[:HEAD], BytesIO(text)))


def _register(db: Database, member: RunningMember) -> str:
    _add_library(db, member)
    try:
        known = sources.get(db, member.name)
    except NoSuchSource:
        sources.add(db, _source(member))
    else:
        sources.change(db, replace(known, url=member.url), same_list=True)
    return member.name


def _add_library(db: Database, member: RunningMember) -> None:
    try:
        libraries.get(db, member.library_code)
    except NoSuchLibrary:
        libraries.add(db, Library(code=member.library_code, name=member.library_name))


def _source(member: RunningMember) -> Source:
    return Source(
        name=member.name,
        library=member.library_code,
        protocol="oai-pmh",
        url=member.url,
        prefix=member.prefix,
    )
