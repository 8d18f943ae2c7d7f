"""Dublin Core records of any dialect written as lines, and the MARC 21 they become."""

from __future__ import annotations

from hypothesis import strategies as st

from crosswalks import crosswalk
from crosswalks.model import Element, Field, Record, Schema
from support.formats import TEXT
from support.marc import lines

_SAYING = """2008|1990-1995|2008-|[199-?]|c2010|vi|en_US|eng; fre|Luận văn thạc sĩ
|Article|Tạp chí|Image|application/pdf|112 tr. : minh họa ; 24 cm|24576 bytes
|2019-05-20T08:11:02Z|978-604-0-00001-9|1859-4581|openAccess|https://doi.org/10.1000/xyz
|http://hdl.handle.net/10877/16|http://example.vn/a|Nguyễn, Văn A (chủ biên)
|Nguyễn Văn A, Trần Thị B|Trường Đại học X, Khoa Y|Tạp chí X; Tập 5, Số 3 (2010); 12-20
|Series;12|ftp://a.vn/b|info:eu-repo/semantics/doctoralThesis
|info:eu-repo/grantAgreement/EC/FP7/12|info:eu-repo/date/embargoEnd/2030-01-01
|https://creativecommons.org/licenses/by/4.0/|The title: its <i>subtitle</i> / by X
|thế kỷ 19|Hà Nội|ddc:330|none|Phys.D.;|Thesis (M.A.)--University|Hội thảo khoa học X
|ISBN 978-604-0-00001-8|PGS.TS. Lê C|&amp;eacute;|a"""
SAYING = st.sampled_from([each.strip() for each in _SAYING.split("|")])
"""Texts that rules look at closely."""


def record(schema: Schema, *told: str) -> Record:
    """Return a record from lines such as ``dc.title Nhan đề``."""
    pairs = [line.split(" ", 1) for line in told]
    return Record(schema=schema, fields=tuple(Element(name, (), text) for name, text in pairs))


def up(schema: Schema, *told: str) -> Record:
    """Return the MARC 21 record that these lines become."""
    return crosswalk.to_pivot(record(schema, *told))


def fields(marc: Record, *tags: str) -> list[str]:
    """Return a record's data fields as lines, those with these tags or all."""
    found = tags or {field.tag for field in marc.fields if isinstance(field, Field)}
    return lines(marc, *found)


def records(schema: Schema, *names: str) -> st.SearchStrategy[Record]:
    """Return a strategy for records with elements of these names, sensible and not."""
    elements = st.builds(
        Element, st.sampled_from(names), st.just(()), st.one_of(SAYING, SAYING, TEXT), st.just(())
    )
    return st.lists(elements, max_size=14).map(
        lambda found: Record(schema=schema, fields=tuple(found))
    )
