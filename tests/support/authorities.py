"""A list of Vietnamese writers for tests, as a table; and how one is taken in."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

from catalogue.authorities.importing import Giving, take
from catalogue.authorities.model import Outcome
from catalogue.database import Database
from crosswalks.authorities.model import Kind
from crosswalks.authorities.reading import read

WRITERS = """heading\tkind\tsee\tid\tsame as
Nguyễn Du, 1765-1820\tperson\tTố Như; Thanh Hiên\tp1\thttp://viaf.org/viaf/1
Nam Cao, 1915-1951\tperson\tTrần, Hữu Tri\tp2\t
Tô Hoài, 1920-2014\tperson\tNguyễn Sen\tp3\t
Thế Lữ, 1907-1989\tperson\tNguyễn Thứ Lễ\tp4\t
Rowling, J. K.\tperson\tGalbraith, Robert\tp5\t
Hội chứng suy giảm miễn dịch mắc phải\ttopic\tAIDS; SIDA\tt1\t
"""


def take_table(
    database: Database, text: str = WRITERS, code: str = "thu", *, accepts: bool = True
) -> Outcome:
    """Take a table in as a list."""
    giving = Giving(code=code, author="test", accepts=accepts)
    return take(database, giving, read(BytesIO(text.encode()), "table", Kind.TOPIC))


def table_of(rows: Iterable[tuple[str, ...]]) -> str:
    """Return a table with the columns of ``WRITERS``, missing cells left empty."""
    lines = ("\t".join(row) for row in rows)
    return "\n".join(("heading\tkind\tsee\tid\tsame as", *lines, ""))
