"""Crosswalks in words: their rules as sentences, what publishing one does, what to do on mistakes.

Words are English here, to be translated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from typing import NamedTuple

from crosswalks import tables
from crosswalks.errors import Said
from crosswalks.language.errors import CrosswalkSyntax
from crosswalks.language.syntax import (
    Argument,
    Condition,
    Conditions,
    Kind,
    Part,
    Path,
    Rule,
    Script,
    Step,
)
from web.language import Translate, mark, said

_TRANSFORMS: Mapping[str, str] = {
    name: label for name, label, *_ in tables.parse(files("web.quality"), "transforms.tsv")
}

FIGURES = {
    "records": mark("Records"),
    "given_out": mark("Of these given out"),
    "changed": mark("Changed"),
    "unchanged": mark("Unchanged"),
    "appearing": mark("Mapped for the first time"),
    "vanishing": mark("No longer mapped"),
    "failing": mark("Failing rules"),
}
"""What is told of an effect (``scheduler.tally.Effect``), by name."""

_STEPS = {
    "{text} is no rule: an arrow (<-) is missing": mark(
        'Write it as: target <- source. Put # before a remark, and quotation marks (") around text.'
    ),
    "there is no transform {text}": mark(
        "Look at its spelling; the crosswalk language names all transforms."
    ),
    "there is no table {text}": mark(
        "Look at its spelling, or add a table of this name below the text."
    ),
    "there are no rules {text}": mark(
        "Name a crosswalk or rules of the list; shipped/NAME is what comes with the program."
    ),
    "no included rule makes this": mark(
        "Take the line out, or name a field that the included rules make."
    ),
    "it calls itself {text}": mark(
        "Write the name of this crosswalk into its line: crosswalk NAME version 1."
    ),
    "{text} is no schema": mark("Write one of the schemas, such as oai_dc or marc21."),
    "the line {form} is missing": mark("Write this line above all rules."),
}
_ANY_STEP = mark("Mend this line, or put # before it to leave it out; then check again.")
_ELSEWHERE = mark("This is wrong in another text: mend that one first.")


class Told(NamedTuple):
    """A rule in words."""

    file: str
    """The text that it stands in."""
    line: int
    depth: int
    """How many rules it stands below."""
    target: str
    source: str
    steps: str
    condition: str


def next_step(error: CrosswalkSyntax, *, is_here: bool) -> str:
    """Return what to do about a mistake, to be translated."""
    reason = error.details["reason"]
    template = reason.template if isinstance(reason, Said) else ""
    return _STEPS.get(template, _ANY_STEP) if is_here else _ELSEWHERE


def reason(error: CrosswalkSyntax, say: Translate) -> str:
    """Return what is wrong at a place, in a language."""
    found = error.details["reason"]
    return said(found, say) if isinstance(found, Said) else str(found)


def rules(script: Script, say: Translate) -> list[Told]:
    """Return all that a crosswalk does, in words and in its order: first what has which name."""
    names = [
        Told(
            file=each.file,
            line=each.line,
            depth=0,
            target=say("the name {name}").format(name=each.name),
            source=_sources(each.sources, say),
            steps=_steps(each.steps, say),
            condition="",
        )
        for each in script.names
    ]
    return [*names, *_told(script.rules, 0, say)]


def _told(found: Sequence[Rule], depth: int, say: Translate) -> Iterator[Told]:
    for rule in found:
        targets = ", ".join(place(each, say) for each in (rule.target, *rule.others))
        yield Told(
            file=rule.file,
            line=rule.line,
            depth=depth,
            target=targets,
            source=_sources(rule.sources, say),
            steps=_steps(rule.steps, say),
            condition=condition(rule.conditions, say),
        )
        yield from _told(rule.children, depth + 1, say)


def _sources(sources: Sequence[Path], say: Translate) -> str:
    return ", ".join(place(each, say) for each in sources)


def place(path: Path, say: Translate) -> str:
    """Return in words what a path points at."""
    told = _bare(path, say)
    if path.indicators:
        signs = path.indicators.replace(" ", "_")
        told = say("{place} with the indicators {signs}").format(place=told, signs=signs)
    if path.linked:
        told = say("{place} and its other script (880)").format(place=told)
    sign = "" if path.kind is Kind.ELEMENT else "$"
    constants = [f"{sign}{key}={value}" for key, value in path.constants]
    if constants:
        told = say("{place} with {constants}").format(place=told, constants=", ".join(constants))
    return told


def _bare(path: Path, say: Translate) -> str:
    """Return in words what a path points at, without what more is said of it."""
    fixed = {
        Kind.LITERAL: f"“{path.text}”",
        Kind.RECORD: say("the whole record"),
        Kind.SELF: say("what the line above took"),
        Kind.TAG: say("its tag"),
        Kind.INDICATOR: say("indicator {number}").format(number=path.text),
        Kind.ELEMENT: _element(path.parts),
        Kind.ATTRIBUTE: say("attribute {name}").format(name=_attribute(path)),
    }
    return fixed[path.kind] if path.kind in fixed else _field(path, say)


def _field(path: Path, say: Translate) -> str:
    tag = path.tag and say("field {tag}").format(tag=path.tag)
    if path.kind is Kind.CONTROL and path.start >= 0:
        if path.end in (-1, path.start):
            return say("{field}, position {start}").format(field=tag, start=path.start)
        positions = {"field": tag, "start": path.start, "end": path.end}
        return say("{field}, positions {start} to {end}").format(**positions)
    codes = " ".join(f"${code}" for code in f"{path.group}{path.codes}{path.behind}")
    if path.excluded:
        but = say("all subfields but {codes}").format(codes=codes)
        codes = but if codes else say("all subfields")
    return ", ".join(filter(None, (tag, codes))) or say("what the line above took")


def _element(parts: Sequence[Part]) -> str:
    return "/".join(_part(part) for part in parts)


def _part(part: Part) -> str:
    told = part.name
    for each in part.predicates:
        value = f"={each.value}" if each.value is not None else ""
        told += f"[{'not ' if each.negated else ''}{each.name}{value}]"
    return told


def _attribute(path: Path) -> str:
    return f"{_element(path.parts)}@{path.text}" if path.parts else path.text


def _steps(steps: Sequence[Step], say: Translate) -> str:
    return "; ".join(_step(each, say) for each in steps)


def _step(step: Step, say: Translate) -> str:
    words = [_argument(each) for each in step.arguments]
    if step.name not in _TRANSFORMS:
        return " ".join([step.name, *words])
    one, two = ([*words, "“ ”", "“ ”"])[:2]
    tested = _which(step.arguments, say) if step.name in _SIFTING else " ".join(words)
    return say(_TRANSFORMS[step.name]).format(one=one, two=two, all=tested)


def _which(arguments: Sequence[Argument], say: Translate) -> str:
    """Return in words which values a test lets through."""
    test, *rest = arguments
    values = f" {say('or')} ".join(map(_argument, rest))
    if test.text not in _VALUES:
        return " ".join(_argument(each) for each in arguments)
    return say(_VALUES[test.text]).format(values=values)


def _argument(argument: Argument) -> str:
    return f"“{argument.text}”" if argument.quoted else argument.text


def condition(groups: Conditions, say: Translate) -> str:
    """Return in words what has to be so; nothing where nothing has to."""
    either, both = f" {say('or')} ", f" {say('and')} "
    return either.join(both.join(_condition(each, say) for each in group) for group in groups)


def _condition(each: Condition, say: Translate) -> str:
    about = place(each.path, say)
    if each.made:
        about = say("what is made already: {place}").format(place=about)
    told = _tested(each.test, about, say)
    return say("not: {what}").format(what=told) if each.negated else told


def _tested(test: Step | None, about: str, say: Translate) -> str:
    if test is None:
        return say("there is {place}").format(place=about)
    values = f" {say('or')} ".join(_argument(each) for each in test.arguments)
    return say(_TESTS[test.name]).format(place=about, values=values)


_TESTS = {
    "is": mark("{place} is {values}"),
    "in": mark("{place} is in the table {values}"),
    "matches": mark("{place} has the pattern {values}"),
    "like": mark("{place} looks like: {values}"),
}
_SIFTING = ("only", "except")
_VALUES = {
    "is": "{values}",
    "in": mark("in the table {values}"),
    "matches": mark("with the pattern {values}"),
}
_SAID = (
    *(mark("the name {name}"), mark("the whole record"), mark("what the line above took")),
    *(mark("its tag"), mark("indicator {number}"), mark("attribute {name}"), mark("field {tag}")),
    *(mark("{field}, position {start}"), mark("{field}, positions {start} to {end}")),
    *(mark("all subfields but {codes}"), mark("all subfields"), mark("there is {place}")),
    *(mark("{place} with the indicators {signs}"), mark("{place} and its other script (880)")),
    *(mark("{place} with {constants}"), mark("what is made already: {place}"), mark("not: {what}")),
    *(mark("or"), mark("and")),
)
"""What is said above by ``say``, so that it is known as to be translated."""
