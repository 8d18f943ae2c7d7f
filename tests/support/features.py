"""Features of books that are easily mistaken for each other, for properties of matching."""

from __future__ import annotations

from hypothesis import strategies as st

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
