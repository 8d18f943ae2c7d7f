"""The first administrator: made when a hub is first served, since somebody has to let others in.

Who runs the hub gets a link that lets in once, and chooses name and password there; in the demo a
password is made up. Either is kept in a file that only its owner reads, and shown where a person is
looking at a terminal; it never goes into the log that a service manager keeps of what we say.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from catalogue import users
from catalogue.accounts import tickets
from catalogue.database import Database
from hub.instance import Hub

FILE = "first-password.txt"
LINK = "first-start.txt"


def open_door(hub: Hub, db: Database, url: str) -> None:
    """Say where the first administrator is made, if there is no user yet.

    A hub that is served again before that gives another link; the one before no longer works.
    """
    token = tickets.setup(db, hub.settings.accounts.invitation_days * 24 * 3600)
    place = hub.settings.folder / LINK
    if token is None:
        place.unlink(missing_ok=True)
        return
    link = f"{hub.identity(url).base_url}/staff/setup/{token}"
    _keep(place, link)
    hub.output.notice(
        "This hub has no user yet. Make the first administrator at the address in {path}, which"
        " lets in once.",
        path=place,
    )
    if sys.stderr.isatty():
        hub.output.notice("The address is: {link}", link=link)


def ensure(hub: Hub, db: Database, url: str) -> None:
    """Make the first administrator where there is no user, and say where the password is."""
    password = users.first(db)
    if password is None:
        return
    place = hub.settings.folder / FILE
    _keep(place, password)
    hub.output.notice(
        "The staff pages are at {url}/staff. Their first user is {name}, with the password in"
        " {path}: sign in, choose another password, and delete the file.",
        url=url,
        name=users.FIRST,
        path=place,
    )
    if sys.stderr.isatty():
        hub.output.notice("The password is: {password}", password=password)


def _keep(place: Path, password: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"{password}\n")
