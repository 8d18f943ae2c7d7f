"""What can be wrong with a report that is asked for."""

from __future__ import annotations

from catalogue.errors import WrongUse


class BadPeriod(WrongUse):
    """{name} is no period. Write a month as 2026-10, a quarter as 2026-q3, a year as 2026, or the
    first and the last day as 2026-01-01..2026-03-31
    """


class PeriodToCome(WrongUse):
    """{name} has not begun yet, so there is nothing to count. Choose a period that has begun, best
    one that is over.
    """


class NoSuchReport(WrongUse):
    """There is no report {name}. See which there are with: lienthong reports list"""
