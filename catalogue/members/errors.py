"""What can be wrong with types, groups, contacts and agreements, and with a file of them."""

from __future__ import annotations

from catalogue.errors import WrongUse


class BadAlias(WrongUse):
    """{alias} cannot be another code of a library: write what stands in its records, as VN-TVQG,
    VN/TVQG or TVQG*, without spaces or brackets, 64 characters at most.
    """


class NoSuchGroup(WrongUse):
    """There is no group {code}. See the groups with: lienthong libraries groups list"""


class GroupChanged(WrongUse):
    """Group {code} was changed by somebody else meanwhile, and nothing was kept. Look at it again,
    and change it then.
    """


class LibraryChanged(WrongUse):
    """Library {code} was changed by somebody else meanwhile, and nothing was kept. Look at it
    again, and change it then.
    """


class NoSuchContact(WrongUse):
    """Library {library} has no contact called {name}. See its contacts with:
    lienthong libraries contacts list {library}
    """


class ContactTaken(WrongUse):
    """Library {library} has a contact called {name} already. Change that one, or give this one
    another name.
    """


class ContactChanged(WrongUse):
    """Contact {name} was changed by somebody else meanwhile, and nothing was kept. Look at it
    again, and change it then.
    """


class ContactIsTold(WrongUse):
    """Contact {name} is written to by the alerts as {channel}, and needs its mail address for that.
    Remove that first with: lienthong alerts remove {channel}
    """


class MailStillNeeded(WrongUse):
    """Contact {name} is written to, and needs its mail address for that. Choose first that it is
    told nothing.
    """


class LastContact(WrongUse):
    """{name} is the only contact of library {library}, and nobody could be written to without one.
    Add another one first.
    """


class NoSuchAgreement(WrongUse):
    """Library {library} has no agreement {number}. See its agreements with:
    lienthong libraries agreements list {library}
    """


class AgreementTaken(WrongUse):
    """Library {library} has an agreement {number} already. Change that one, or give this one
    another number.
    """


class AgreementChanged(WrongUse):
    """Agreement {number} was changed by somebody else meanwhile, and nothing was kept. Look at it
    again, and change it then.
    """


class AgreementsOverlap(WrongUse):
    """Agreement {number} would hold together with agreement {other} of the same library. Give
    {other} a last day before this one begins, with --valid-to, or give this one other days.
    """


class MembersChanged(WrongUse):
    """Members were changed by somebody else since the difference was shown, and nothing was
    applied. Look at the difference again, and apply the file then.
    """


class BadEntry(WrongUse):
    """Line {line} of the file cannot be taken, and nothing was applied: {reason}"""
