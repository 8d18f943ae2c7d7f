"""All that the program says, in both languages side by side, for those who proof-read it."""

from web.staff.wording.views import blueprint

__all__ = ["blueprint"]
