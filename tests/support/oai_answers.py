"""Asking a repository in process, and what one wants to know of its answers."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from catalogue.model import HubIdentity
from protocols.oai import OAI
from provider.model import Request
from provider.oai.repository import Repository
from provider.oai.respond import respond
from support.memory_items import MemoryView

NS = {"o": OAI}


def make_repository(view: MemoryView, **changes: object) -> Repository:
    """Return a repository on a view, with pages of 10."""
    values = {
        "identity": HubIdentity(),
        "snapshot": view.snapshot,
        "token_key": b"k" * 32,
        "page_size": 10,
    }
    return Repository(**{**values, **changes})  # type: ignore[arg-type]


def ask(repository: Repository, query: str) -> etree._Element:
    """Return the parsed answer to a query string."""
    return etree.fromstring(respond(repository, Request.parse(query.encode())).body)


def code(answer: etree._Element) -> str:
    """Return the error's code, or an empty string."""
    return text(answer, "o:error/@code")


def identifiers(answer: etree._Element) -> list[str]:
    """Return the local parts of the identifiers of a list or record."""
    found = answer.xpath("//o:header/o:identifier/text()", namespaces=NS)
    return [identifier.rpartition(":")[2] for identifier in found]


def text(answer: etree._Element, path: str) -> str:
    """Return the string value of an XPath, ``o:`` for OAI names."""
    return str(answer.xpath(f"string({path})", namespaces=NS))


def pages(repository: Repository, query: str) -> Iterator[etree._Element]:
    """Yield every page of a list, following the tokens."""
    verb = query.partition("&")[0]
    while query:
        answer = ask(repository, query)
        yield answer
        token = text(answer, "//o:resumptionToken")
        query = f"{verb}&resumptionToken={token}" if token else ""
