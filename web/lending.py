"""What is said of how libraries lend, the same for readers, members and staff."""

from __future__ import annotations

from catalogue.lending.model import Lends
from web.language import mark

LENDS = {
    Lends.NOT_TOLD: mark("not told"),
    Lends.LOANS: mark("lends to other libraries"),
    Lends.COPIES: mark("does not lend, sends copies"),
    Lends.BOTH: mark("lends to other libraries and sends copies"),
    Lends.READING: mark("only to be read in its reading room"),
}
