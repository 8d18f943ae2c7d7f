"""Whatever the bytes of a file are, it is read or refused, and what is read is read again alike."""

from __future__ import annotations

import bz2
import gzip
import lzma
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from crosswalks.formats import file_of as joined
from crosswalks.formats import marcjson, marcxml, mrk, tagged
from harvester.errors import HarvestError
from harvester.model import FileLimits
from support.files import books, read, reader, tarred, zipped
from support.marc import marc

GOOD = books(*range(20))
TABLE = "Nhan đề;Mã sách\nSố đỏ;1\nTruyện Kiều;2\n".encode()
RECORDS = [marc(f"001 a{number}", "245 10 $aMột") for number in range(5)]
FILES = [
    *(GOOD, TABLE, gzip.compress(GOOD), bz2.compress(GOOD), lzma.compress(GOOD)),
    zipped({"a.mrc": GOOD, "b/c.csv": TABLE}),
    *(tarred({"a.mrc": GOOD, "b.mrc": GOOD}), tarred({"a.mrc": GOOD}, "w:gz")),
    *(
        b"".join(joined(form, map(form.write, RECORDS)))
        for form in (marcxml, marcjson, mrk, tagged)
    ),
]
LIMITS = FileLimits(file_bytes=1 << 22, free_bytes=1 << 20, members=50, record_bytes=1 << 20)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Draw a file some of whose bytes are others, gone, or from another file."""
    data = bytearray(draw(st.sampled_from(FILES)))
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(data)))
        other = draw(st.sampled_from(FILES))
        start = draw(st.integers(0, len(other)))
        new = draw(st.one_of(st.binary(max_size=30), st.just(other[start : start + 200])))
        data[at : at + draw(st.integers(0, 200))] = new
    return bytes(data)


@settings(max_examples=80)
@given(damaged(), st.sampled_from(["", "changes"]))
def test_any_bytes_are_read_or_refused(data, delivers):
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        try:
            pages = read(Path(file.name), limits=LIMITS, delivers=delivers)
        except HarvestError:
            return

    assert [reader().again(each.raw, 1, each.url).records for each in pages] == [
        each.records for each in pages
    ]
