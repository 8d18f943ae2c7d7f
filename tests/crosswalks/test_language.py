"""What the lines of a crosswalk mean, each kind of line on records made for it."""

from __future__ import annotations

import pytest

from crosswalks import shipped
from crosswalks.language.compile import compiled
from crosswalks.language.errors import CrosswalkSyntax, MappingFailed
from crosswalks.language.parse import parse
from crosswalks.language.transforms import known, shapes
from crosswalks.model import Control, Element, Field, Record, Schema
from support.marc import lines
from support.processes import REPOSITORY

BOOK = Record(
    schema=Schema.MARC21,
    leader="00000nam a2200000 i 4500",
    fields=(
        Control("001", "17"),
        Control("008", "240101s2020    vm            000 0 vie d"),
        Field("245", "10", (("6", "880-01"), ("a", "Truyện Kiều /"), ("c", "Nguyễn Du."))),
        Field("650", " 4", (("a", "Thơ"), ("b", "Nôm"), ("x", "Thế kỷ 19"), ("z", "Việt Nam"))),
        Field("700", "1 ", (("a", "Lê, A"), ("e", "dịch"))),
        Field("700", "1 ", (("a", "Trần, B"), ("4", "aut"))),
        Field("880", "10", (("6", "245-01/$1"), ("a", "傳翹 /"))),
    ),
)


def down(text: str, record: Record = BOOK) -> list[tuple[str, str]]:
    """Return what rules make of a MARC record as elements: their names and texts."""
    made = compiled(parse(f"crosswalk t version 1\nfrom marc21 to mods\n{text}")).run(record)
    return [(field[0], field[2]) for field in made.fields if isinstance(field, Element)]


def tree(text: str, record: Record = BOOK) -> tuple[object, ...]:
    return compiled(parse(f"crosswalk t version 1\nfrom marc21 to mods\n{text}")).run(record).fields


def up(text: str, *elements: Element) -> list[str]:
    """Return what rules make of elements as MARC fields."""
    record = Record(schema=Schema.OAI_DC, fields=elements)
    made = compiled(parse(f"crosswalk t version 1\nfrom oai_dc to marc21\n{text}")).run(record)
    return lines(made, *{field[0] for field in made.fields})


def dc(name: str, text: str, *attributes: tuple[str, str]) -> Element:
    return Element(f"dc:{name}", attributes, text)


@pytest.mark.parametrize(
    ("rule", "made"),
    [
        ("t <- 245 $a", ["Truyện Kiều /"]),
        ("t <- 245 $a | trim", ["Truyện Kiều"]),
        ("t <- 245 $ac | join", ["Truyện Kiều / Nguyễn Du."]),
        ("t <- 245+ $a | trim", ["Truyện Kiều", "傳翹"]),
        ("t <- 245 $!6c", ["Truyện Kiều /"]),
        ("t <- 245 .1 $a", []),
        ("t <- 650 _4 $a", ["Thơ"]),
        ('t <- 650 $(ab)xz | join "--"', ["Thơ Nôm--Thế kỷ 19--Việt Nam"]),
        ("t <- 6.. $a", ["Thơ"]),
        ("t <- 008/35-37", ["vie"]),
        ("t <- LDR/6", ["a"]),
        ("t <- 001", ["17"]),
        ('t <- "always"', ["always"]),
        ("t <- 245 $a, 700 $a", ["Truyện Kiều /", "Lê, A", "Trần, B"]),
        ("t <- 700 $a | first", ["Lê, A"]),
        ("t <- 700 $a | rest", ["Trần, B"]),
        ('t <- 700 $a | together "; "', ["Lê, A; Trần, B"]),
        ('t <- 999 $a | default "none"', ["none"]),
        ('t <- 700 $a if $4 is "aut"', ["Trần, B"]),
        ("t <- 700 $a if not $4", ["Lê, A"]),
        ("t <- 700 $a unless $4", ["Lê, A"]),
        ('t <- 700 $a if $4 is "aut" or $e', ["Lê, A", "Trần, B"]),
        ('t <- 700 $a if $4 is "aut" and $e', []),
        ("t <- 245 $a if 999", []),
        ('t <- 245 $a if 008/35-37 is "vie"', ["Truyện Kiều /"]),
        ("t <- 245 $a if 700 $e in roles", []),
        ('t <- 700 $a | only matches "^L"', ["Lê, A"]),
        ("t <- 700 $a | only inverted", ["Lê, A", "Trần, B"]),
        ('t <- 700 $a | replace "(\\w+), (\\w+)" "\\2 \\1"', ["A Lê", "B Trần"]),
        ('t <- 001 | pad 4 "0"', ["1700"]),
    ],
)  # fmt: skip
def test_a_rule_makes_of_a_marc_record(rule, made):
    assert [text for _, text in down(rule)] == made


def test_what_has_been_made_can_decide():
    rules = "a <- 245 $a\na <- 001 if not made a\nb <- 001 if made a\n"

    assert down(rules) == [("a", "Truyện Kiều /"), ("b", "17")]


def test_lines_below_a_line_go_into_what_it_makes():
    rules = """
name type="personal"      <- 700
    namePart              <- $a
    role/roleTerm         <- $4, $e
    @usage                <- "primary"  if $4
"""

    assert tree(rules)[1] == Element(
        "name",
        (("type", "personal"), ("usage", "primary")),
        "",
        (
            Element("namePart", (), "Trần, B"),
            Element("role", (), "", (Element("roleTerm", (), "aut"),)),
        ),
    )


def test_a_block_into_which_nothing_comes_is_not_made():
    assert tree("name <- 700\n    namePart <- $z\n") == ()


