"""Tokens of forms on pages without a session: which form was shown, and when.

Public pages know nobody, and set no cookie for that. A token says that this hub showed the form a
while ago: no program can send one that never looked, and none can look once and send for ever.
"""

from __future__ import annotations

import hmac
import time

from web.numbers import whole

LONGEST_SECONDS = 12 * 3600


def token(key: bytes, form: str, now: float | None = None) -> str:
    """Return a token for a form shown now, epoch seconds."""
    shown = str(int(time.time() if now is None else now))
    return f"{shown}.{_sign(key, form, shown)}"


def age(key: bytes, form: str, given: str) -> int | None:
    """Return how many seconds ago a form was shown; None where that was not here, or too long ago.

    A clock of another process may be a little ahead: what was shown in the future is new.
    """
    shown, _, signed = given.partition(".")
    seconds = whole(shown)
    if seconds is None or not hmac.compare_digest(
        signed.encode("utf-8", "surrogateescape"), _sign(key, form, shown).encode()
    ):
        return None
    passed = max(0, int(time.time()) - seconds)
    return passed if passed <= LONGEST_SECONDS else None


def _sign(key: bytes, form: str, shown: str) -> str:
    return hmac.digest(key, f"form {form} {shown}".encode(), "sha256").hex()
