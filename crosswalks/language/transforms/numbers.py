"""Transforms of dates, numbers and identifiers."""

from __future__ import annotations

from crosswalks.dates import year
from crosswalks.identifiers import Kind, identify, isbn_of, issn_of
from crosswalks.language.errors import Misplaced
from crosswalks.language.syntax import Argument
from crosswalks.language.transforms.registry import OnValue, into_subfields, value
from crosswalks.languages import marc_code
from crosswalks.model import Subfield


@value("year")
def _year() -> OnValue:
    """Keep the first year (1000 to 2099); drop what has none."""
    return year


@value("year-or-text")
def _year_or_text() -> OnValue:
    """Keep the first year, or the text where there is none."""
    return lambda text: year(text) or text


@value("isbn")
def _isbn() -> OnValue:
    """Keep the ISBN that a 020 $a begins with, without hyphens; drop wrong ones."""
    return isbn_of


@value("issn")
def _issn() -> OnValue:
    """Keep the ISSN that a 022 $a begins with, with its hyphen; drop wrong ones."""
    return issn_of


@value("language")
def _language() -> OnValue:
    """Give the MARC code of a language written as code or name; drop unknown ones."""
    return marc_code


@value("identifier")
def _identifier(kind: Argument) -> OnValue:
    """Keep the identifiers of one KIND, bare: isbn, issn, doi, hdl, urn, url, citation, other.

    Wrong ones are of the kinds bad-isbn and bad-issn.
    """
    if kind.text not in list(Kind):
        raise Misplaced(
            kind.column, "{text} is none of: {known}", text=kind.text, known=", ".join(Kind)
        )
    wanted = Kind(kind.text)

    def run(text: str) -> str:
        found = identify(text)
        return found.value if found.kind is wanted else ""

    return run


@into_subfields("isbn")
def _isbn_subfields(text: str) -> tuple[Subfield, ...]:
    """Make $a of an ISBN, and $q of what stands in brackets behind it."""
    found = identify(text)
    return (("a", found.value), ("q", found.note)) if found.note else (("a", found.value),)
