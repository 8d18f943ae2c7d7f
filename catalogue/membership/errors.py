"""What can be wrong with standings and with what is hidden."""

from __future__ import annotations

from catalogue.errors import WrongUse


class NoSuchSuppression(WrongUse):
    """Nothing is or was hidden under the number {number}. See what is hidden with: lienthong
    suppressions list
    """
