"""What can be wrong with reports of errors, and with what is done about them."""

from __future__ import annotations

from catalogue.errors import WrongUse


class NoSuchTicket(WrongUse):
    """There is no report with the number {number}. See what was reported with:
    lienthong tickets list
    """


class TicketChanged(WrongUse):
    """Report {number} was changed by somebody else meanwhile, and nothing was kept. Look at it
    again, and do then what is still to be done.
    """


class BadReport(WrongUse):
    """This report cannot be taken: {reason}"""


class TooManyReports(WrongUse):
    """There are {count} reports about this record that nobody has looked at yet. Thank you; please
    come back when they have been worked through.
    """


class ClosedByStaff(WrongUse):
    """Report {number} concerns other libraries too, so the staff of the union catalogue close it.
    Write as a note what you have mended, or that nothing is wrong with your records.
    """
