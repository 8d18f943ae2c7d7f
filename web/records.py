"""A record's files, such as ``/record/<id>.xml``, as the public sees it."""

from __future__ import annotations

import re
from functools import partial

from catalogue import crosswalks, published
from catalogue.consumers.model import EVERYBODY
from catalogue.database import Database
from catalogue.served import successors
from provider.api.errors import NotInFormat
from provider.model import Response
from provider.records import FILES, Files, respond
from web.door import Asked
from web.site import Site

ADDRESSES = rf"/record/([^/]+\.(?:{'|'.join(re.escape(each.ending) for each in FILES)}))"


def answer(site: Site, asked: Asked) -> Response | None:
    """Answer with a file of a record; nothing where there never was one of this id."""
    with published.snapshot(site.database) as shown:
        files = Files(
            base_url=site.identity.base_url,
            shown=shown,
            shelf=partial(crosswalks.shelf, site.database),
            successor=partial(_successor, site.database),
            unfit=lambda name, form: asked.say(NotInFormat(name=name, format=form)),
        )
        return respond(files, asked.path)


def _successor(database: Database, cluster: int) -> str:
    return successors(database, [cluster], EVERYBODY.view.value).get(cluster, "")
