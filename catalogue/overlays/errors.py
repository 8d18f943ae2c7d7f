"""What can be wrong with overlays."""

from __future__ import annotations

from catalogue.errors import WrongUse


class BadFieldLine(WrongUse):
    """This is no field: “{text}”; {reason}. Write it like: 650 #7 $a Văn học $2 bkt"""


class NotOverlaid(WrongUse):
    """Field {tag} is the hub's own and cannot be overlaid: numbers and holdings come from the
    libraries and the hub. Correct them where they are kept
    """


class NotOpen(WrongUse):
    """{positions} cannot be corrected. Of the leader that is possible for positions 06 to 08 and 17
    to 19, which describe the document; all others say how the record is built
    """


class NowhereShown(WrongUse):
    """Record {cluster} is shown at no door now: deleted, hidden, or kept from all readers by its
    libraries. There is nothing to correct until it is shown again
    """


class NoSuchField(WrongUse):
    """Record {cluster} has no field “{line}” any more. Look at it again; what it has now is shown
    by: lienthong overlays show {cluster}
    """


class NoSuchOverlay(WrongUse):
    """There is no overlay {number}. See all with: lienthong overlays list"""


class NothingChanges(WrongUse):
    """Nothing would change: the record has exactly this already"""


class MasterChanged(WrongUse):
    """Record {cluster} has changed since you began: by another cataloguer, or a harvest. What you
    typed is kept here; compare it with the record as it is now, then keep it again
    """


class NotTold(WrongUse):
    """What comes of it cannot be laid over this record: of two equal fields only one would change.
    Correct this record by hand
    """


class NoSuchBulk(WrongUse):
    """There is no bulk correction {number}. See all with: lienthong overlays bulk list"""


class NotLookedAt(WrongUse):
    """Bulk correction {number} cannot be carried out: what it would do is not known yet, it would
    do nothing, or it was taken off. Look at it: lienthong overlays bulk show {number}
    """


class NotCarriedOut(WrongUse):
    """Bulk correction {number} was never carried out: there is nothing to take off"""


class TooManyFound(WrongUse):
    """The search finds more than {most} records, more than one correction may change. Narrow it,
    by a library or a year for example, and correct one part after the other
    """


class BadRules(WrongUse):
    """Line {line}, column {column} of the rules: {reason}"""


class NoRules(WrongUse):
    """Say what is to be done, a rule a line, such as: 500 .. <- 500 unless $a is "test" """


class Unanswerable(WrongUse):
    """The search cannot be carried out. {reason}"""
