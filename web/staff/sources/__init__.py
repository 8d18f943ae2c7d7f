"""The members' endpoints: how they fare, adding, testing, looking at records, running, pausing."""

from web.staff.sources import asking, outgoing, stage, tabs, validator, wizard
from web.staff.sources.views import blueprint

__all__ = ["asking", "blueprint", "outgoing", "stage", "tabs", "validator", "wizard"]
