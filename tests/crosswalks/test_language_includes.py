from __future__ import annotations

import pytest

from crosswalks.language.compile import compiled
from crosswalks.language.errors import CrosswalkSyntax
from crosswalks.language.parse import parse
from crosswalks.language.syntax import Script
from crosswalks.model import Element, Record, Schema

HEADING = "crosswalk a version 1\nfrom dim to oai_dc\n"


def script(text: str, **included: str) -> Script:
    return parse(HEADING + text, "a", included.__getitem__)


def mapped(text: str, *elements: Element, **included: str) -> list[tuple[str, str]]:
    record = Record(schema=Schema.DIM, fields=elements)
    made = compiled(script(text, **included)).run(record)
    return [(each[0], each[2]) for each in made.fields if isinstance(each, Element)]


def element(name: str, text: str, *children: Element, **attributes: str) -> Element:
    return Element(name, tuple(attributes.items()), text, children)


def test_included_rules_stand_where_they_are_named():
    rules = [
        rule.target.parts[0].name
        for rule in script('x <- "1"\ninclude b\nz <- "3"', b='y <- "2"').rules
    ]

    assert rules == ["x", "y", "z"]


def test_the_version_of_what_is_included_is_part_of_the_version():
    assert script("include b", b='rules b version 7\nx <- "1"').version == "1.7"


def test_rules_that_include_each_other_are_refused():
    with pytest.raises(CrosswalkSyntax, match="a circle: a includes b includes c includes b"):
        script("include b", b="include c", c="include b")


def test_what_is_wrong_in_included_rules_is_told_with_their_name_and_line():
    with pytest.raises(CrosswalkSyntax, match="Crosswalk b, line 2, column 9"):
        compiled(script("include b", b='x <- "1"\ny <- 245['))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("include nosuch", "there are no rules nosuch"),
        ("include b", "maps from marc21 to mods, as the crosswalk that includes it does not"),
        ("include c", "no heading but: rules NAME version N"),
        ("without dc:x\ninclude d", "no included rule makes this"),
        ("without 245[", "cannot stand here"),
        ("dc:x/y is dc.x", "is no name of an element"),
        ("dc:x is 245 $a", "only elements can have a name"),
        ("dc:x is dc.x | nosuch", "there is no transform nosuch"),
    ],
)
def test_impossible_lines_are_refused(text, reason):
    with pytest.raises(CrosswalkSyntax, match=reason):
        compiled(script(text, b="from marc21 to mods", c="sources a b", d='dc:y <- "1"'))


def test_a_name_gathers_elements_in_the_order_of_its_sources():
    found = mapped(
        "dc:creator is dc.contributor.author, dc.creator\ndc:creator <- dc:creator",
        element("dc.creator", "B"),
        element("dc.contributor.author", "A"),
    )

    assert found == [("dc:creator", "A"), ("dc:creator", "B")]


def test_a_name_can_be_told_more_exactly_and_keeps_attributes():
    found = mapped(
        'dc.x is dc.x | split ";" | distinct\ndc:y <- dc.x\ndc:z <- dc.x[@lang="vi"]',
        element("dc.x", "a;b", lang="vi"),
        element("dc.x", "b"),
    )

    assert found == [("dc:y", "a"), ("dc:y", "b"), ("dc:z", "a"), ("dc:z", "b")]


def test_a_name_hides_elements_that_were_called_so_before():
    assert mapped("dc.x is dc.y\ndc:z <- dc.x", element("dc.x", "old")) == []


def test_a_name_reaches_elements_inside_others():
    found = mapped("x is a/b\ndc:z <- x", element("a", "", element("b", "1"), element("c", "2")))

    assert found == [("dc:z", "1")]


def test_elements_that_point_are_resolved_to_labels_or_web_addresses():
    def points(at: str) -> Element:
        return Element("x", (("rdf:resource", at),), "")

    agent = Element(
        "edm:Agent", (("rdf:about", "#1"),), "", (element("skos:prefLabel", "Lê Văn A"),)
    )
    found = mapped("resolve\ndc:z <- x", points("#1"), points("#2"), points("http://x.vn/"), agent)

    assert found == [("dc:z", "Lê Văn A"), ("dc:z", "http://x.vn/")]


def test_a_whole_crosswalk_is_included_with_its_options_and_version():
    made = script("include b", b='crosswalk b version 3\nfrom dim to oai_dc\ndistinct\nx <- "1"')

    assert (made.version, made.distinct, len(made.rules)) == ("1.3", True, 1)


def test_rules_that_are_left_out_of_what_is_included_can_be_written_anew():
    found = mapped(
        'without dc:x, dc:z\ndc:x <- "mine"\ninclude b',
        b='dc:x <- "theirs"\ndc:y <- "theirs"\ndc:z <- "theirs"',
    )

    assert found == [("dc:x", "mine"), ("dc:y", "theirs")]


def test_what_is_left_out_is_left_out_of_deeper_files_and_of_no_file_above():
    made = script(
        'dc:x <- "1"\ninclude b\n', b='without dc:x\ndc:x <- "2"\ninclude c', c='dc:x <- "3"'
    )

    assert [rule.sources[0].text for rule in made.rules] == ["1", "2"]


def test_files_that_include_others_again_and_again_are_refused():
    files = {f"f{each}": f"include f{each + 1}\ninclude f{each + 1}" for each in range(30)}

    with pytest.raises(CrosswalkSyntax, match="more than 20000 lines"):
        script("include f0", **files, f30='x <- "1"')


def test_rules_included_below_a_line_belong_to_it():
    text = 'a <- record\n    include b\n    z <- "3"\ny <- "4"'
    script_of = script(text, b='rules b version 1\nx <- "1"\n    w <- "2"')

    assert [rule.target.parts[0].name for rule in script_of.rules] == ["a", "y"]
    assert [each.target.parts[0].name for each in script_of.rules[0].children] == ["x", "z"]


def test_lines_cannot_stand_too_deep_by_including_either():
    deep = "\n".join(f"{'  ' * level}x <- record" for level in range(15))
    with pytest.raises(CrosswalkSyntax, match="too deep"):
        script(f"{deep}\n{'  ' * 15}include b", b=f"rules b version 1\n{deep}")
