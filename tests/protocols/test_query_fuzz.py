"""Whatever is sent as a query: a tree, or an error with its number; never anything else."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import pytest

from protocols import cql, diagnostics, pqf
from protocols.errors import QueryError
from protocols.rpn.checking import Supported, check
from protocols.rpn.tree import Query

READERS = {"pqf": pqf.read, "cql": cql.read}
WRITERS = {"pqf": pqf.write, "cql": cql.write}
PIECES = {
    "pqf": "@and @or @not @prox @attr @attrset @set @term 1=4 5=104 =4 1= gils bib-1 numeric oid "
    'null 0 1 2 k p 12 "a b" {c d} " { } \\ \\x4 \\xff Kiều @ @x \t \x00 1=9999999999999999999',
    "cql": "and or not prox sortby ( ) = == <> <= > < / // any all within exact dc.title title "
    'foo.bar bib1.4 rec.id cql.resultSetId "a b" "" " \\ \\* * ? ^ ^a Kiều /stem /fuzzy '
    "/bib1.position=2 /unit=word /distance<3 > > \t \x00 . .. a.b. /x=1",
}
VALID = {
    "pqf": '@attrset bib-1 @and @attr 1=4 @attr gils 2=3 "Truyện Kiều" @prox 0 3 1 2 k 2 '
    r"@term numeric 12 @or @set earlier {a \x41 b}",
    "cql": '> g = "urn:oid:1.2.840.10003.3.5" (dc.title any/stem "Truyện ^Ki*u" and/rel.x=1 '
    r"g.2008 == \*a) prox/unit=word/distance<=3/ordered date within "
    '"1 2" sortby dc.date/descending title',
}


def strings(language: str, count: int) -> Iterator[str]:
    """Yield pieces of the language at random, valid queries with accidents, and mere noise."""
    chance = random.Random(f"{language} queries")
    pieces = PIECES[language].split(" ")
    for number in range(count):
        if number % 3 == 0:
            yield "".join(
                chance.choice(pieces) + chance.choice(["", " "])
                for _ in range(chance.randrange(25))
            )
        elif number % 3 == 1:
            yield mutated(VALID[language], pieces, chance)
        else:
            yield "".join(letter(chance) for _ in range(chance.randrange(30)))


def letter(chance: random.Random) -> str:
    """Return a letter, mostly ASCII; no half of a surrogate pair, which no UTF-8 can bring."""
    code = chance.randrange(128) if chance.random() < 0.8 else chance.randrange(0x110000)
    return chr(code if not 0xD800 <= code < 0xE000 else 0x1EC7)


def mutated(text: str, pieces: list[str], chance: random.Random) -> str:
    for _ in range(chance.randrange(1, 5)):
        at, length = chance.randrange(len(text) + 1), chance.randrange(4)
        text = text[:at] + chance.choice(["", *pieces]) + text[at + length :]
    return text


def fate(language: str, text: str) -> str:
    """Return ``read``, or the numbers of the diagnostic; whatever else comes is let through."""
    query, wrong = outcome(lambda: READERS[language](text))
    if wrong is not None:
        assert numbered(wrong)
        assert 0 <= wrong.position <= len(text)
        return f"{wrong.bib1}/{wrong.sru}"
    assert query is not None
    assert READERS[language](WRITERS[language](query)) == query
    _, wrong = outcome(lambda: check(query, Supported(use=frozenset({4, 1016}))))
    assert wrong is None or numbered(wrong)
    return "read"


def outcome(ask: Callable[[], Query | None]) -> tuple[Query | None, QueryError | None]:
    try:
        return ask(), None
    except QueryError as error:
        return None, error


def numbered(error: QueryError) -> bool:
    return error.bib1 in diagnostics.BIB1 and error.sru in diagnostics.SRU


@pytest.mark.parametrize("language", READERS)
def test_any_string_is_a_tree_or_has_its_diagnostic(language):
    fates = {fate(language, text) for text in strings(language, 10_000)}

    assert "read" in fates
    assert len(fates) > 4
