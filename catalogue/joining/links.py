"""The link by which an applicant reaches its page: a token that is shown once and kept as a digest.

It has 192 random bits, so nobody finds one by trying. It ends when the application does.
"""

from __future__ import annotations

import secrets
from hashlib import sha256

_BYTES = 24


def new_token() -> str:
    """Return a token that nobody has."""
    return secrets.token_urlsafe(_BYTES)


def digest(token: str) -> str:
    """Return what is kept of a token."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
