"""Transforms of what MARC 21 says in indicators and $6: articles before titles, linked scripts."""

from __future__ import annotations

import re

from crosswalks.language.transforms.registry import OnValue, OnValues, over_all, value

_LINK = re.compile(r"(?P<tag>[0-9A-Za-z]{3})-(?P<number>\d\d)(?:/(?P<script>[^/]+))?")
_UNLINKED = "00"
_JOINED = ("'", "’", "ʼ", "-", "־")
"""Signs after which a title follows without a space."""
_MOST = 9
_DIGITS = frozenset("123456789")


@value("article")
def _article() -> OnValue:
    """Keep the article that a digit in front (^2$a) sets aside from the title behind it."""
    return lambda text: text[1 : 1 + _count(text)]


@value("after-article")
def _after_article() -> OnValue:
    """Keep the title without the digit in front (^2$a) and the article that it sets aside."""
    return lambda text: text[1 + _count(text) :]


@over_all("with-article")
def _with_article() -> OnValues:
    """Put a title behind the article given before it, with a space but after an apostrophe."""

    def run(values: list[str]) -> list[str]:
        *articles, title = [value.strip() for value in values] or [""]
        return ["".join([*map(_led_over, articles), title])] if title else []

    return run


@value("article-length")
def _article_length() -> OnValue:
    """Count the characters of an article and the space behind it; drop more than 9."""

    def run(text: str) -> str:
        length = len(_led_over(text.strip()))
        return str(length) if length <= _MOST else ""

    return run


@value("pair")
def _pair() -> OnValue:
    """Give the number in a $6 under which a field and its 880 belong together."""

    def run(text: str) -> str:
        found = _LINK.match(text)
        return found["number"] if found and found["number"] != _UNLINKED else ""

    return run


@value("script")
def _script() -> OnValue:
    """Give the code of the script in a $6, (B (Latin) for a field that an 880 is linked to."""

    def run(text: str) -> str:
        found = _LINK.match(text)
        if not found:
            return ""
        return found["script"] or ("(B" if found["tag"] == "880" else "")

    return run


def _led_over(article: str) -> str:
    return article if article.endswith(_JOINED) else f"{article} "


def _count(text: str) -> int:
    return int(text[0]) if text[:1] in _DIGITS else 0
