"""What anyone may see: search, and a record with the libraries that hold it."""

from web.public.views import blueprint

__all__ = ["blueprint"]
