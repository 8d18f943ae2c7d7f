"""One query to the union and to members' servers at once, for everybody, within limits."""

from web.public.live.views import blueprint

__all__ = ["blueprint"]
