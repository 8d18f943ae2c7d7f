"""The two ways a crosswalk runs, field by field or rule by rule, are one in what they make."""

from __future__ import annotations

import pytest
from hypothesis import given

from crosswalks import shipped
from crosswalks.crosswalk import normalise
from crosswalks.formats import iso2709
from crosswalks.language.compile import Program, compiled
from crosswalks.language.parse import parse
from crosswalks.model import Record
from support.formats import MARC_RECORDS, gpo_states, hcmut, loc_books

NAME = "marc21-oai_dc"


def rule_by_rule() -> Program:
    """Return the crosswalk with one more rule, which never applies, that looks at two fields."""
    text = shipped.text(NAME) + '\ndc:title <- 245 $a if 100 and 999 $z is "never"\n'
    return compiled(parse(text, NAME, shipped.rules))


BY_FIELD, BY_RULE = shipped.program(NAME), rule_by_rule()


def in_text(data: bytes) -> Record | None:
    """Return a record mapped without being taken apart, if it is of the usual kind."""
    undivided = iso2709.undivided(data)
    return BY_FIELD.of_texts(undivided).record() if undivided and BY_FIELD.of_texts else None


def both(record: Record) -> tuple[Record, Record]:
    return BY_FIELD.run(record), BY_RULE.run(normalise(record))


def test_the_map_to_dublin_core_runs_field_by_field():
    assert BY_FIELD.normalises
    assert not BY_RULE.normalises


@given(MARC_RECORDS)
def test_any_record_becomes_the_same_either_way(record):
    by_field, by_rule = both(record)

    assert by_field == by_rule


@pytest.mark.parametrize("corpus", [loc_books, gpo_states, hcmut])
def test_real_records_become_the_same_either_way(shared, corpus):
    pairs = [both(iso2709.read(data)) for data in corpus(shared, 500)]

    assert [one for one, other in pairs if one != other] == []


@given(MARC_RECORDS)
def test_any_record_becomes_the_same_without_being_taken_apart(record):
    data = iso2709.write(record)
    mapped = in_text(data)

    assert mapped is None or mapped == BY_FIELD.run(iso2709.read(data))


@pytest.mark.parametrize("corpus", [loc_books, gpo_states, hcmut])
def test_real_records_become_the_same_without_being_taken_apart(shared, corpus):
    found = list(corpus(shared, 1000))
    mapped = [(data, in_text(data)) for data in found]

    assert [d for d, m in mapped if m is not None and m != BY_FIELD.run(iso2709.read(d))] == []
    assert sum(made is not None for _, made in mapped) > 0.9 * len(found)


@pytest.mark.parametrize("name", [n for n in shipped.names() if shipped.program(n).of_texts])
def test_every_map_that_runs_on_text_makes_the_same_of_it(shared, name):
    program = shipped.program(name)
    records = [iso2709.undivided(data) for data in loc_books(shared, 300)]
    pairs = [
        (program.of_texts(undivided).record(), program.run(iso2709.read(data)))
        for undivided, data in zip(records, loc_books(shared, 300), strict=True)
        if undivided is not None
    ]

    assert [one for one, other in pairs if one != other] == []
