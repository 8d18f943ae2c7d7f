"""Members: their list, each with everything that is known of it, and groups of them."""

from web.staff.members import beside, editing, grouping, quality, views
from web.staff.members.room import blueprint

__all__ = ["beside", "blueprint", "editing", "grouping", "quality", "views"]
