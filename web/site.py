"""What all views of one running hub share: who the hub is, and what it reads from."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import cast

from flask import Flask, current_app

from catalogue import crosswalks, published
from catalogue.consumers.model import EVERYBODY, Consumer
from catalogue.database import Database
from catalogue.model import HubIdentity
from provider.lookup import Lookup
from provider.oai.formats import FORMATS
from provider.oai.kept import Pages
from provider.oai.repository import Repository
from provider.sru.service import Service
from web.counting import Doors, Meter, Tally

_NAME = "lienthong"
_PAGED = EVERYBODY.view.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One hub as the screens show it."""

    database: Database
    identity: HubIdentity
    token_key: bytes
    doors: Doors
    meter: Meter
    tally: Tally
    lookups: dict[str, Lookup] = field(default_factory=dict)
    pages: Pages = field(default_factory=Pages)
    """Pages of OAI-PMH, kept while nothing changes."""

    @property
    def identifier_prefix(self) -> str:
        """Return what stands before the public id in an OAI identifier."""
        return self.repository(EVERYBODY).identifier_prefix

    def repository(self, consumer: Consumer) -> Repository:
        """Return the OAI-PMH repository at ``/oai`` as somebody sees it."""
        view = consumer.view.value
        return Repository(
            identity=self.identity,
            snapshot=partial(published.snapshot, self.database, view),
            token_key=self.token_key,
            view=view,
            page_size=self.doors.page_size,
            pages=self.pages,
            formats=tuple(
                form
                for form in FORMATS
                if not consumer.prefixes or form.prefix in consumer.prefixes
            ),
            sets=consumer.sets,
            record_pages=self._pages_of(view),
        )

    def _pages_of(self, view: str) -> str:
        """Return the address of the pages of a view's records: only the public one has them."""
        return f"{self.identity.base_url.rstrip('/')}/record/" if view == _PAGED else ""

    def sru(self, consumer: Consumer) -> Service:
        """Return the SRU server at ``/sru`` as somebody sees it."""
        return Service(
            identity=self.identity,
            lookup=self._lookup(consumer.view.value),
            shelf=partial(crosswalks.shelf, self.database),
        )

    def _lookup(self, view: str) -> Lookup:
        """Return what finds records in a view, the same each time: it keeps what was found."""
        if view not in self.lookups:
            made = Lookup(self.database, view=view, title=self.identity.name)
            self.lookups.setdefault(view, made)
        return self.lookups[view]


def install(app: Flask, site: Site) -> None:
    """Make a site known to the views and templates of an application."""
    app.extensions[_NAME] = site
    app.jinja_env.globals["hub"] = site.identity


def site_of(app: Flask) -> Site:
    """Return the site of an application."""
    return cast(Site, app.extensions[_NAME])


def current_site() -> Site:
    """Return the site of the request under way."""
    return site_of(current_app)
