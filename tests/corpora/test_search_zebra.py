"""A search finds as many records as Zebra does among the same, or it is said why not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

from catalogue.database import Database
from crosswalks.model import Record
from protocols.errors import QueryError
from support.searching import search_pqf
from support.shelved import Shelved, index, real_records
from support.zebra import Zebra, ZebraRefusesError, modules, zebra

LONG = (
    '"Nominations : hearing before the Committee on Human Resources, United States Senate,'
    " Ninety-fifth Congress, first session on Dr. Eula Bingham, of Ohio, to be Assistant Secretary"
    ' of Labor for Occupational Safety and Health; Francis X. Burkhardt"'
)
SAME = [
    "@attr 1=_ALLRECORDS @attr 2=103 x", "@attr 1=4 @attr 2=103 x",
    # Titles: words, phrases, lists of words, truncation, masks.
    "@attr 1=4 history", "@attr 1=4 @attr 4=2 ohio", "@attr 1=4 s", "@attr 1=4 @attr 2=102 flood",
    '@attr 1=4 @attr 4=1 "flood insurance study"', '@attr 1=4 @attr 4=6 "study ohio flood"',
    '@attr 1=4 @attr 4=105 "poems stories"', '@attr 1=4 @attr 4=106 "poems stories"',
    "@attr 1=4 @attr 5=1 econom", "@attr 1=4 @attr 4=2 @attr 5=1 comput",
    '@attr 1=4 @attr 5=1 "flood ins"', "@attr 1=4 @attr 5=2 ology", "@attr 1=4 @attr 5=3 logi",
    "@attr 1=4 @attr 5=101 comput#", "@attr 1=4 @attr 5=104 comput?", "@attr 1=4 @attr 5=104 w#r",
    "@attr 1=4 @attr 5=104 ?ology", "@attr 1=4 @attr 5=104 h?r##",
    "@attr 1=4 \"women's\"", "@attr 1=4 \"l'anglais\"", '@attr 1=4 "in-service"',
    '@attr 1=4 "U.S."', "@attr 1=4 Server+", '@attr 1=4 "1976-77"', "@attr 1=6 works",
    '@attr 1=5 @attr 4=6 "NASA conference ;"', '@attr 1=63 @attr 4=6 "; of 20"',
    # The beginning of a field, and the whole of it.
    "@attr 1=4 @attr 3=1 the", '@attr 1=4 @attr 3=1 "flood insurance study"',
    "@attr 1=4 @attr 3=1 @attr 5=1 hist", '@attr 1=4 @attr 3=1 @attr 5=1 "flood ins"',
    '@attr 1=4 @attr 6=3 "The Grangers, and other stories."',
    '@attr 1=4 @attr 6=2 "flood insurance study"', '@attr 1=4 @attr 6=3 @attr 5=1 "the g"',
    '@attr 1=4 @attr 6=3 @attr 5=1 "flood insurance study city of"',
    '@attr 1=5 @attr 6=3 "Research reporting series."', "@attr 1=5 @attr 3=1 heroes",
    # Vietnamese, with marks and without.
    '@attr 1=4 "tin học"', '@attr 1=4 "TIN HỌC ĐẠI CƯƠNG"', '@attr 1=4 "tin hoc dai cuong"',
    '@attr 1=4 @attr 4=6 "trình giáo"', '@attr 1=4 @attr 5=1 "khoa h"',
    '@attr 1=4 @attr 3=1 "giao trinh"', "@attr 1=4 đại", "@attr 1=4 dai",
    '@attr 1=1003 "Nguyễn Văn"', '@attr 1=1003 "nguyen van"', '@attr 1=1003 @attr 4=6 "van nguyen"',
    "@attr 1=1004 @attr 3=1 nguyen", "@attr 1=1035 thuat", '@attr 1=4 "Salāmān va Absāl"',
    # Names.
    "@attr 1=1003 shakespeare", '@attr 1=1003 "Shakespeare, William"', "@attr 1=1003 @attr 5=1 smi",
    "@attr 1=1003 @attr 3=1 smith", '@attr 1=1003 @attr 3=1 "United States. Congress"',
    '@attr 1=1003 @attr 6=3 "United States. Federal Insurance Administration."',
    "@attr 1=1 lewis", "@attr 1=1 kni︠a︡zʹ", '@attr 1=2 "corps of engineers"',
    "@attr 1=2 @attr 3=1 ohio", "@attr 1=1005 @attr 5=1 environ", "@attr 1=3 symposium",
    "@attr 1=1006 @attr 5=1 conf", "@attr 1=1002 douglas", "@attr 1=1020 smith",
    # Subjects.
    "@attr 1=21 education", '@attr 1=21 "flood insurance"', '@attr 1=21 "ohio river"',
    '@attr 1=21 @attr 6=3 "flood insurance"', "@attr 1=21 @attr 3=1 floods",
    "@attr 1=21 @attr 5=1 agri", '@attr 1=21 @attr 6=3 @attr 5=1 "soils ohio"', "@attr 1=27 soils",
    "@attr 1=1079 water", "@attr 1=1009 shakespeare", '@attr 1=58 "south africa"',
    '@attr 1=58 @attr 6=3 "United States"', "@attr 1=1075 @attr 6=3 maps",
    # Publishers, places, notes, anything.
    "@attr 1=1018 macmillan", '@attr 1=1018 "Ginn & Company"', "@attr 1=1018 @attr 5=1 hough",
    '@attr 1=1018 @attr 6=3 "Harper & brothers,"', '@attr 1=1018 "dept. of agriculture"',
    "@attr 1=59 boston", '@attr 1=59 @attr 3=1 "new york"', '@attr 1=59 @attr 6=3 "New York :"',
    '@attr 1=63 "cover title"', "@attr 1=62 douglass", "@attr 1=1016 water",
    '@attr 1=1016 "flood insurance"', '@attr 1=1016 @attr 4=6 "ohio soil"',
    '@attr 1=1016 "Houghton Mifflin"', "@attr 1=1016 @attr 5=1 hydro", '@attr 1=1016 "ohio flood"',
    # Numbers and codes.
    "@attr 1=7 0836932722", "@attr 1=7 @attr 5=1 0836932722", "@attr 1=7 @attr 5=1 078036",
    "@attr 1=7 0780363604",
    "@attr 1=8 0145-031X", "@attr 1=8 @attr 5=1 0145-031x", "@attr 1=9 00000017",
    "@attr 1=1007 0836932722", "@attr 1=1007 0145-031X", '@attr 1=50 "D 301.2:W 93/4/"',
    "@attr 1=50 EPA-600/2-79-009", "@attr 1=1211 5853149", "@attr 1=1097 (OCoLC)5853149",
    "@attr 1=13 004.0151", "@attr 1=13 @attr 5=1 004.0", "@attr 1=16 KF27.5", "@attr 1=20 E449",
    "@attr 1=1016 0836932722", "@attr 1=54 und",
    # Years and dates.
    "@attr 1=31 1899", "@attr 1=31 @attr 2=3 1900", "@attr 1=31 @attr 2=1 1899",
    "@attr 1=31 @attr 2=2 1899", "@attr 1=31 @attr 2=4 1979", "@attr 1=31 @attr 2=5 1979",
    "@attr 1=31 @attr 4=109 @attr 2=4 1979", "@attr 1=30 1979", "@attr 1=31 @attr 5=1 197",
    "@and @attr 1=31 @attr 2=4 1970 @attr 1=31 @attr 2=2 1979",
    "@attr 1=1012 20050909", "@attr 1=1012 @attr 5=1 200506", "@attr 1=1012 @attr 2=4 20050701",
    "@and @attr 1=1012 @attr 2=4 20050601 @attr 1=1012 @attr 2=1 20050701",
    # Several at once, and near each other.
    "@and @attr 1=4 flood @attr 1=21 insurance", "@or @attr 1=4 poems @attr 1=1003 shakespeare",
    "@not @attr 1=4 flood @attr 1=4 village", "@and @attr 1=4 history @attr 1=31 @attr 2=1 1900",
    "@not @attr 1=_ALLRECORDS @attr 2=103 x @attr 1=54 und",
    "@and @attr 1=1003 nguyen @not @attr 1=4 giao @attr 1=4 trinh",
    "@or @and @attr 1=4 soil @attr 1=4 survey @and @attr 1=4 census @attr 1=31 1977",
    "@and @attr 1=4 @attr 5=1 tin @or @attr 1=1003 @attr 5=1 ngu @attr 1=1018 springer",
    "@prox 0 3 0 2 k 2 @attr 1=4 flood @attr 1=4 study",
    "@prox 0 1 0 2 k 2 @attr 1=4 study @attr 1=4 insurance",
    "@prox 0 1 1 2 k 2 @attr 1=4 flood @attr 1=4 insurance",
    "@prox 0 5 0 2 k 2 @attr 1=4 history @attr 1=4 war",
    # As Bath's profile has them: keyword, truncated, exact, first words, first letters.
    "@attr 1=4 @attr 2=3 @attr 3=3 @attr 4=2 @attr 5=100 @attr 6=1 flood",
    "@attr 1=4 @attr 2=3 @attr 3=3 @attr 4=2 @attr 5=1 @attr 6=1 flo",
    '@attr 1=21 @attr 2=3 @attr 3=1 @attr 4=1 @attr 5=100 @attr 6=3 "flood insurance"',
    '@attr 1=4 @attr 2=3 @attr 3=1 @attr 4=1 @attr 5=100 @attr 6=1 "flood insurance"',
    '@attr 1=1003 @attr 2=3 @attr 3=1 @attr 4=1 @attr 5=1 @attr 6=1 "united states. fed"',
    # As Koha's client asks.
    '@and @attr 1=1003 "nguyen" @attr 1=4 "tin hoc"', '@attr 5=1 @attr 1=7 "0836932722"',
    "@attr 1=16 @attr 2=3 @attr 3=1 @attr 4=1 @attr 5=1 @attr 6=1 KF27",
    '@and @attr 1=4 "soil survey" @and @attr 1=21 "soils" @attr 1=1016 "ohio"',
    # A title that is longer than what is kept of a heading.
    f"@attr 1=4 @attr 3=1 {LONG}",
]  # fmt: skip
NONE = [
    '@attr 1=4 "study flood insurance"', '@attr 1=4 @attr 6=3 "grangers and other stories"',
    "@attr 1=4 womens", '@attr 1=4 @attr 6=3 "flood insurance"', '@attr 1=1003 "u.s. army"',
    '@attr 1=21 @attr 6=3 "insurance"', "@and @attr 1=4 flood @attr 1=1018 springer",
    '@and @attr 1=4 ohio @attr 1=4 ":"', '@attr 1=4 @attr 6=3 ":"', '@attr 1=4 "lịch sử"',
    "@attr 1=31 1990", "@attr 1=4 @attr 5=104 ##q##",
]  # fmt: skip
"""What neither finds."""
_PARTS = "A number is one thing here; Zebra finds it by any word that stands in it."
_LISTED = "A list is of words as they stand: Zebra takes one with a hyphen in it for two."
_SIGNS = "How a number is printed makes no difference here; Zebra knows it only as it was printed."
_HEADINGS = "A field begins where it is a heading: notes and what 245 $c says are none here."
_CITED = "The title of another publication that is only cited is no heading here, either."
_TRUNCATED = "The last word of a phrase is cut off, as Bath says; Zebra lets each of them go on."
_SPAN = "Years from and to; Zebra looks for two words that a year never is."
_THIRTEEN = "The same book's number in 13 digits, which Zebra does not know."
_MASKS = "Masks are for words; who asks for codes by them is told so."
_NOTES = "There are no headings of notes, and who asks is told so."
_JUST = "Just two words apart is not offered, only two at most; who asks is told so."
_CODES = "Codes in one subfield of 041, as they were written until 2001, are taken apart here."
OTHERWISE: dict[str, tuple[int | None, int | None, str]] = {
    "@attr 1=12 3": (0, 86, _PARTS),
    "@attr 1=50 FEM": (0, 30, _PARTS),
    "@attr 1=20 1": (0, 46, _PARTS),
    "@attr 1=1016 57": (4, 35, _PARTS),
    "@attr 1=1016 1.209:390350": (0, 1, _PARTS),
    '@attr 1=16 @attr 4=105 "1899 PS3525.A73 C8"': (0, 46, _PARTS),
    "@attr 1=13 @attr 4=106 004.0151": (25, 173, _PARTS),
    '@attr 1=21 @attr 4=106 "Philippines American 1899-1902."': (24, 31, _LISTED),
    "@attr 1=7 0-8369-3272-2": (1, 0, _SIGNS),
    "@attr 1=7 9780836932720": (1, 0, _THIRTEEN),
    "@attr 1=8 0145031x": (1, 0, _SIGNS),
    "@attr 1=31 1970-1979": (334, 0, _SPAN),
    "@attr 1=54 eng": (792, 789, _CODES),
    "@attr 1=54 fre": (6, 4, _CODES),
    "@not @attr 1=_ALLRECORDS @attr 2=103 x @attr 1=54 eng": (408, 411, _CODES),
    '@attr 1=4 @attr 3=1 "Annual report."': (5, 6, _CITED),
    "@attr 1=1016 @attr 3=1 ohio": (74, 76, _HEADINGS),
    '@attr 1=63 @attr 5=1 "p inc"': (18, 26, _TRUNCATED),
    '@attr 1=5 @attr 5=1 "investigation rep"': (2, 3, _TRUNCATED),
    '@attr 1=1018 @attr 5=1 "off 197"': (0, 1, _TRUNCATED),
    '@attr 1=1003 @attr 3=1 @attr 5=1 "Hayhurst, E. N."': (1, 2, _TRUNCATED),
    "@attr 1=63 @attr 3=1 cover": (None, 73, _NOTES),
    "@attr 1=16 @attr 5=104 su4?": (None, 1, _MASKS),
    "@prox 0 2 0 3 k 2 @attr 1=4 flood @attr 1=4 study": (None, 109, _JUST),
}
"""What is found otherwise: our count, theirs (None: refused), and why."""


@pytest.fixture(scope="module")
def records(shared: Path) -> list[Record]:
    """Give 400 records each of the Library of Congress, of GPO, and of a Vietnamese university."""
    return real_records(shared, 400)


@pytest.fixture(scope="module")
def judge(records: list[Record], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zebra]:
    if modules() is None:
        pytest.skip("Zebra is not installed: on Debian, apt install idzebra-2.0")
    with zebra(tmp_path_factory.mktemp("zebra"), records) as server:
        yield server


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def hub(records: list[Record], request: pytest.FixtureRequest) -> Iterator[Database]:
    with request.getfixturevalue(f"{request.param}_engine").fresh() as url:
        database = Database.open(url)
        index(database, [Shelved(record) for record in records])
        yield database
        database.close()


def ours(hub: Database) -> Callable[[str], int | None]:
    return lambda query: _or_none(lambda: search_pqf(hub, query).total)


@cache
def theirs(judge: Zebra) -> Callable[[str], int | None]:
    return cache(lambda query: _or_none(lambda: judge.hits(query)))


def _or_none(count: Callable[[], int]) -> int | None:
    """Return a count; None if a query is refused."""
    try:
        return count()
    except (QueryError, ZebraRefusesError):
        return None


def test_zebra_finds_as_many(hub, judge):
    expected = {query: theirs(judge)(query) for query in SAME}

    assert {query: ours(hub)(query) for query in SAME} == expected
    assert [query for query, count in expected.items() if not count] == []


def test_what_zebra_does_not_find_is_not_found(hub, judge):
    assert {(ours(hub)(query), theirs(judge)(query)) for query in NONE} == {(0, 0)}


def test_what_is_found_otherwise_is_found_just_so(hub, judge):
    expected = {query: counts for query, (*counts, _) in OTHERWISE.items()}

    assert {query: [ours(hub)(query), theirs(judge)(query)] for query in OTHERWISE} == expected


WHOLE = ("", "@attr 6=3", "@attr 6=3 @attr 5=1")
BEGUN = (*WHOLE, "@attr 3=1")
FIELDS = (
    (4, ("245",), WHOLE),
    (1003, ("100", "110", "700"), BEGUN),
    (21, ("650",), BEGUN),
)
"""Use, tags of $a, and forms in which it is asked for."""


def made(records: Sequence[Record]) -> Iterator[str]:
    """Yield queries for titles, names and subjects of records, in all forms of a phrase."""
    for record in records:
        for use, tags, forms in FIELDS:
            for text in (value for tag in tags for value in record.values(tag, "a")):
                if term := re.sub(r'["\\]', " ", text).strip():
                    yield from (f'@attr 1={use} {form} "{term}"' for form in forms)


@pytest.mark.parametrize("every", [60, pytest.param(1, marks=pytest.mark.soak)])
def test_zebra_finds_as_many_by_what_stands_in_records(hub, judge, records, every):
    queries = list(dict.fromkeys(made(records[::every])))
    otherwise = [each for each in queries if ours(hub)(each) != theirs(judge)(each)]

    assert len(queries) > 5 * len(records[::every])
    assert otherwise == []


def test_all_records_went_into_both(hub, judge, records):
    everything = "@attr 1=_ALLRECORDS @attr 2=103 x"

    assert (ours(hub)(everything), theirs(judge)(everything)) == (len(records), len(records))
