"""Rules of crosswalks as sentences."""

from __future__ import annotations

import pytest

from crosswalks import shipped
from crosswalks.reciting import recited
from crosswalks.shelf import SHIPPED_ONLY, Written
from web.crosswalks import Told, rules
from web.language import translator


def told(rule: str, language: str = "en") -> Told:
    text = f"crosswalk x version 1\nfrom marc21 to marc21\n{rule}\n"
    shelf = SHIPPED_ONLY.with_draft("x", Written(text=text))
    [only] = rules(recited(shelf, "x").script, translator(language))
    return only


RULES = {
    '100 $a <- "An"': "field 100, $a / “An” /  / ",
    "008/35-37 <- 041 $a | first": ("field 008, positions 35 to 37 / field 041, $a / the first / "),
    "245 10 $a <- 245 $!c": (
        "field 245, $a with the indicators 10 / field 245, all subfields but $c /  / "
    ),
    '650 $a $2=x <- 653 $a | only in types | except is "a" "b"': (
        "field 650, $a with $2=x / field 653, $a"
        " / only those: in the table types; but those: “a” or “b” / "
    ),
    '500 $a <- 245+ $a if 008/6 is "s" and not made 260 or 700': (
        "field 500, $a / field 245, $a and its other script (880) / "
        " / field 008, position 6 is “s” and not: there is what is made already: field 260"
        " or there is field 700"
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_read_aloud(rule: str):
    assert " / ".join(told(rule)[3:]) == RULES[rule]


def test_a_rule_is_read_aloud_in_vietnamese():
    found = told('650 $a <- 653 $a | trim if 008/6 is "s"', "vi")

    assert found[3:] == (
        "trường 650, $a",
        "trường 653, $a",
        "bỏ dấu câu ở cuối",
        "trường 008, vị trí 6 là “s”",
    )


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_shipped_crosswalk_can_be_read_aloud(language: str):
    for name in (*shipped.names(), *shipped.rule_names()):
        found = rules(recited(SHIPPED_ONLY, name).script, translator(language))

        assert found
        assert all(each.target and (each.source or each.depth) for each in found)
