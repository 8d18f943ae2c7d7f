"""The names under which rules find elements: so that one file of rules serves several dialects.

``dc:creator is dc.contributor.author, dc.creator`` lets all rules that take dc:creator find both.
"""

from __future__ import annotations

from collections.abc import Callable

from crosswalks.language.errors import CrosswalkSyntax, Misplaced
from crosswalks.language.syntax import Naming
from crosswalks.language.taking import Input, taking
from crosswalks.model import Control, Element, Field


def naming(named: Naming) -> Callable[[Input], None]:
    """Return what puts elements under their new name; raise CrosswalkSyntax where it cannot be."""
    try:
        found = [taking(path, top=True, clean=None).occurrences for path in named.sources]
    except Misplaced as wrong:
        raise CrosswalkSyntax(
            name=named.file, line=named.line, column=wrong.column, reason=wrong.reason
        ) from wrong
    name = named.name

    def put(source: Input) -> None:
        elements: list[Control | Field | Element] = [
            each if each[0] == name else Element(name, *each[1:])
            for occurrences in found
            for each in occurrences(source, source.record)
            if isinstance(each, Element)
        ]
        if elements:
            source.index[name] = elements
        else:
            source.index.pop(name, None)

    return put
