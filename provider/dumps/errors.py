"""What can be wrong with a dump that is asked for, or with making it."""

from __future__ import annotations

from typing import ClassVar

from provider.errors import ProviderError


class DumpRefused(ProviderError):
    """This dump cannot be made: {reason}"""

    wrong_use: ClassVar[bool] = True


class BadSeries(DumpRefused):
    """{name} is no dump. Write the view, the format (marcxml, iso2709 or jsonl) and, for one set
    alone, the set, as in: public marcxml library:NLV
    """


class NoSuchView(DumpRefused):
    """There is no view {name}. There are these: {known}"""


class NoSuchSet(DumpRefused):
    """The view {view} has no set {name}. See which there are at {address}"""


class NoFullDump(DumpRefused):
    """There is no full dump of {name} that a delta could follow. Leave out --delta, and a full one
    is made.
    """


class CatalogueOlder(DumpRefused):
    """The last dump of {name} has changes up to {until}, and the catalogue only those up to {now}:
    it was put back from a backup. Make a full dump, and tell those who take the deltas.
    """


class DumpStopped(ProviderError):
    """The dump of {name} was stopped; {parts} parts of it are complete. Go on with: lienthong
    export dump --resume
    """


class DumpNotWritten(ProviderError):
    """The dump of {name} cannot be written: {reason}. Make room or set [dumps] folder, then go on
    with: lienthong export dump --resume
    """
