"""A record as search engines read it: schema.org in JSON-LD, in the page of the record."""

from __future__ import annotations

import json
from typing import Any

from catalogue import crosswalks, forms
from crosswalks.model import Record
from provider.records import addressed
from web.site import current_site

_CROSSWALK = "marc21-jsonld"


def data(record: Record, public_id: str) -> dict[str, Any]:
    """Return what the crosswalk in use makes of a record, with the address of its page."""
    site = current_site()
    made = forms.make(record, _CROSSWALK, crosswalks.shelf(site.database))
    if made.body is None:
        return {}
    address = f"{site.identity.base_url.rstrip('/')}/record/{public_id}"
    told: dict[str, Any] = json.loads(addressed(made.body, address))
    return told
