from __future__ import annotations

import pytest

from crosswalks.language.compile import compiled
from crosswalks.language.errors import CrosswalkSyntax
from crosswalks.language.parse import parse
from crosswalks.model import Element, Field, Record, Schema
from support.marc import lines, marc


def mapped(rules: str, record: Record) -> Record:
    target = "mods" if record.schema is Schema.MARC21 else "marc21"
    heading = f"crosswalk test version 1\nfrom {record.schema} to {target}\n"
    return compiled(parse(heading + rules)).run(record)


def shown(element: Element) -> str:
    attributes = "".join(f" {name}={value}" for name, value in element.attributes)
    inside = " ".join(map(shown, element.children))
    return f"<{element.name}{attributes}>{element.text}{inside}"


def elements(rules: str, *fields: str) -> list[str]:
    return [
        shown(each) for each in mapped(rules, marc(*fields)).fields if isinstance(each, Element)
    ]


def fields(rules: str, *top: Element) -> list[str]:
    return lines(mapped(rules, Record(schema=Schema.MODS, fields=top)), "650", "651", "699")


def subject(*children: tuple[str, str]) -> Element:
    inside = tuple(Element(name, (), text) for name, text in children)
    return Element("subject", (), "", inside)


def test_subfields_become_elements_in_the_order_in_which_they_stand():
    rules = "subject <- 650\n    topic <- $a\n    topic, geographic, temporal <- $xzy | trim\n"

    assert elements(rules, "650 _0 $aArt$zItaly$y1900$zRome$xHistory.") == [
        "<subject><topic>Art <geographic>Italy <temporal>1900 <geographic>Rome <topic>History"
    ]


def test_children_become_subfields_in_the_order_in_which_they_stand():
    rules = "650 _4 <- subject\n    $xzy <- topic, geographic, temporal | trim\n"

    assert fields(rules, subject(("geographic", "Italy"), ("genre", "Maps"), ("topic", "Art"))) == [
        "650 _4 $zItaly$xArt"
    ]


def test_the_first_of_several_children_can_be_left_out():
    rules = "650 _4 <- subject\n    $a <- topic | first\n    $xz <- topic, geographic | rest\n"

    assert fields(rules, subject(("topic", "Art"), ("geographic", "Italy"), ("topic", "Law"))) == [
        "650 _4 $aArt$zItaly$xLaw"
    ]


def test_an_element_can_be_chosen_by_its_first_child():
    rules = (
        "650 _4 <- subject[first topic]\n    $az <- topic, geographic\n"
        "651 _4 <- subject[first geographic]\n    $xa <- topic, geographic\n"
    )

    assert fields(
        rules,
        subject(("topic", "Art"), ("geographic", "Italy")),
        subject(("geographic", "Italy"), ("topic", "Art")),
    ) == ["650 _4 $aArt$zItaly", "651 _4 $aItaly$xArt"]


def test_an_element_can_be_chosen_by_what_a_child_tells():
    name = Element("name", (("type", "corporate"),), "", (Element("namePart", (), "NASA"),))
    told = Element("subject", (), "", (name,))

    rules = '699 _4 $a <- subject[name/@type="corporate"]/name/namePart\n'

    assert fields(rules, told, subject(("topic", "Art"))) == ["699 _4 $aNASA"]


def test_a_name_can_be_given_to_the_first_of_some_elements_and_another_to_the_rest():
    rules = (
        "main is name[@usage], name | first\nadded is name[@usage], name[not @usage] | rest\n"
        "650 __ $a <- main/namePart\n699 __ $a <- added/namePart\n"
    )
    names = [
        Element("name", attributes, "", (Element("namePart", (), text),))
        for text, attributes in (("A", ()), ("B", (("usage", "primary"),)), ("C", ()))
    ]

    assert fields(rules, *names) == ["650 __ $aB", "699 __ $aA", "699 __ $aC"]


def test_an_indicator_can_count_the_characters_of_an_article():
    article = "titleInfo <- 245\n    nonSort <- ^2$a | article\n"
    rules = article + "    title <- ^2$ab | join | after-article\n"

    assert elements(rules, "245 14 $aThe art of$bwar", "245 1x $aArt") == [
        "<titleInfo><nonSort>The <title>art of war",
        "<titleInfo><title>Art",
    ]


def test_subfields_can_belong_to_the_one_before_them():
    assert elements("classification <- 050 $a+b\n", "050 00 $aQL737$bC64 2001$aQL7") == [
        "<classification>QL737 C64 2001",
        "<classification>QL7",
    ]


def test_a_rule_can_ask_for_the_tag_also_of_a_linked_field():
    rules = 'name <- 100+, 700+\n    @usage <- "primary" if tag is "100"\n    namePart <- $a\n'

    assert elements(rules, "100 1_ $aA", "700 1_ $aB", "880 1_ $6100-01/$1$aC") == [
        "<name usage=primary><namePart>A",
        "<name usage=primary><namePart>C",
        "<name><namePart>B",
    ]


def test_an_attribute_can_wait_for_something_else_to_be_made():
    rules = "genre <- 655\n    . <- $a\n    @authority <- $2 if made .\n"

    assert elements(rules, "655 _7 $2lcgft", "655 _7 $aMaps$2lcgft") == [
        "<genre authority=lcgft>Maps"
    ]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("880-01", [{"script": "Latn", "pair": "01"}]),
        ("245-02/$1", [{"script": "CJK", "pair": "02"}]),
        ("245-00/(3/r", [{"script": "Arab"}]),
        ("no link", []),
    ],
)
def test_a_linking_number_tells_the_pair_and_the_script(number, expected):
    rules = (
        "note <- 500\n    @script <- $6 | script | lookup mods-scripts\n    @pair <- $6 | pair\n"
    )
    record = Record(schema=Schema.MARC21, fields=(Field("500", "  ", (("6", number),)),))

    attributes = [dict(each[1]) for each in mapped(rules, record).elements("note")]

    assert attributes == expected


@pytest.mark.parametrize(
    "rule",
    [
        "topic, geographic <- 650 $xyz",
        "topic, geographic <- 650 $xy | first",
        "topic, geographic <- 650 $x, 651 $y",
    ],
)
def test_as_many_targets_as_subfields_are_wanted(rule):
    with pytest.raises(CrosswalkSyntax):
        mapped(rule, marc("650 _0 $aArt"))
