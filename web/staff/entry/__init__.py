"""The way in and out: signing in, one's own account, and links that let in once."""

from web.staff.entry import factor, keys, links, single
from web.staff.entry.views import blueprint

__all__ = ["blueprint", "factor", "keys", "links", "single"]
