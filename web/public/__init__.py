"""What anyone may see: search, a record with the libraries that hold it, and how to ask for it."""

from web.public import advanced, opensearch, parts, reporting, requesting, work
from web.public.views import blueprint

__all__ = ["advanced", "blueprint", "opensearch", "parts", "reporting", "requesting", "work"]
