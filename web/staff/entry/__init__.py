"""The way in and out: signing in, one's own account, and links that let in once."""

from web.staff.entry import factor, links, single
from web.staff.entry.views import blueprint

__all__ = ["blueprint", "factor", "links", "single"]
