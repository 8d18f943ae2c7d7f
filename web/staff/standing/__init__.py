"""How a library stands: suspended, left, shown again; and what each would do."""

from web.staff.standing.views import blueprint

__all__ = ["blueprint"]
