"""What can be wrong with what is told of a library's lending."""

from __future__ import annotations

from catalogue.errors import WrongUse


class LendingChanged(WrongUse):
    """The lending of library {code} was changed by somebody else meanwhile, and nothing was kept.
    Look at it again, and change it then.
    """


class BadResolver(WrongUse):
    """{address} cannot be the base address of a resolver. Write it as https://host/path, without a
    user, a password or a part behind #, 1,000 characters at most.
    """


class BadRecordAddress(WrongUse):
    """{address} cannot lead to records of a catalogue: {reason}. Take the address of one record
    there, and write the word number in curly brackets in place of its number, or isbn in place of
    its ISBN.
    """


class LendingTooLong(WrongUse):
    """{name} is longer than {most} characters. Say it shorter, or give the address of a page that
    says the rest.
    """
