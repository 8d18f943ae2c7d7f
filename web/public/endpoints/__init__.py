"""The addresses of this hub for programs, each with an example that works."""

from web.public.endpoints.views import blueprint

__all__ = ["blueprint"]
