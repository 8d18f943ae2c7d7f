"""Passwords as they are kept: Argon2id hashes (RFC 9106), which tell nothing and are slow to guess.

Hashing takes 64 MiB a time, so only a few are worked out at once in a process, however many people,
or programs, try to sign in.
"""

from __future__ import annotations

import secrets
import unicodedata
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from catalogue.accounts.common import is_common
from catalogue.accounts.errors import CommonPassword, WeakPassword
from crosswalks.text import storable

SHORTEST = 12
LONGEST = 128
"""Characters that a password may have when it is chosen (OWASP ASVS 4.0.3, 2.1.1 and 2.1.2)."""
_LONGEST_TRIED = 256
"""Characters of one that is tried: some were chosen when they could be so long."""
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
"""Without those that look like others: somebody reads it off a screen."""
_GROUPS = 4

_hasher = PasswordHasher()
_at_once = BoundedSemaphore(2)


def check(password: str, name: str) -> str:
    """Return a password that will do for a user of this name.

    Raises WeakPassword or CommonPassword.
    """
    length = len(password)
    if not SHORTEST <= length <= LONGEST or password.casefold() == name.casefold():
        raise WeakPassword(shortest=SHORTEST, longest=LONGEST)
    if is_common(password, name):
        raise CommonPassword
    return password


def hashed(password: str) -> str:
    """Return what is kept of a password."""
    with _at_once:
        return _hasher.hash(_same(password))


def fits(password: str, kept: str) -> bool:
    """Tell whether a password is the one kept; of too long ones nothing is worked out."""
    if len(password) > _LONGEST_TRIED:
        return False
    with _at_once:
        try:
            return _hasher.verify(kept, _same(password))
        except (VerificationError, InvalidHashError):
            return False


def outdated(kept: str) -> bool:
    """Tell whether a hash was made with other costs than those of today."""
    return _hasher.check_needs_rehash(kept)


def made_up() -> str:
    """Return a new password nobody can guess: 80 bits, in groups that can be typed."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in "1234") for _ in range(_GROUPS))


def _same(password: str) -> str:
    # Keyboards give Vietnamese letters composed or decomposed (RFC 8265 s4.2.2 says NFC).
    return unicodedata.normalize("NFC", storable(password))
