"""Crosswalks over and beside those shipped: which text holds, its version, what fails."""

from __future__ import annotations

import pytest

from crosswalks import shipped, trials
from crosswalks.errors import UnknownCrosswalk
from crosswalks.language.errors import CrosswalkSyntax, MappingFailed
from crosswalks.model import Element, Field, Record, Schema
from crosswalks.shelf import SHIPPED_ONLY, Shelf, Written
from crosswalks.shelving import LONGEST

NAME = "oai_dc-marc21"
HEADING = f"crosswalk {NAME} version 7\nfrom oai_dc to marc21\n"
OVER = HEADING + f'without 655\n500 __ $a <- "mine"\ninclude shipped/{NAME}\n'
SHIPPED_TRIALS = [(name, trial) for name in shipped.names() for trial in trials.shipped(name)]


def dc(title: str = "Số đỏ", kind: str = "Sách") -> Record:
    fields = (Element("dc:title", (), title), Element("dc:type", (), kind))
    return Record(schema=Schema.OAI_DC, fields=fields)


def shelf(**texts: str) -> Shelf:
    return Shelf({name.replace("__", "-"): Written(text=text) for name, text in texts.items()})


def over(text: str = OVER) -> Shelf:
    return Shelf({NAME: Written(text=text)})


@pytest.mark.parametrize(
    ("name", "trial"), SHIPPED_TRIALS, ids=[f"{name}/{each.title}" for name, each in SHIPPED_TRIALS]
)
def test_what_is_shipped_passes_its_saved_tests(name, trial):
    assert trials.run(SHIPPED_ONLY, name, trial) == ()


def test_every_shipped_crosswalk_has_saved_tests():
    assert [name for name in shipped.names() if len(trials.shipped(name)) < 2] == []


def test_a_saved_test_that_fails_tells_the_difference():
    found = trials.run(over(), NAME, trials.shipped(NAME)[0])

    assert set(found) == {"+=500  \\\\$amine", "-=655  \\4$aSách"}


def test_a_stored_text_holds_in_place_of_the_shipped_one_and_can_stand_on_it():
    record = over().to_pivot(dc()).record

    assert record.values("500", "a") == ["mine"]
    assert record.values("245", "a") == ["Số đỏ"]
    assert record.values("655", "a") == []


def test_a_version_is_that_of_the_text_and_of_all_that_it_is_made_of():
    rules = shipped.rules("dublin-core")
    shelves = [SHIPPED_ONLY, over(), over(OVER + "# x\n"), shelf(dublin__core=rules + "# x\n")]

    assert len({each.version(NAME) for each in shelves}) == 4


def test_publishing_one_leaves_the_versions_of_the_others():
    others = [name for name in SHIPPED_ONLY.up() if name != NAME]

    assert [over().version(each) for each in others] == [
        SHIPPED_ONLY.version(each) for each in others
    ]


def test_stored_rules_hold_wherever_they_are_included():
    rules = 'rules dublin-core version 9\n245 10 $a <- "mine"\n'
    stored = shelf(dublin__core=rules)

    assert stored.to_pivot(dc()).record.values("245", "a") == ["mine"]
    assert {name for name in stored.users("dublin-core") if "." not in name} == {
        *("dim-marc21", "edm-marc21", "etdms-marc21", "oai_dc-marc21", "qdc-marc21")
    }


def test_a_crosswalk_has_tables_of_its_own():
    text = HEADING + "245 00 $a <- dc:title\n653 __ $a <- dc:type | lookup kho.ten\n"
    own = Written(text=text, tables=(("kho", "ma\tghi\tten\nsách\t1\tSách in\n"),))

    found = Shelf({NAME: own}).to_pivot(dc()).record.values("653", "a")

    assert found == ["Sách in"]


def test_a_column_that_an_own_table_lacks_is_told():
    text = HEADING + "653 __ $a <- dc:type | lookup kho.x\n"
    own = Written(text=text, tables=(("kho", "ma\tten\nsách\tSách in\n"),))

    with pytest.raises(CrosswalkSyntax, match="no column x, it has: ma, ten"):
        Shelf({NAME: own}).check(NAME)


def test_a_rule_that_fails_on_a_record_is_left_out_and_told():
    text = HEADING + '245 00 $a <- dc:title\n500 __ $a <- dc:type | replace ".*(x+)y$" "z"\n'
    mapped = over(text).to_pivot(dc(kind="x" * 20_000))

    assert mapped.record.values("245", "a") == ["Số đỏ"]
    assert mapped.record.values("500", "a") == []
    assert [(each.name, each.line) for each in mapped.failures] == [(NAME, 4)]


def test_what_fails_is_told_of_its_record_only():
    text = HEADING + '245 00 $a <- dc:title\n500 __ $a <- dc:type | replace ".*(x+)y$" "z"\n'
    stored = over(text)
    stored.to_pivot(dc(kind="x" * 20_000))

    assert stored.to_pivot(dc()).failures == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (HEADING + "x" * LONGEST, "the text is longer than 200000 characters"),
        (HEADING.replace(NAME, "other"), "it calls itself other"),
        (HEADING + '245 00 $a <- dc:title | find "(a+)+$"', "could take for ever"),
        (HEADING + '245 00 $a <- dc:title if dc:type matches "(a|aa)*b"', "could take for ever"),
        (HEADING + "include nosuch", "there are no rules nosuch"),
        (HEADING + f"include {NAME}", "round in a circle"),
        (HEADING + "\n".join(" " * deep + "245 00 <- dc:title" for deep in range(30)), "too deep"),
        (HEADING + "xslt\n<a/>", "this is no stylesheet"),
    ],
)
def test_what_cannot_run_is_refused(text, reason):
    with pytest.raises(CrosswalkSyntax, match=reason):
        over(text).check(NAME)


def test_rules_that_break_what_includes_them_are_refused():
    with pytest.raises(CrosswalkSyntax, match="no transform nosuch"):
        shelf(dublin__core="rules dublin-core version 2\n245 00 $a <- dc:title | nosuch").check(
            "dublin-core"
        )


def test_rules_that_nobody_includes_are_read_all_the_same():
    with pytest.raises(CrosswalkSyntax, match="no heading but"):
        shelf(mine="rules mine version 1\n245 dc:title").check("mine")


def test_a_stylesheet_is_a_crosswalk_too():
    sheet = """<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns="http://www.loc.gov/MARC21/slim">
    <xsl:template match="/*"><record><leader>00000nam a2200000 a 4500</leader>
    <datafield tag="245" ind1="0" ind2="0"><subfield code="a"><xsl:value-of select="dc:title"/>
    </subfield></datafield></record></xsl:template></xsl:stylesheet>"""
    record = over(f"{HEADING}xslt\n{sheet}").to_pivot(dc()).record

    assert [field.tag for field in record.fields if isinstance(field, Field)] == ["245"]
    assert record.values("245", "a")[0].strip() == "Số đỏ"


def test_a_crosswalk_for_another_schema_is_none_for_this_record():
    with pytest.raises(UnknownCrosswalk, match="qdc-marc21 for oai_dc"):
        SHIPPED_ONLY.to_pivot(dc(), "qdc-marc21")
    with pytest.raises(UnknownCrosswalk, match="nosuch"):
        SHIPPED_ONLY.find("nosuch")


def test_where_no_rule_alone_is_to_blame_the_record_fails():
    sheet = '<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">'
    stored = over(f"{HEADING}xslt\n{sheet}<xsl:template match='/*'/></xsl:stylesheet>")

    with pytest.raises(MappingFailed):
        stored.to_pivot(dc())
