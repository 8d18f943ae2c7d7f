"""Every reason of matching has words, in both languages."""

from __future__ import annotations

import re

from catalogue.match.decide import CODES as ALL
from web.language import translator
from web.quality.reasons import WORDS, words

CODES = {re.sub(r"-\d+$", "", code) for code in ALL}
"""Without the grades of graded comparisons."""


def test_every_reason_has_words() -> None:
    assert CODES - set(WORDS) == set()


def test_no_words_are_left_over() -> None:
    assert {code for code in WORDS if "=" not in code} - CODES == set()


def test_codes_in_values_are_said_in_words() -> None:
    said = words(["veto-carrier:electronic/print", "veto-edition:e2/r3"], translator("vi"))

    assert said == [
        "tách riêng: vật mang tin khác nhau: điện tử/bản in",
        "tách riêng: lần xuất bản khác nhau: xuất bản lần 2/tái bản lần 3",
    ]


def test_what_decided_comes_first_and_equal_values_are_said_once() -> None:
    said = words(["pages-equal:60/60", "hold-volume"], translator("en"))

    assert said == [
        "not joined by itself: one of the two may be another volume",
        "the same number of pages: 60",
    ]


def test_a_reason_without_words_is_said_as_it_is() -> None:
    assert words(["no-such-reason:1"], translator("vi")) == ["no-such-reason:1"]
