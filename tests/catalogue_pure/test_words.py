from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from catalogue.match.tagged import Tagged
from catalogue.match.words import bare, bare_words
from crosswalks.text import word_key
from support.marc import records

TAGS = ("020", "100", "245", "260", "264", "700")


@given(st.one_of(st.text(), st.text(st.characters(codec="ascii"))))
@example("Lý thuyết C++, F#")
@example("The Way of Z. Ly; C++")
def test_bare_words_are_the_bare_form_of_the_word_key(text):
    assert bare_words(text) == bare(word_key(text))


@given(records, st.lists(st.sampled_from(TAGS), max_size=3, unique=True))
def test_fields_by_tag_are_those_of_the_record_in_its_order(record, tags):
    assert list(Tagged(record).data(*tags)) == list(record.data(*tags))


@given(records, st.sampled_from(TAGS), st.sampled_from(("a", "ab", "c")))
def test_values_by_tag_are_those_of_the_record(record, tag, codes):
    assert Tagged(record).values(tag, codes) == record.values(tag, codes)
