"""The error conditions of OAI-PMH 2.0 s3.6; a class is named as its code, but for the capital."""

from __future__ import annotations

from typing import ClassVar

from provider.errors import ProviderError


class OaiError(ProviderError):
    """This OAI-PMH request cannot be answered: {reason}"""

    wrong_use: ClassVar[bool] = True

    @classmethod
    def oai_code(cls) -> str:
        """Return the code attribute of <error>: ``BadVerb`` -> ``badVerb``."""
        return cls.__name__[0].lower() + cls.__name__[1:]


class BadVerb(OaiError):
    """Give one verb of OAI-PMH: Identify, GetRecord or one of those that begin with List."""


class BadArgument(OaiError):
    """The argument {name} is wrong: {reason}"""


class BadResumptionToken(OaiError):
    """This resumptionToken was not issued here for this verb. Start the list again without it."""


class CannotDisseminateFormat(OaiError):
    """There is no metadata format {name} here. See ListMetadataFormats."""


class IdDoesNotExist(OaiError):
    """There is no item {name} here."""


class NoSetHierarchy(OaiError):
    """There are no sets here. Ask without one."""


class NoRecordsMatch(OaiError):
    """No record matches this combination of from, until, set and metadataPrefix."""
