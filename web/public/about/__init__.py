"""What the union catalogue is, who takes part, and how much there is."""

from web.public.about.views import blueprint

__all__ = ["blueprint"]
