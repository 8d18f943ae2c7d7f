"""What anyone may see: search, and a record with the libraries that hold it."""

from web.public import advanced, opensearch, parts, work
from web.public.views import blueprint

__all__ = ["advanced", "blueprint", "opensearch", "parts", "work"]
