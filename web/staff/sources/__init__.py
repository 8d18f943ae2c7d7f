"""The members' endpoints: how they fare, adding, testing, looking at records, running, pausing."""

from web.staff.sources import outgoing
from web.staff.sources.views import blueprint

__all__ = ["blueprint", "outgoing"]
