"""Transforms of all the values that a rule took, where their order or number counts."""

from __future__ import annotations

from crosswalks.dates import entered, is_plain, issued
from crosswalks.language.syntax import Argument
from crosswalks.language.transforms.registry import OnValues, over_all


@over_all("first")
def _first() -> OnValues:
    """Keep the first value."""
    return lambda values: values[:1]


@over_all("rest")
def _rest() -> OnValues:
    """Keep all values but the first."""
    return lambda values: values[1:]


@over_all("last")
def _last() -> OnValues:
    """Keep the last value."""
    return lambda values: values[-1:]


@over_all("distinct")
def _distinct() -> OnValues:
    """Keep each value once."""
    return lambda values: list(dict.fromkeys(values))


@over_all("several")
def _several() -> OnValues:
    """Keep the values only if there are more than one."""
    return lambda values: values if len(values) > 1 else []


@over_all("together")
def _together(between: Argument) -> OnValues:
    """Make one value of all of them, with TEXT between."""
    separator = between.text
    return lambda values: [separator.join(values)] if values else []


@over_all("default")
def _default(text: Argument) -> OnValues:
    """Give TEXT where there is no value."""
    fixed = [text.text]
    return lambda values: values or fixed


@over_all("issued")
def _issued() -> OnValues:
    """Keep the date of publication among several: the earliest that is no machine's time stamp."""
    return lambda values: [date] if (date := issued(values)) else []


@over_all("preferred-date")
def _preferred_date() -> OnValues:
    """Keep time stamps, and of the dates that people gave the first: sources by their worth."""

    def run(values: list[str]) -> list[str]:
        first = next(filter(is_plain, values), "")
        return [each for each in values if each == first or not is_plain(each)]

    return run


@over_all("entered")
def _entered() -> OnValues:
    """Give the accession date as yymmdd, from the earliest time stamp."""
    return lambda values: [date] if (date := entered(values)) else []
