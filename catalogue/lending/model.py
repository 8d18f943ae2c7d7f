"""The value of a library's lending: all of it is shown to the public."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from catalogue.members.model import fingerprint


class Lends(StrEnum):
    """What a library gives to readers of other libraries."""

    NOT_TOLD = ""
    LOANS = "loans"
    """It lends to other libraries."""
    COPIES = "copies"
    """It does not lend, and sends copies."""
    BOTH = "loans-and-copies"
    READING = "reading-room"
    """What it has is read there only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lending:
    """How a library lends; nothing of it has to be told."""

    lends: Lends = Lends.NOT_TOLD
    policy_vi: str = ""
    policy_en: str = ""
    mail: str = ""
    """Of the desk that requests go to, as are phone and address."""
    phone: str = ""
    address: str = ""
    opening: str = ""
    """When the desk is open, in words."""
    resolver: str = ""
    """Base address of what takes OpenURLs: a resolver or a system for interlibrary loan."""
    record_address: str = ""
    """Address of a record in its own catalogue, with ``{number}``, ``{isbn}`` or both."""

    @property
    def fingerprint(self) -> str:
        """Return what tells these details from any others."""
        return fingerprint(*(str(getattr(self, name)) for name in NAMES))

    def policy(self, language: str) -> str:
        """Return its policy in a language, or in whatever language there is one."""
        texts = (self.policy_vi, self.policy_en)
        first, other = texts if language == "vi" else reversed(texts)
        return first or other


NAMES = Lending.__slots__
"""What is told of lending, as rows, files and forms call it."""
