"""Names and dates of OAI-PMH 2.0, the same for the side that asks and the side that answers."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from xml.sax.saxutils import quoteattr

OAI = "http://www.openarchives.org/OAI/2.0/"
OAI_SCHEMA = "http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
OAI_DC_SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
DC = "http://purl.org/dc/elements/1.1/"
MARC21 = "http://www.loc.gov/MARC21/slim"
MARC21_SCHEMA = "http://www.loc.gov/standards/marcxml/schema/MARC21slim.xsd"
OAI_IDENTIFIER = "http://www.openarchives.org/OAI/2.0/oai-identifier"
OAI_IDENTIFIER_SCHEMA = "http://www.openarchives.org/OAI/2.0/oai-identifier.xsd"
MODS = "http://www.loc.gov/mods/v3"
MODS_SCHEMA = "http://www.loc.gov/standards/mods/v3/mods-3-7.xsd"
QDC = "http://dspace.org/qualifieddc/"
QDC_SCHEMA = "http://dublincore.org/schemas/xmls/qdc/2006/01/06/dcterms.xsd"
EDM = "http://www.europeana.eu/schemas/edm/"
EDM_SCHEMA = "http://www.europeana.eu/schemas/edm/EDM.xsd"
ETDMS = "http://www.ndltd.org/standards/metadata/etdms/1.1/"
ETDMS_SCHEMA = "http://www.ndltd.org/standards/metadata/etdms/1-1/etdms11.xsd"
PROVENANCE = "http://www.openarchives.org/OAI/2.0/provenance"
PROVENANCE_SCHEMA = "http://www.openarchives.org/OAI/2.0/provenance.xsd"
BRANDING = "http://www.openarchives.org/OAI/2.0/branding/"
BRANDING_SCHEMA = "http://www.openarchives.org/OAI/2.0/branding.xsd"
FRIENDS = "http://www.openarchives.org/OAI/2.0/friends/"
FRIENDS_SCHEMA = "http://www.openarchives.org/OAI/2.0/friends.xsd"
RIGHTS_MANIFEST_SCHEMA = "http://www.openarchives.org/OAI/2.0/rightsManifest.xsd"
RIGHTS_APPLY_TO = "http://www.openarchives.org/OAI/2.0/entity#metadata"
RIGHTS = "http://www.openarchives.org/OAI/2.0/rights/"
RIGHTS_SCHEMA = "http://www.openarchives.org/OAI/2.0/rights.xsd"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

_URI = re.compile(
    r"[A-Za-z][A-Za-z0-9+.\-]*:(//[A-Za-z0-9.\-]+(:[0-9]{1,5})?(?=[/?]|$))?"
    r"(?!//)([A-Za-z0-9\-._~:/?@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*"
)


class Verb(StrEnum):
    """The six requests (OAI-PMH 2.0 s4)."""

    IDENTIFY = "Identify"
    LIST_METADATA_FORMATS = "ListMetadataFormats"
    LIST_SETS = "ListSets"
    LIST_IDENTIFIERS = "ListIdentifiers"
    LIST_RECORDS = "ListRecords"
    GET_RECORD = "GetRecord"


class Granularity(StrEnum):
    """How finely a repository stamps its records (OAI-PMH 2.0 s2.7, s3.3)."""

    DAY = "YYYY-MM-DD"
    SECOND = "YYYY-MM-DDThh:mm:ssZ"


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SECOND = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")


@lru_cache(maxsize=4096)
def format_stamp(seconds: int, granularity: Granularity = Granularity.SECOND) -> str:
    """Return epoch seconds as a UTCdatetime (OAI-PMH 2.0 s3.3)."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.strftime("%Y-%m-%d" if granularity is Granularity.DAY else "%Y-%m-%dT%H:%M:%SZ")


def granularity_of(text: str) -> Granularity | None:
    """Return the granularity a date is written in, or None if it is not a UTCdatetime."""
    if _DAY.fullmatch(text):
        return Granularity.DAY
    return Granularity.SECOND if _SECOND.fullmatch(text) else None


def parse_stamp(text: str, *, end: bool = False) -> int:
    """Return a UTCdatetime as epoch seconds; ``end`` takes a day as its last second.

    Raises ValueError for anything else than the two forms of OAI-PMH 2.0 s3.3.
    """
    granularity = granularity_of(text)
    if granularity is None:
        raise ValueError(text)
    moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    if end and granularity is Granularity.DAY:
        moment += timedelta(days=1, seconds=-1)
    return int(moment.timestamp())


def is_uri(text: str) -> bool:
    """Tell whether an identifier is a URI that schemas of OAI-PMH surely take (anyURI)."""
    return _URI.fullmatch(text) is not None


def rights_reference(address: str) -> str:
    """Return <rights> by reference (guidelines "Conveying rights expressions" s3.2)."""
    return _rights(f"<rightsReference ref={quoteattr(address)}/>")


def rights_statement(statement: str) -> str:
    """Return <rights> in line (s3.1): an XML element of another namespace, with a schema."""
    return _rights(f"<rightsDefinition>{statement}</rightsDefinition>")


def _rights(content: str) -> str:
    return (
        f'<rights xmlns="{RIGHTS}" xsi:schemaLocation="{RIGHTS} {RIGHTS_SCHEMA}">{content}</rights>'
    )
