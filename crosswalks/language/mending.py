"""One record that a rule fails on: mapped by all other rules, with a word about the rule.

Only such a record is mapped so; the crosswalk as it stands is never slowed down by it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from crosswalks.language.errors import MappingFailed
from crosswalks.language.syntax import Rule, Script
from crosswalks.model import Record

Run = Callable[[Record], Record]
Compile = Callable[[Script], Run]
Mended = tuple[Record, tuple[MappingFailed, ...]]

_ASIDE = 64
"""How many ways to leave rules out are kept ready: what fails, fails on record after record."""


def mending(script: Script, compiled: Compile) -> Callable[[Record], Mended]:
    """Return what maps a record by those rules of a crosswalk that do not fail on it.

    It raises MappingFailed where no rule alone is to blame.
    """

    @lru_cache(maxsize=_ASIDE)
    def without(aside: frozenset[int]) -> Run:
        kept = [rule for at, rule in enumerate(script.rules) if at not in aside]
        return compiled(replace(script, rules=tuple(kept)))

    @lru_cache(maxsize=max(1, len(script.rules)))
    def alone(at: int) -> Run:
        return compiled(replace(script, rules=(script.rules[at],)))

    def mended(record: Record) -> Mended:
        failed: dict[int, MappingFailed] = {}
        while True:
            try:
                return without(frozenset(failed))(record), tuple(failed.values())
            except MappingFailed as error:
                found = _named(script, error, failed) or _found(script, alone, record, failed)
                if not found:
                    raise
                failed |= found

    return mended


def _named(
    script: Script, error: MappingFailed, failed: dict[int, MappingFailed]
) -> dict[int, MappingFailed]:
    """Return the rule that an error names, if it names one."""
    return {
        at: error
        for at, rule in enumerate(script.rules)
        if (rule.file, rule.line) == (error.name, error.line) and at not in failed
    }


def _found(
    script: Script, alone: Callable[[int], Run], record: Record, failed: dict[int, MappingFailed]
) -> dict[int, MappingFailed]:
    """Return the rules that fail on a record by themselves."""
    return {
        at: error
        for at, rule in enumerate(script.rules)
        if at not in failed and (error := _failure(rule, alone(at), record))
    }


def _failure(rule: Rule, run: Run, record: Record) -> MappingFailed | None:
    try:
        run(record)
    except MappingFailed as error:
        return error.at(rule.file, rule.line)
    return None
