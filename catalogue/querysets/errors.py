"""What can be wrong with a set that is defined by a query."""

from __future__ import annotations

from catalogue.errors import WrongUse


class NoSuchSet(WrongUse):
    """There is no set {name} that is defined by a query. See which there are with:
    lienthong sets list
    """


class SetTaken(WrongUse):
    """There is a set {name} already. Choose another name, or change that one with:
    lienthong sets change {name}
    """


class BadSetName(WrongUse):
    """{name} cannot be the name of a set: use small letters a-z and digits, with single hyphens
    between them, 48 in all at most. How it is called for people is its title.
    """


class SetChanged(WrongUse):
    """Somebody changed set {name} since you opened it. Nothing was changed now; look at it as it
    is, then decide again.
    """


class TooManySets(WrongUse):
    """There are {most} sets by query already, and each is looked into whenever a record changes.
    Remove one that nobody harvests any more: lienthong sets remove NAME
    """


class NotForASet(WrongUse):
    """A set cannot be made of this query: it has a * or ? at the beginning or in the middle of a
    word, which stand for other words every day, or more than {most} levels of brackets. Write the
    words out, with * at the end only.
    """
