"""The web application of this hub, with what it must know handed in."""

from __future__ import annotations

from flask import Flask

from catalogue.database import Database
from hub import secret
from hub.instance import Hub
from web.app import create_app


def web_app(hub: Hub, db: Database, served_at: str) -> Flask:
    """Return the web application; it names itself ``served_at`` unless a base URL is set."""
    key = secret.for_purpose(secret.key(hub.settings.folder), "oai-pmh tokens")
    return create_app(db, hub.identity(served_at), key)
