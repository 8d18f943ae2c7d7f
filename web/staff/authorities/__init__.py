"""Lists of authorities: take one in, look headings up, and say what is the same."""

from web.staff.authorities.views import blueprint

__all__ = ["blueprint"]
