"""What the giving side refuses, whatever the protocol."""

from __future__ import annotations

from crosswalks.errors import Error


class ProviderError(Error):
    """The hub could not answer this: {reason}"""


class NotYetHere(ProviderError):
    """This copy of the catalogue is behind the list being read. Ask again in a few seconds."""
