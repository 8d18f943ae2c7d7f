"""What could not be read or mapped: kept, shown as it came, and tried again."""

from web.staff.quarantine.views import blueprint

__all__ = ["blueprint"]
