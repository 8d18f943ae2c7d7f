"""A record as search engines read it: schema.org in JSON-LD, in the page of the record."""

from __future__ import annotations

import json
from typing import Any

from catalogue import crosswalks, forms
from crosswalks.model import Record
from web.site import current_site

_CROSSWALK = "marc21-jsonld"


def data(record: Record, public_id: str) -> dict[str, Any]:
    """Return what the crosswalk in use makes of a record, with the address of its page."""
    site = current_site()
    made = forms.make(record, _CROSSWALK, crosswalks.shelf(site.database))
    address = f"{site.identity.base_url.rstrip('/')}/record/{public_id}"
    told: dict[str, Any] = json.loads(made.body) if made.body is not None else {}
    return told | {"@id": address, "url": address} if told else {}
