"""What anyone may see: search, a record with the libraries that hold it, and how to ask for it."""

from web.public import reporting, requesting
from web.public.views import blueprint

__all__ = ["blueprint", "reporting", "requesting"]
