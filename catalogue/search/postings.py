"""What an engine's full-text index is given of a document, and how it is asked for the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from catalogue.search.columns import CODES, LETTERS, OPENINGS, TEXT
from catalogue.search.document import Document
from catalogue.search.expression import (
    AllOf,
    AnyOf,
    Codes,
    Except,
    Expression,
    Near,
    Words,
    fold,
)
from catalogue.search.tokens import GAP

MARKED = "_m"
"""Ends the name of SQLite's column of words with their marks."""


NAMES = (*TEXT, *(f"{name}{MARKED}" for name in TEXT), *CODES, *OPENINGS)
"""SQLite's columns."""


def columns(document: Document) -> dict[str, str]:
    """Return a document's tokens by SQLite's columns; those that are empty are left out."""
    return (
        {name: " ".join(words) for name, words in document.words.items()}
        | {f"{name}{MARKED}": " ".join(words) for name, words in document.marked.items()}
        | {name: " ".join(tokens) for name, tokens in document.codes.items() if tokens}
    )


def tsvector(document: Document) -> str:
    """Return a document's tokens as PostgreSQL reads a tsvector: a letter says which column."""
    found: dict[str, list[str]] = {}
    for by_column, is_marked in ((document.words, False), (document.marked, True)):
        for column, words in by_column.items():
            letter = LETTERS[column].upper() if is_marked else LETTERS[column]
            for at, word in enumerate(words, 1):
                if word != GAP:
                    found.setdefault(letter + word, []).append(str(at))
    for column, tokens in document.codes.items():
        found |= {LETTERS[column] + token: ["1"] for token in tokens}
    return " ".join(f"'{_quoted(lexeme)}':{','.join(at)}" for lexeme, at in found.items())


def _quoted(lexeme: str) -> str:
    return lexeme.replace("\\", "\\\\").replace("'", "''")


class Dialect(NamedTuple):
    """How an engine joins what it looks for."""

    both: str
    either: str
    without: str


FTS5 = Dialect(" AND ", " OR ", " NOT ")
TSQUERY = Dialect(" & ", " | ", " & !")


def match(root: Expression, *, postgresql: bool) -> str:
    """Return text nodes as a query of FTS5, or as a tsquery.

    Tokens are letters and digits, so no quote can be broken out of.
    """
    dialect = TSQUERY if postgresql else FTS5
    leaf = _lexemes if postgresql else _phrases

    def make(node: Expression, parts: list[str]) -> str:
        if isinstance(node, AllOf):
            return f"({dialect.both.join(parts)})"
        if isinstance(node, AnyOf):
            return f"({dialect.either.join(parts)})"
        if isinstance(node, Except):
            return f"({parts[0]}{dialect.without}{parts[1]})"
        return leaf(node)

    return fold(root, make)


def _phrases(node: Expression) -> str:
    if isinstance(node, Near):
        names = _names(node.columns, marked=node.marked)
        return f"({names} : NEAR({_quote(node.first)} {_quote(node.second)}, {node.distance - 1}))"
    assert isinstance(node, Words | Codes)
    found = []
    if isinstance(node, Words):
        names = _names(node.columns, marked=node.marked)
        found.append(f"{names} : {_quote(node.words)}{' *' if node.prefix else ''}")
    found += [
        f"{{{column}}} : {_quote((token,))}{' *' if node.prefix else ''}"
        for column, token in node.codes
    ]
    return f"({' OR '.join(found)})"


def _names(names: Sequence[str], *, marked: bool) -> str:
    return "{" + " ".join(f"{name}{MARKED}" if marked else name for name in names) + "}"


def _quote(words: Sequence[str]) -> str:
    return f'"{" ".join(words)}"'


def _lexemes(node: Expression) -> str:
    if isinstance(node, Near):
        return f"({' | '.join(_near(node))})"
    assert isinstance(node, Words | Codes)
    end = ":*" if node.prefix else ""
    found = []
    if isinstance(node, Words):
        letters = [_letter(name, marked=node.marked) for name in node.columns]
        found = [_run(letter, node.words) + end for letter in letters]
    found += [f"'{_quoted(LETTERS[column] + token)}'{end}" for column, token in node.codes]
    return f"({' | '.join(found)})"


def _near(node: Near) -> Iterator[str]:
    for name in node.columns:
        letter = _letter(name, marked=node.marked)
        for one, other in ((node.first, node.second), (node.second, node.first)):
            for words in range(1, node.distance + 1):
                yield f"(({_run(letter, one)}) <{words}> ({_run(letter, other)}))"


def _letter(name: str, *, marked: bool) -> str:
    return TEXT[name].upper() if marked else TEXT[name]


def _run(letter: str, words: Sequence[str]) -> str:
    return " <-> ".join(f"'{_quoted(letter + word)}'" for word in words)
