from __future__ import annotations

import pytest

from crosswalks.formats.xml import parse_leniently

TITLE = "<dc:title xmlns:dc='http://purl.org/dc/elements/1.1/'>{}</dc:title>"


@pytest.mark.parametrize(
    ("text", "meant", "codes"),
    [
        ("Caf&eacute;&nbsp;&amp; co", "Café\xa0& co", ["html-entity"]),
        (
            "1 &lt; 2 &amp;nbsp; <![CDATA[&nbsp;]]>&gt;&aacute;",
            "1 < 2 &nbsp; &nbsp;>á",
            ["html-entity"],
        ),
        ("&LT;b&QUOT;", '<b"', ["html-entity"]),
        ("AT&T, R&D; a & b &#65;", "AT&T, R&D; a & b A", ["not-well-formed"]),
        ("x &eacute; & &unheard; y", "x é & &unheard; y", ["html-entity", "not-well-formed"]),
    ],
)
def test_what_was_surely_meant_is_read_with_nothing_lost(text, meant, codes):
    root, problems = parse_leniently(TITLE.format(text).encode(), "x")

    assert root.text == meant
    assert [problem.code for problem in problems] == codes


@pytest.mark.parametrize(
    ("document", "tag"),
    [
        ("<dc:title>x</dc:title>", "{http://purl.org/dc/elements/1.1/}title"),
        ("<marc:record/>", "{http://www.loc.gov/MARC21/slim}record"),
        ("<who:knows a:b='c'/>", "{urn:undeclared:who}knows"),
    ],
)
def test_prefixes_that_nobody_declared_are_taken_as_usual(document, tag):
    root, problems = parse_leniently(document.encode(), "x")

    assert root.tag == tag
    assert [problem.code for problem in problems] == ["undeclared-prefix"]


def test_no_entity_is_ever_expanded():
    bomb = "<!DOCTYPE x [<!ENTITY a 'aaa'><!ENTITY b '&a;&a;'>]><x>&b;</x>"

    with pytest.raises(Exception, match="DOCTYPE"):
        parse_leniently(bomb.encode(), "x")
