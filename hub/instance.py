"""One hub as its commands see it: settings, catalogue, harvest line and the way to speak."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from catalogue.model import HubIdentity
from hub.output import Output
from hub.settings import Settings, load
from web.language import Translate

if TYPE_CHECKING:
    from catalogue.database import Database


class Hub:
    """The hub of one instance folder; everything is opened when first asked for."""

    def __init__(
        self, environment: Mapping[str, str], translate: Translate, language: str = "en"
    ) -> None:
        self.environment = environment
        self.translate = translate
        self.language = language
        self.output = Output(translate)

    @cached_property
    def settings(self) -> Settings:
        """Return this hub's settings; raises what ``hub.settings.load`` raises."""
        return load(self.environment)

    @contextmanager
    def catalogue(self) -> Iterator[Database]:
        """Give the open database; a new SQLite file gets its tables first.

        Raises DatabaseUnreachable or SchemaOutdated.
        """
        from catalogue import database  # noqa: PLC0415 - many commands need no database
        from catalogue.audit import acting  # noqa: PLC0415 - as above
        from hub import acted  # noqa: PLC0415 - as above

        url = self.settings.database_url
        if url.startswith("sqlite:") and not database.schema_of(url):
            database.upgrade(url)
        opened = database.Database.open(url, self.settings.database.read_url)
        try:
            with acting.during(acted.by_command()):
                yield opened
        finally:
            opened.close()

    def identity(self, served_at: str = "") -> HubIdentity:
        """Return how this hub names itself; its address is ``served_at`` where none is set."""
        public = self.settings.public
        return HubIdentity(
            code=public.hub_code,
            name=public.name,
            domain=public.domain,
            base_url=public.base_url.rstrip("/") or served_at or self._served_at(),
            admin_email=public.admin_email,
            cataloguing_language=public.cataloguing_language,
            rights=self.settings.oai.rights,
            icon=self.settings.oai.icon,
            icon_link=self.settings.oai.icon_link,
            friends=self.settings.oai.friends,
        )

    def _served_at(self) -> str:
        return f"http://{self.settings.serve.host}:{self.settings.serve.port}"