def test_lines_below_a_line_stay_in_their_order_whatever_they_take():
    block = """
w <- record
    a <- 700 $a
    b <- 999 $a
    c <- "x"
    d <- 245+ $a | trim
    e <- 520 $a | default "none"
"""
    (work,) = tree(block)

    assert isinstance(work, Element)
    assert [(child.name, child.text) for child in work.children] == [
        ("a", "Lê, A"),
        ("a", "Trần, B"),
        ("c", "x"),
        ("d", "Truyện Kiều"),
        ("d", "傳翹"),
        ("e", "none"),
    ]


def test_a_block_after_transforms_is_made_for_each_value():
    made = up(
        "856 40 <- dc:identifier | only like url\n    $u <- .\n    $q <- /dc:format | first\n",
        dc("identifier", "http://a.example/1"),
        dc("identifier", "2"),
        dc("format", "text/html"),
    )  # fmt: skip

    assert made == ["856 40 $uhttp://a.example/1$qtext/html"]


def test_fields_are_copied_with_their_subfields_in_order():
    rules = "crosswalk t version 1\nfrom unimarc to marc21\n{}"
    record = Record(
        schema=Schema.UNIMARC,
        fields=(Field("210", "  ", (("a", "Paris"), ("c", "A"), ("a", "Lyon"), ("d", "1990"))),),
    )
    mapped = compiled(parse(rules.format("264 _1 $abc <- 210 $acd"))).run(record)
    kept = compiled(parse(rules.format("910 .. <- 210 $!d"))).run(record)

    assert lines(mapped, "264") == ["264 _1 $aParis$bA$aLyon$c1990"]
    assert lines(kept, "910") == ["910 __ $aParis$cA$aLyon"]


def test_positions_are_put_over_what_is_there():
    record = Record(schema=Schema.OAI_DC, fields=(dc("date", "1999"), dc("language", "vie")))
    text = 'crosswalk t version 1\nfrom oai_dc to marc21\n008 <- "0123456789"\n008/2-5 <- dc:date\n'

    assert compiled(parse(text)).run(record).control("008") == "0119996789"


def test_elements_are_chosen_by_attributes_and_children():
    names = (
        Element("name", (("type", "personal"),), "", (Element("namePart", (), "A"),)),
        Element("name", (("type", "corporate"),), "", (Element("namePart", (), "B"),)),
    )
    record = Record(schema=Schema.MODS, fields=names)
    head = "crosswalk t version 1\nfrom mods to marc21\n"
    people = '700 1_ $a <- name[@type="personal"]/namePart\n'
    others = '710 2_ $a <- name[not @type="personal"]/namePart\n'

    assert lines(compiled(parse(head + people + others)).run(record), "700", "710") == [
        "700 1_ $aA",
        "710 2_ $aB",
    ]


@pytest.mark.parametrize(
    ("line", "column", "expected"),
    [
        ("dc:title 245 $a", 1, "an arrow"),
        ("dc:title <- ", 10, "a path is missing"),
        ("<- 245 $a", 1, "a path is missing"),
        ("dc:title <- 245 $a | frobnicate", 22, "no transform frobnicate"),
        ("dc:title <- 245 $a | pad", 22, "pad is used as: pad LENGTH"),
        ("dc:title <- 245 $a | pad x", 26, "x is no number"),
        ('dc:title <- 245 $a | find "("', 27, "is no pattern"),
        ("dc:title <- 245 $a | lookup nowhere", 29, "there is no table nowhere"),
        ("dc:title <- 245 $a | lookup languages.x", 29, "no column x"),
        ("dc:title <- $a", 13, "this needs a field"),
        ("dc:title <- 245 $a if $4 in nowhere", 29, "there is no table nowhere"),
        ("dc:title <- 245 $a ]", 20, "cannot stand here"),
        ('dc:title <- 245 $a | "x"', 22, "no name of a transform"),
        ("dc:title <- 008/2 x", 19, "more than was expected"),
        ("245 10 <- 245 | as nothing", 20, "there is no nothing"),
        ("001 <- 245\n    $a <- $a", 1, "only below a field or an element"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_column(line, column, expected):
    text = f"crosswalk t version 1\nfrom marc21 to marc21\n# a remark\n{line}\n"

    with pytest.raises(CrosswalkSyntax, match=expected) as caught:
        compiled(parse(text, "t"))

    assert (caught.value.line, caught.value.column) == (4, column)


@pytest.mark.parametrize(
    "text", ["", "crosswalk t version 1\n", "from marc21 to mods\n", "from marc21 to dublin\n"]
)
def test_a_heading_that_lacks_something_is_told(text):
    with pytest.raises(CrosswalkSyntax):
        parse(text)


def test_a_rule_that_fails_on_a_record_names_its_line():
    # A title has no indicators and subfields to copy from a control field in the wrong place.
    text = "crosswalk t version 1\nfrom marc21 to mods\nt <- record\n    x <- $a\n"

    with pytest.raises(MappingFailed, match="line 3"):
        compiled(parse(text, "t")).run(BOOK)


def test_all_shipped_crosswalks_compile():
    assert [name for name in shipped.names() if not callable(shipped.program(name).run)] == []


def test_every_transform_is_told_in_the_manual():
    manual = (REPOSITORY / "docs" / "crosswalk-language.md").read_text(encoding="utf-8")
    told = [f"| `{usage}` | {what} |" for usage, _, what in known()]
    told += [f"| `{usage}` | {what} |" for usage, what in shapes()]

    assert [line for line in told if line not in manual] == []
