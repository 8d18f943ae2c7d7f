"""The matching policies: the one in use, others to be tried, and what they would do."""

from web.staff.policy.views import blueprint

__all__ = ["blueprint"]
