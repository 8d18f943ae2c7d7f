"""Where records were harvested: the provenance that is given out beside them.

One ``<about>`` for each record that a view sees of a cluster (OAI-PMH guidelines "XML schema to
hold provenance information"), made when the cluster is and kept as one of its forms. What did not
come by OAI-PMH, or cannot be said in that schema, has none.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple
from xml.sax.saxutils import escape

from protocols.oai import PROVENANCE, PROVENANCE_SCHEMA, format_stamp, granularity_of, is_uri


class Origin(NamedTuple):
    """A record as the repository it was harvested from has it."""

    base_url: str
    identifier: str
    datestamp: str
    """As the repository gave it, in its own granularity."""
    namespace: str
    arrived: int
    """When this version was stored, epoch seconds: by the hub's clock, not the repository's."""


def origin_of(
    identifier: str, datestamp: str, namespace: str, arrived: int, settings: str
) -> Origin | None:
    """Return where a record comes from; None if not by OAI-PMH, or the schema has no way to say it.

    ``settings`` are those of its source, as stored.
    """
    address = base_url(settings)
    sayable = is_uri(identifier) and is_uri(namespace) and granularity_of(datestamp) is not None
    if not (address and sayable):
        return None
    return Origin(address, identifier, datestamp, namespace, arrived)


def about(origins: Iterable[Origin | None], *, altered: bool = True) -> bytes:
    """Return an <about> for each origin, in an order that depends on nothing else.

    Each is altered where the form given out is made of the hub's own merged record.
    """
    known = sorted({each for each in origins if each is not None})
    return "".join([_about(each, altered=altered) for each in known]).encode()


def places(origins: Iterable[Origin | None]) -> bytes:
    """Return where records come from, without when: what two views must share to share an about.

    A repository that stamps a record anew, or has taken over the hub's, changes nothing that is
    given out; were its date counted, each library that overlays a master would set off a change
    for all the others.
    """
    known = {(each.base_url, each.identifier, each.namespace) for each in origins if each}
    return json.dumps(sorted(known)).encode() if known else b""


def _about(origin: Origin, *, altered: bool) -> str:
    fields = {
        "baseURL": origin.base_url,
        "identifier": origin.identifier,
        "datestamp": origin.datestamp,
        "metadataNamespace": origin.namespace,
    }
    told = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in fields.items())
    is_altered = str(altered).lower()
    return (
        f'<about><provenance xmlns="{PROVENANCE}"'
        f' xsi:schemaLocation="{PROVENANCE} {PROVENANCE_SCHEMA}">'
        f'<originDescription harvestDate="{format_stamp(origin.arrived)}" altered="{is_altered}">'
        f"{told}</originDescription></provenance></about>"
    )


@lru_cache(maxsize=1024)
def base_url(settings: str) -> str:
    """Return the base URL of a source that is harvested by OAI-PMH, else nothing."""
    told = json.loads(settings)
    url = str(told.get("url", ""))
    return url if told.get("protocol") == "oai-pmh" and is_uri(url) else ""
