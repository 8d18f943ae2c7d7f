"""OAI-PMH at ``/oai``: requests go to the provider, its answers come back.

Arguments are in the address or in a form (OAI-PMH 2.0 s3.1.1). At ``/oai/raw/<library>`` there are
one member's records as it delivered them; nothing where it shares nothing with the public. At
``/oai/view/<view>`` there is the union as a narrower audience sees it than whoever asks may, and at
``/oai/improved/<library>`` what that library gets back, to be loaded over what it sent.
"""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from catalogue.cluster.render import shows
from catalogue.model import Sharing
from catalogue.querysets.defining import views
from provider.model import Response
from provider.oai import improved, originals
from provider.oai.respond import respond
from web.door import Asked, Manner
from web.site import Site

_OF_ONE = {"raw": originals.of_library, "improved": improved.of_library}
"""What there is of one library alone."""


def answer(site: Site, asked: Asked) -> Response | None:
    """Answer an OAI-PMH request."""
    repository = site.repository(asked.consumer)
    if not asked.path:
        return respond(repository, asked.request)
    below, _, library = asked.path.partition("/")
    if below == "view":
        return _as_seen_by(site, asked, library)
    make = _OF_ONE.get(below)
    if make is None or not library:
        return None
    of_one = make(repository, site.database, library)
    return respond(of_one, asked.request) if of_one is not None else None


def _as_seen_by(site: Site, asked: Asked, view: str) -> Response | None:
    """Answer as another view sees it; nothing where there is none, or it sees more than who asks.

    Whoever has no key learns in neither case which views there are.
    """
    if view not in {each.value for each in Sharing} or not shows(
        asked.consumer.view, Sharing(view)
    ):
        return None
    if view not in views(site.database):
        return None
    repository = site.repository(replace(asked.consumer, view=Sharing(view)))
    below = f"view/{view}"
    return respond(replace(repository, view=below, path=f"/oai/{below}"), asked.request)


MANNER = Manner(
    name="oai",
    answering=answer,
    strict=True,
    # What OAI-PMH has harvesters wait by (2.0 s3.1.2.2).
    too_often=HTTPStatus.SERVICE_UNAVAILABLE,
)
