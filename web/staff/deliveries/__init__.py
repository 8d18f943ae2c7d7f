"""Deliveries: files that staff send, look at, and then apply or throw away."""

from web.staff.deliveries.views import blueprint

__all__ = ["blueprint"]
