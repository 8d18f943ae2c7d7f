"""Features of books that are easily mistaken for each other, for properties of matching."""

from __future__ import annotations

from hypothesis import strategies as st
from msgspec.structs import replace

from catalogue.match import Features

TITLES = ("so do", "so do tap truyen", "so da", "giong to", "tho", "vo de 2", "vo de 3", "")
FEATURES = st.builds(
    lambda title, isbns, **said: Features(
        **said,
        title=title,
        bare=title,
        isbns=isbns,
        names=(said["author"],) if said["author"] else (),
    ),
    title=st.sampled_from(TITLES),
    material=st.sampled_from(("a", "a", "t", "c", "")),
    level=st.sampled_from(("m", "m", "s", "a", "")),
    author=st.sampled_from(("phung trong vu", "cao nam", "")),
    years=st.sampled_from(((1936,), (1937,), (1936, 1937), (), (1, 2, 3, 1936))),
    country=st.sampled_from(("vm", "xxu", "")),
    language=st.sampled_from(("vie", "eng", "")),
    edition=st.sampled_from(("", "", "e1", "e2", "i2")),
    volume=st.sampled_from(("", "", "1", "2")),
    volumes=st.sampled_from((0, 0, 1, 3)),
    pages=st.sampled_from((0, 90, 91, 300)),
    isbns=st.sampled_from(((), ("9786049763342",))),
    kind=st.sampled_from(("", "", "teacher")),
    carrier=st.sampled_from(("", "", "electronic")),
    carrier_sure=st.booleans(),
    controls=st.sampled_from(((), ("a.1",), ("a.2",), ("a.1", "a.2", "a.3"))),
    publishers=st.sampled_from((("van hoc",), ())),
)

_NAMES = (
    *("phung trong vu", "phung trong vuu", "p trong vu", "phung vu", "trong", "cao nam", ""),
    *("anh nguyen nhat", "binh le van"),
)
VARIED = st.builds(
    replace,
    FEATURES,
    author=st.sampled_from(_NAMES),
    author_key=st.sampled_from(("phung trong vu", "phụng trọng vũ", "")),
    names=st.lists(st.sampled_from(_NAMES[:-3]), max_size=3).map(lambda some: tuple(sorted(some))),
    publishers=st.sampled_from(
        ((), ("van hoc",), ("van hoc xuat ban",), ("van hoa",), ("lao dong",), ("tre", "van hoc"))
    ),
    place=st.sampled_from(("", "ha noi", "hanoi", "london")),
    subtitle=st.sampled_from(("", "", "truyen", "tieu thuyet hay", "truyen 2")),
    sequences=st.lists(st.sampled_from((1, 65, 90, 300)), max_size=3).map(tuple),
    coded_year=st.sampled_from((0, 1936, 1940)),
    years=st.sampled_from(((1936,), (1939,), (1944, 1950), (1936, 1939), (1980,), (40_000,))),
    edition_words=st.sampled_from(("", "lan 1", "lan thu nhat")),
    national=st.sampled_from(((), ("n1",), ("n2",))),
    trade=st.sampled_from(((), ("t1",))),
    media=st.sampled_from(((), ("cd",), ("dvd",))),
    contents=st.sampled_from(((), ("txt",), ("spw",))),
)
"""The same, with whatever else is compared, nearly alike."""
