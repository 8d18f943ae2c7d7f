"""The members' endpoints: how they fare, adding, testing, looking at records, running, pausing."""

from web.staff.sources import asking, outgoing, tabs, wizard
from web.staff.sources.views import blueprint

__all__ = ["asking", "blueprint", "outgoing", "tabs", "wizard"]
