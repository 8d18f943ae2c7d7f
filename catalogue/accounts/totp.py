"""Codes that change every half minute (RFC 6238), made of a secret that both sides know."""

from __future__ import annotations

import hmac
import secrets
from base64 import b32encode
from urllib.parse import quote, urlencode

STEP = 30
"""Seconds (RFC 6238 s5.2)."""
DIGITS = 6
_BYTES = 20
"""As many as the hash has (RFC 4226 s4, R6)."""
_DRIFT = 1
"""Steps that a telephone's clock may be off, either way (RFC 6238 s5.2)."""
_LOW = 0x7FFFFFFF


def made_up() -> bytes:
    """Return a new secret."""
    return secrets.token_bytes(_BYTES)


def code(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """Return the code of a time step (RFC 4226 s5.3)."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    at = digest[-1] & 0xF
    number = int.from_bytes(digest[at : at + 4], "big") & _LOW
    return f"{number % 10**digits:0{digits}}"


def step_of(secret: bytes, given: str, now: float, last: int) -> int | None:
    """Return the time step whose code was given, later than the last one taken; None for none."""
    here, typed = int(now) // STEP, given.encode("utf-8", "replace")
    for step in range(here - _DRIFT, here + _DRIFT + 1):
        if step > last and hmac.compare_digest(code(secret, step).encode(), typed):
            return step
    return None


def written(secret: bytes) -> str:
    """Return a secret as people type it: base 32, in groups of four."""
    text = b32encode(secret).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def address(secret: bytes, issuer: str, name: str) -> str:
    """Return the ``otpauth`` address that programs for such codes take."""
    label = quote(f"{issuer}:{name}", safe="")
    told = {"secret": b32encode(secret).decode(), "issuer": issuer}
    return f"otpauth://totp/{label}?{urlencode(told, quote_via=quote)}"
