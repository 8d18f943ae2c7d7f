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
