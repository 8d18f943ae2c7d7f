"""What is wrong with records, over all sources: how much of what, and where."""

from web.staff.problems.views import blueprint

__all__ = ["blueprint"]
