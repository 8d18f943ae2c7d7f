"""The codes of what two records say beside each other; each has its points in a policy."""

from __future__ import annotations

WORDS = (0, 50, 60, 70, 80, 85, 90, 95, 98, 100)
PROPER = (0, 50, 70, 80, 90, 95, 100)
WHOLE = (0, 30, 50, 70, 85, 95, 100)

GRADES = {"words": WORDS, "proper": PROPER, "whole": WHOLE}
"""Graded comparisons of titles: the words of both, the titles proper as far as the shorter goes,
and all of both in their order."""

CODES = (
    *(f"{name}-{grade}" for name, grades in GRADES.items() for grade in grades),
    *("other-words-one", "other-words-two", "other-words-many"),
    *("numbers-order", "numbers-more", "numbers-different"),
    *("author-equal", "author-similar", "author-shared", "author-near", "author-different"),
    *("author-variant", "author-marks"),
    *("author-silent", "author-none"),
    *("year-equal", "year-overlap", "year-reprint", "year-next", "year-close", "year-apart"),
    *("year-far", "year-silent", "coded-year-equal", "coded-year-different"),
    *("publisher-equal", "publisher-similar", "publisher-near", "publisher-different"),
    *("publisher-silent", "place-equal", "place-different", "place-silent"),
    *("country-equal", "country-different"),
    *("pages-equal", "pages-near", "pages-close", "pages-similar", "pages-different"),
    *("pages-silent", "pages-none"),
    *("extent-equal", "extent-similar", "extent-touching", "extent-different"),
    *("volumes-equal", "volumes-different", "volumes-silent"),
    "set-silent",
    *("isbn-equal", "isbn-different", "issn-equal", "national-equal", "control-equal"),
    "trade-equal",
    *(
        "edition-equal",
        "edition-different",
        "edition-silent",
        "edition-words-equal",
        "edition-words-different",
    ),
    *("volume-equal", "volume-silent", "kind-silent", "carrier-coded"),
    *("medium-silent", "content-different"),
    *("language-different", "marks-different"),
)
"""Every code a comparison can give."""


AND = " & "
"""Stands between two codes that count besides where a pair has both."""


def kind_of(code: str) -> str:
    """Return what a code is about (``year`` of ``year-equal``): a pair has one of a kind."""
    return code.rpartition("-")[0]
