"""The check digits of ISBNs, counted here because every record asks for them.

python-stdnum, which knows the rest about them, takes five times as long; a test holds the two
together.
"""

from __future__ import annotations

_TEN, _THIRTEEN = 10, 13
_WEIGHTS_TEN = tuple(range(10, 0, -1))
_WEIGHTS_THIRTEEN = (1, 3) * 6 + (1,)
_DIGITS = {str(number): number for number in range(10)}
_LAST_DIGITS = _DIGITS | {"X": 10}
_PREFIXES = ("978", "979")


def is_isbn(number: str) -> bool:
    """Tell whether ten or thirteen digits without hyphens are an ISBN (ISO 2108)."""
    if len(number) == _THIRTEEN:
        if not _is_digits(number) or number[:3] not in _PREFIXES:
            return False
        return _sum(number, _WEIGHTS_THIRTEEN) % 10 == 0
    if len(number) == _TEN and _is_digits(number[:-1]) and number[-1] in _LAST_DIGITS:
        return _sum(number, _WEIGHTS_TEN) % 11 == 0
    return False


def _sum(number: str, weights: tuple[int, ...]) -> int:
    digits = map(_LAST_DIGITS.__getitem__, number)
    return sum([digit * weight for digit, weight in zip(digits, weights, strict=True)])


def _is_digits(number: str) -> bool:
    return number.isascii() and number.isdecimal()
