"""Holdings without records: lists of libraries, what was found for them, and what was not."""

from web.staff.holdings.views import blueprint

__all__ = ["blueprint"]
