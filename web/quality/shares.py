"""What is looked for in each record, in words; English here, to be translated."""

from __future__ import annotations

from collections.abc import Mapping

from web.language import mark

FIELDS: Mapping[str, str] = {
    "title": mark("Title"),
    "author": mark("Author or other name"),
    "subject": mark("Subject"),
    "standard-number": mark("ISBN or ISSN"),
    "language": mark("Language"),
    "year": mark("Year"),
    "publisher": mark("Publisher"),
    "extent": mark("Extent"),
    "class": mark("Classification"),
    "call-number": mark("Call number"),
    "description": mark("Summary or contents"),
    "link": mark("Link"),
}
"""What is looked for in each record, by its name in ``quality-shares.tsv``."""
