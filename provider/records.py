"""One record as a file of its own: the bytes that lists of resources give the checksum of."""

from __future__ import annotations

import re
from hashlib import sha256

from catalogue.published import Snapshot
from provider.model import Response

_HEADERS = {"Content-Type": "application/xml; charset=utf-8"}
_PUBLIC_ID = re.compile(r"[A-Za-z0-9\-._~]{1,64}")
_GONE = 410


def respond(shown: Snapshot, public_id: str) -> Response | None:
    """Return a record in MARCXML; 410 where it was deleted, None where there never was one."""
    item = shown.item(public_id, "marc21") if _PUBLIC_ID.fullmatch(public_id) else None
    if item is None:
        return None
    if item.deleted:
        return Response(status=_GONE, headers={"Content-Type": "text/plain"}, body=b"Gone\n")
    tag = sha256(item.body).hexdigest()[:32]
    return Response(headers=_HEADERS, body=item.body, records=1, tag=tag, changed=item.stamp)
