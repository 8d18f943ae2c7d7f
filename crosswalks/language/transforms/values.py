"""Transforms that choose and translate values: only, except, lookup."""

from __future__ import annotations

from crosswalks.language.lookup import table, within
from crosswalks.language.syntax import Argument
from crosswalks.language.tests import test
from crosswalks.language.transforms.registry import OnValue, value


@value("only")
def _only(test_: Argument, *arguments: Argument) -> OnValue:
    """Keep the values that pass a test: is "TEXT", in TABLE, matches "PATTERN", or a name."""
    passes = test(test_.text, arguments, test_.column)
    return lambda text: text if passes(text) else ""


@value("except")
def _except(test_: Argument, *arguments: Argument) -> OnValue:
    """Drop the values that pass a test, the same as those of only."""
    passes = test(test_.text, arguments, test_.column)
    return lambda text: "" if passes(text) else text


@value("lookup")
def _lookup(table_: Argument, otherwise: Argument | None = None) -> OnValue:
    """Put the TABLE's value in place of each; drop those not in it, or put OTHERWISE."""
    find = table(table_).find
    if otherwise is None:
        return find
    default = otherwise.text
    return lambda text: find(text) or default


@value("translate")
def _translate(table_: Argument) -> OnValue:
    """Put the TABLE's value in place of each that is in it; leave the others as they are."""
    find = table(table_).find
    return lambda text: find(text) or text


@value("words")
def _words(table_: Argument) -> OnValue:
    """Give the TABLE's value for the first of its keys that stands in the text as words."""
    return within(table_)


@value("text")
def _text(text: Argument) -> OnValue:
    """Put TEXT in place of each value."""
    fixed = text.text
    return lambda _: fixed
