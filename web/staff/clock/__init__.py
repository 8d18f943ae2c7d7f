"""What runs next, whether a clock runs, and the pause of all harvests."""

from web.staff.clock.views import blueprint

__all__ = ["blueprint"]
