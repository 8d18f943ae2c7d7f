"""Names that go into addresses: of sets by a query, of consumers."""

from __future__ import annotations

import re

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST = 48


def is_short_name(text: str) -> bool:
    """Tell whether a text is small letters and digits with single hyphens between, 48 at most."""
    return _NAME.fullmatch(text) is not None and len(text) <= _LONGEST
