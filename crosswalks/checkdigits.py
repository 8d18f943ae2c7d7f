"""The check digits of ISBNs, counted here because every record asks for them.

python-stdnum, which knows the rest about them, takes five times as long; a test holds the two
together.
"""

from __future__ import annotations

from operator import mul

_TEN, _THIRTEEN = 10, 13
# The codes of digits stand for them: 48, that of 0, adds up to a multiple of 11 and of 10.
_WEIGHTS_TEN = tuple(range(10, 0, -1))
_WEIGHTS_THIRTEEN = (1, 3) * 6 + (1,)
_CODE_OF_TEN = chr(ord("0") + 10)
_PREFIXES = ("978", "979")


def is_isbn(number: str) -> bool:
    """Tell whether ten or thirteen digits without hyphens are an ISBN (ISO 2108)."""
    if len(number) == _THIRTEEN:
        if not _is_digits(number) or number[:3] not in _PREFIXES:
            return False
        return _sum(number, _WEIGHTS_THIRTEEN) % 10 == 0
    if len(number) == _TEN and _is_digits(number[:-1]) and _is_digits(number[-1].replace("X", "0")):
        return _sum(number.replace("X", _CODE_OF_TEN), _WEIGHTS_TEN) % 11 == 0
    return False


def to_13(number: str) -> str:
    """Return an ISBN of ten digits, known to be right, as one of thirteen (ISO 2108)."""
    bare = f"978{number[:-1]}"
    # The last digit has the weight 1.
    return f"{bare}{-_sum(bare + '0', _WEIGHTS_THIRTEEN) % 10}"


def _sum(digits: str, weights: tuple[int, ...]) -> int:
    return sum(map(mul, digits.encode(), weights))


def _is_digits(number: str) -> bool:
    return number.isascii() and number.isdecimal()
