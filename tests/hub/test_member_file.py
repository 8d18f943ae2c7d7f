"""A file of members reads back as it was written, whatever people type into it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from catalogue.members.entries import AGREEMENT, CONTACT, GROUP, Entry
from catalogue.members.text import line, paragraphs
from hub import memberfile

_ODD = ("", "null", "~", "yes", "0123", "2024-01-31", "- a", "a: b", "#x", "'", '"', "Đỗ ", "{}")
LINES = (st.text() | st.sampled_from(_ODD)).map(line)
TEXTS = LINES | st.text().map(paragraphs)
LISTS = st.lists(LINES, max_size=3)


def entries(names: tuple[str, ...]) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries({}, optional=dict.fromkeys(names, TEXTS))


LIBRARIES = st.fixed_dictionaries(
    {"code": LINES, "name": TEXTS},
    optional={
        "aliases": LISTS,
        "contacts": st.lists(entries(CONTACT), max_size=2),
        "agreements": st.lists(entries(AGREEMENT), max_size=2),
    },
)


@given(st.lists(entries(GROUP), max_size=3), st.lists(LIBRARIES, max_size=3))
def test_what_is_written_reads_back_equal(groups, libraries):
    text = memberfile.write({"groups": groups, "libraries": libraries})

    sheet = memberfile.read("members.yaml", text)

    assert (list(sheet.groups), list(sheet.libraries)) == (groups, libraries)


def test_each_value_knows_its_line():
    text = "libraries:\n- code: A\n  contacts:\n  - name: An\n    mail: x\n"

    [entry] = memberfile.read("members.yaml", text).libraries
    [contact] = entry["contacts"]

    assert isinstance(contact, Entry)
    assert (entry.line, entry.at("contacts"), contact.at("mail"), contact.at("phone")) == (
        2,
        3,
        5,
        4,
    )
