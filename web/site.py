"""What all views of one running hub share: who the hub is, and what it reads from."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import cast

from flask import Flask, current_app

from catalogue import crosswalks, published
from catalogue.database import Database
from catalogue.model import HubIdentity
from provider.lookup import Lookup
from provider.oai.kept import Pages
from provider.oai.repository import Repository
from provider.sru.service import Service

_NAME = "lienthong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One hub as the screens show it."""

    database: Database
    identity: HubIdentity
    token_key: bytes
    page_size: int
    lookup: Lookup
    pages: Pages = field(default_factory=Pages)
    """Pages of OAI-PMH, kept while nothing changes."""

    @property
    def repository(self) -> Repository:
        """Return the OAI-PMH repository at ``/oai``."""
        return Repository(
            identity=self.identity,
            snapshot=partial(published.snapshot, self.database),
            token_key=self.token_key,
            page_size=self.page_size,
            pages=self.pages,
        )

    @property
    def sru(self) -> Service:
        """Return the SRU server at ``/sru``."""
        return Service(
            identity=self.identity,
            lookup=self.lookup,
            shelf=partial(crosswalks.shelf, self.database),
        )


def install(app: Flask, site: Site) -> None:
    """Make a site known to the views and templates of an application."""
    app.extensions[_NAME] = site
    app.jinja_env.globals["hub"] = site.identity


def current_site() -> Site:
    """Return the site of the request under way."""
    return cast(Site, current_app.extensions[_NAME])
