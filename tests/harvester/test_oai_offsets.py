"""Where a page breaks, to the byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.errors import PageBroken
from harvester.model import Answer
from harvester.oai.xml import read_envelope
from support.oai_source import dublin_core, envelope

TEXTS = st.text(st.sampled_from("aế\n đ𝄞"), max_size=40)


def offset_where_broken(body: bytes) -> int:
    with pytest.raises(PageBroken) as broken:
        read_envelope(Answer(url="u", status=200, headers={}, body=body), 1, "ListRecords")
    return broken.value.details["offset"]


@given(before=TEXTS, after=TEXTS)
def test_a_forbidden_character_is_found_to_the_byte(before, after):
    body = envelope(f"<ListRecords>{before}\x0b{after}</ListRecords>")

    assert offset_where_broken(body) == body.index(b"\x0b")


@given(before=TEXTS)
def test_a_byte_that_is_no_utf8_is_found_to_the_byte(before):
    body = envelope(f"<ListRecords>{before}?</ListRecords>").replace(b"?</", b"\xff</")

    assert offset_where_broken(body) == body.index(b"\xff")


@given(text=TEXTS, cut=st.integers(2, 30))
def test_a_page_without_its_end_breaks_there(text, cut):
    body = envelope(f"<ListRecords>{dublin_core(text)}</ListRecords>")[:-cut]

    assert len(body.rstrip()) - 15 <= offset_where_broken(body) <= len(body)
