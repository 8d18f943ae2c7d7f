"""What staff look at first."""

from web.staff.home.views import blueprint

__all__ = ["blueprint"]
