"""``/staff/publishing``: addresses to hand out, sets, formats, consumers and what they took."""

from __future__ import annotations

from typing import NamedTuple

from flask import Blueprint, render_template

from catalogue import crosswalk_lists, forms
from catalogue.cluster.render import shows
from catalogue.consumers import store, usage
from catalogue.consumers.model import EVERYBODY, Harvest
from catalogue.model import Sharing
from catalogue.querysets import defining
from provider.oai.formats import FORMATS
from web.hall import reached
from web.language import mark
from web.site import current_site
from web.speech import words
from web.staff.consumers.form import VIEWS
from web.staff.room import current_room

blueprint = Blueprint(
    "publishing", __name__, url_prefix="/staff/publishing", template_folder="../templates"
)

DAYS = 30
_LISTS = 500
"""Lists of consumers that are looked through for the latest of each."""
_DUMPS = mark("Dumps")


class Door(NamedTuple):
    """An address that others use."""

    protocol: str
    address: str
    view: Sharing
    """What is seen there."""
    needs_key: bool
    example: str = ""
    """A question that a browser can ask."""


class Form(NamedTuple):
    """A format that records are given out in."""

    prefix: str
    namespace: str
    only: str
    """The set whose records alone have it; empty: all have."""
    crosswalk: str
    """That makes it; empty: it is the merged record itself."""
    version: int | None
    """Of that crosswalk, in use."""


@blueprint.get("")
def overview() -> str:
    """Show all that is given out, and who takes it."""
    database = current_site().database
    views = defining.views(database)
    base = current_site().identity.base_url.rstrip("/")
    return render_template(
        "staff/publishing/overview.html",
        doors=[*_doors(base, views), *_z3950(base)],
        base=base,
        z3950=_address(base),
        views=VIEWS,
        sets=defining.all(database),
        sizes=defining.sizes_by_view(database),
        shown=views,
        forms=_forms(),
        consumers=store.all(database),
        latest=usage.latest(database),
        lately=usage.lately(database, DAYS),
        lists=_latest_lists(),
        everybody=EVERYBODY.name,
        days=DAYS,
    )


def _doors(base: str, views: list[str]) -> list[Door]:
    public = Sharing.PUBLIC
    found = [
        Door("OAI-PMH", f"{base}/oai", public, needs_key=False, example="?verb=Identify"),
        Door("SRU", f"{base}/sru", public, needs_key=False, example="?operation=explain"),
        Door("REST", f"{base}/api/v1", public, needs_key=False, example="/records?limit=3"),
    ]
    beside = {
        "ResourceSync": ".well-known/resourcesync",
        "Atom": "changes.atom",
        words()(_DUMPS): "dumps/",
    }
    found += [
        Door(name, f"{base}/{path}", public, needs_key=False) for name, path in beside.items()
    ]
    others = (Sharing(view) for view in views if view != public.value)
    found += [
        Door("OAI-PMH", f"{base}/oai/view/{view.value}", view, needs_key=not shows(public, view))
        for view in others
    ]
    return found


def _z3950(base: str) -> list[Door]:
    address = _address(base)
    return [Door("Z39.50", f"{address}/union", Sharing.PUBLIC, needs_key=False)] if address else []


def _address(base: str) -> str:
    """Return host and port of Z39.50 as others reach them; empty where it is not served here."""
    return reached(current_room().z3950, base)


def _forms() -> list[Form]:
    _, lines = crosswalk_lists.overview(current_site().database)
    used = {each.name: each.version for each in lines}
    made = {kind.prefix: kind.crosswalk for kind in forms.KINDS}
    return [
        Form(
            prefix=each.prefix,
            namespace=each.namespace,
            only=each.only,
            crosswalk=made.get(each.prefix, ""),
            version=used.get(made.get(each.prefix, "")),
        )
        for each in FORMATS
    ]


def _latest_lists() -> dict[str, Harvest]:
    """Return the list that each consumer took last, by its name."""
    found: dict[str, Harvest] = {}
    for each in usage.harvests(current_site().database, most=_LISTS):
        found.setdefault(each.consumer, each)
    return found
