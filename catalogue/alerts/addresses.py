"""Mail addresses that can be written to."""

from __future__ import annotations

import re

from catalogue.alerts.errors import BadMailAddress

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
"""As browsers take one (HTML Living Standard, valid e-mail address): nothing that needs quoting."""
_LONGEST = 254


def check_mail(address: str) -> None:
    """Raise BadMailAddress for what cannot be written to."""
    if len(address) > _LONGEST or not _ADDRESS.fullmatch(address):
        raise BadMailAddress(address=address)
