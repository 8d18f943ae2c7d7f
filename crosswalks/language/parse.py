"""A crosswalk's text as a Script: the heading, and a tree of rules by their indentation.

crosswalk NAME version N
from SCHEMA to SCHEMA
distinct                                          (options)
TARGET <- SOURCE, SOURCE | TRANSFORM | ... if CONDITION and CONDITION or ...
    TARGET <- ...                                 for each of what the line above took
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from crosswalks.language.errors import CrosswalkSyntax, Misplaced
from crosswalks.language.paths import path
from crosswalks.language.syntax import Argument, Condition, Conditions, Path, Rule, Script, Step
from crosswalks.language.tokens import ARROW, COMMA, PIPE, Token, tokens
from crosswalks.model import Schema

_OPTIONS = ("distinct", "sort", "clean")
_IF, _UNLESS = "if", "unless"
_TESTS = ("is", "in", "matches", "like")
_NAME_WORDS, _SCHEMA_WORDS = 4, 4


@dataclass(slots=True)
class _Line:
    """A rule's line while its children are still being gathered."""

    number: int
    indent: int
    tokens: list[Token]
    children: list[_Line] = field(default_factory=list)


def parse(text: str, name: str = "crosswalk") -> Script:
    """Return what a crosswalk's text says; raise CrosswalkSyntax with line and column."""
    heading: dict[str, str] = {}
    roots: list[_Line] = []
    open_lines: list[_Line] = []
    number = 0
    try:
        for number, raw in enumerate(text.splitlines(), 1):
            found = tokens(raw)
            if not found:
                continue
            if not any(token.is_sign(ARROW) for token in found):
                _heading(found, heading)
                continue
            line = _Line(number, found[0].column, found)
            while open_lines and open_lines[-1].indent >= line.indent:
                open_lines.pop()
            (open_lines[-1].children if open_lines else roots).append(line)
            open_lines.append(line)
        number = 1
        _complete(heading)
    except Misplaced as wrong:
        raise _syntax(name, number, wrong) from wrong
    return Script(
        name=heading["name"],
        version=heading["version"],
        source=Schema(heading["source"]),
        target=Schema(heading["target"]),
        distinct="distinct" in heading,
        sort="sort" in heading,
        clean="clean" in heading,
        rules=tuple(_rule(line, name) for line in roots),
    )


def conditions(text: str) -> Conditions:
    """Return conditions that stand alone, such as ``942 $n is "1"``; raise CrosswalkSyntax."""
    try:
        return _conditions(tokens(text))
    except Misplaced as wrong:
        raise _syntax(text, 1, wrong) from wrong


def _syntax(name: str, line: int, wrong: Misplaced) -> CrosswalkSyntax:
    return CrosswalkSyntax(name=name, line=line, column=wrong.column, reason=wrong.reason)


def _heading(found: Sequence[Token], heading: dict[str, str]) -> None:
    words = [token.text for token in found]
    if words[0] == "crosswalk" and words[2:3] == ["version"] and len(words) == _NAME_WORDS:
        heading.update(name=words[1], version=words[3])
    elif words[0] == "from" and words[2:3] == ["to"] and len(words) == _SCHEMA_WORDS:
        for key, token in (("source", found[1]), ("target", found[3])):
            if token.text not in list(Schema):
                raise Misplaced(token.column, f"{token.text} is no schema")
            heading[key] = token.text
    elif len(words) == 1 and words[0] in _OPTIONS:
        heading[words[0]] = words[0]
    else:
        raise Misplaced(found[0].column, f"{' '.join(words)} is no rule: an arrow (<-) is missing")


def _complete(heading: dict[str, str]) -> None:
    for key, form in (("name", "crosswalk NAME version N"), ("source", "from SCHEMA to SCHEMA")):
        if key not in heading:
            raise Misplaced(1, f"the line {form} is missing")


def _rule(line: _Line, name: str) -> Rule:
    try:
        rule = _one_rule(line)
    except Misplaced as wrong:
        raise _syntax(name, line.number, wrong) from wrong
    children = tuple(_rule(child, name) for child in line.children)
    return Rule(
        line=rule.line,
        target=rule.target,
        sources=rule.sources,
        steps=rule.steps,
        conditions=rule.conditions,
        children=children,
    )


def _one_rule(line: _Line) -> Rule:
    at = next(at for at, token in enumerate(line.tokens) if token.is_sign(ARROW))
    body, condition = _at_condition(line.tokens[at + 1 :])
    taken, *steps = _split(body, PIPE)
    return Rule(
        line=line.number,
        target=_path(line.tokens[:at], line.tokens[at].column),
        sources=tuple(_path(part, line.tokens[at].column) for part in _split(taken, COMMA)),
        steps=tuple(_step(part, line.tokens[at].column) for part in steps),
        conditions=condition,
    )


def _path(found: Sequence[Token], column: int) -> Path:
    if not found:
        raise Misplaced(column, "a path is missing beside this")
    return path(found)


def _step(found: Sequence[Token], column: int) -> Step:
    if not found:
        raise Misplaced(column, "a transform is missing after |")
    name, *rest = found
    if name.kind != "word":
        raise Misplaced(name.column, f"{name.text} is no name of a transform")
    arguments = tuple(
        Argument(text=token.text, quoted=token.kind == "text", column=token.column)
        for token in rest
    )
    return Step(name=name.text, arguments=arguments, column=name.column)


def _at_condition(found: Sequence[Token]) -> tuple[Sequence[Token], Conditions]:
    for at, token in enumerate(found):
        if token.is_word(_IF, _UNLESS):
            groups = _conditions(found[at + 1 :])
            return found[:at], groups if token.text == _IF else _negated(groups, token)
    return found, ()


def _negated(groups: Conditions, token: Token) -> Conditions:
    if len(groups) != 1 or len(groups[0]) != 1:
        raise Misplaced(token.column, "unless takes one condition; say: if not ... and not ...")
    only = groups[0][0]
    return ((Condition(path=only.path, test=only.test, negated=True, made=only.made),),)


def _conditions(found: Sequence[Token]) -> Conditions:
    groups = [_split_words(group, "and") for group in _split_words(found, "or")]
    return tuple(tuple(_condition(part) for part in group) for group in groups)


def _condition(found: Sequence[Token]) -> Condition:
    column = found[0].column if found else 1
    negated = bool(found) and found[0].is_word("not")
    rest = found[1:] if negated else found
    made = bool(rest) and rest[0].is_word("made")
    rest = rest[1:] if made else rest
    at = next((at for at, token in enumerate(rest) if token.is_word(*_TESTS)), len(rest))
    test = _step(rest[at:], column) if at < len(rest) else None
    return Condition(path=_path(rest[:at], column), test=test, negated=negated, made=made)


def _split(found: Sequence[Token], sign: str) -> list[Sequence[Token]]:
    return _parts(found, [token.is_sign(sign) for token in found])


def _split_words(found: Sequence[Token], word: str) -> list[Sequence[Token]]:
    return _parts(found, [token.is_word(word) for token in found])


def _parts(found: Sequence[Token], ends: Sequence[bool]) -> list[Sequence[Token]]:
    parts: list[Sequence[Token]] = []
    start = 0
    for at, end in enumerate(ends):
        if end:
            parts.append(found[start:at])
            start = at + 1
    return [*parts, found[start:]]
