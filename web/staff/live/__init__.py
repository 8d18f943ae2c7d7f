"""One query to the union and to other servers at once, and the basket for what was chosen."""

from web.staff.live import chosen
from web.staff.live.views import blueprint

chosen.install(blueprint)
__all__ = ["blueprint"]
