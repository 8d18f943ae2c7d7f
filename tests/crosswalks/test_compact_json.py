"""Records are kept as JSON by a quick library; what it writes is what Python's own would."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from crosswalks.model import Field
from crosswalks.stored import compact

TEXTS = st.text(st.characters(exclude_categories=()))
FIELDS = st.builds(Field, TEXTS, TEXTS, st.lists(st.tuples(TEXTS, TEXTS)).map(tuple))
VALUES = st.recursive(
    TEXTS | FIELDS | st.integers(-(2**53), 2**53) | st.booleans(),
    lambda below: st.lists(below) | st.lists(below).map(tuple) | st.dictionaries(TEXTS, below),
)


@given(VALUES)
def test_json_is_written_as_python_writes_it_whatever_the_text(value: Any) -> None:
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    assert compact(value) == plain
