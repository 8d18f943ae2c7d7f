"""The index, and what can be asked for elsewhere: formats and sets."""

from __future__ import annotations

from catalogue.published import snapshot
from provider.api import cursors
from provider.api.addresses import going_on, of
from provider.api.formats import FORMS
from provider.api.model import Answer, Call
from provider.api.openapi import document
from provider.api.parameters import Parameter, cursor, whole

VERSION = "1.0"
_BELOW = ("records", "changes", "libraries", "sources", "sets", "formats", "openapi.json")

OF_SETS: tuple[Parameter, ...] = (whole("limit", "Sets on a page.", 1_000, 1_000), cursor())


def index(call: Call) -> Answer:
    """Answer where to begin."""
    service = call.service
    links = {name.partition(".")[0]: of(service, name) for name in _BELOW}
    links["documentation"] = f"{service.site}/api"
    value = {"name": service.identity.name, "version": VERSION, "links": links}
    return Answer(value=value)


def formats(_call: Call) -> Answer:
    """Answer what a record can be had as."""
    told = [
        {
            "name": each.name,
            "type": each.type,
            "about": each.about,
            "schema": each.schema or None,
            "namespace": each.namespace or None,
        }
        for each in FORMS
    ]
    return Answer(value={"formats": told})


def sets(call: Call) -> Answer:
    """Answer a page of sets, by spec."""
    service, limit = call.service, call.values["limit"]
    begun = cursors.taken(call, "sets")
    after = str(begun[0]) if begun else ""
    with snapshot(service.database, service.view.value) as at:
        given = [each for each in at.sets() if service.repository.gives(each.spec)]
    # Sign by sign: engines sort specs in ways of their own.
    found = sorted((each for each in given if each.spec > after), key=lambda each: each.spec)
    page = found[:limit]
    following = None
    if len(found) > limit:
        token = cursors.given_out(service, "sets", page[-1].spec)
        following = going_on(call, token, "sets")
    told = [{"set": each.spec, "name": each.name, "about": [*each.about]} for each in page]
    return Answer(value={"sets": told, "next": following}, next=following)


def described(call: Call) -> Answer:
    """Answer the description of the interface."""
    # It describes the table in which this function stands.
    from provider.api.endpoints import ENDPOINTS  # noqa: PLC0415

    service = call.service
    return Answer(value=document(ENDPOINTS, service.identity.name, service.site))
