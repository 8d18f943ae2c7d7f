"""How a repository is, all of the time; what happens once is a Fault."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from protocols.oai import Granularity


class Paging(StrEnum):
    """What a resumption token stands for."""

    KEYSET = "keyset"
    """The last record given: the list goes on behind it, whatever changed meanwhile."""
    OFFSET = "offset"
    """A number of records, counted anew each time: changes make holes and doubles."""
    ONCE = "once"
    """As keyset, and each token is taken once only."""


class Sizes(StrEnum):
    """What is told as completeListSize."""

    RIGHT = "right"
    NONE = "none"
    TOO_LARGE = "too large"
    TOO_SMALL = "too small"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """The lasting habits of a repository; as they are by default it is a good one."""

    page_size: int = 3
    paging: Paging = Paging.KEYSET
    sizes: Sizes = Sizes.RIGHT
    granularity: Granularity = Granularity.SECOND
    by_identifier: bool = False
    """Lists by identifier, so that datestamps come out of order."""
    ignores_dates: bool = False
    """Takes from and until, and gives everything."""
    padded: bool = False
    """Writes white space around its tokens."""
    wants_prefix: bool = False
    """Takes a token only together with the metadataPrefix."""
    sets: tuple[str, ...] = ()
