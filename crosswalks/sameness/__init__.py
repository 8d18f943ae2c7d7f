"""Do two values of one field say the same? As a librarian would judge them, side by side.

Only what is read alike on both sides is the same: what only one side says counts as a difference
unless it is known to say nothing. ``different`` therefore also means: not sure.
"""

from __future__ import annotations

from crosswalks.sameness.fields import FIELDS, same

__all__ = ["FIELDS", "same"]
