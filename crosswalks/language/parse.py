"""A crosswalk's text as a Script: the heading, and a tree of rules by their indentation.

crosswalk NAME version N
from SCHEMA to SCHEMA
distinct                                          (options)
NAME is SOURCE, SOURCE | TRANSFORM | ...           elements that the rules find under this name
include NAME                                      the rules of another file, at this place
without TARGET, TARGET                            but for its rules that make these
TARGET <- SOURCE, SOURCE | TRANSFORM | ... if CONDITION and CONDITION or ...
    TARGET <- ...                                 for each of what the line above took
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from crosswalks.language.errors import CrosswalkSyntax, Misplaced
from crosswalks.language.gathering import Gathered, Included, Left, Line, gather, shut
from crosswalks.language.paths import path
from crosswalks.language.syntax import (
    Argument,
    Condition,
    Conditions,
    Kind,
    Naming,
    Path,
    Rule,
    Script,
    Step,
)
from crosswalks.language.tokens import ARROW, COMMA, PIPE, Token, tokens
from crosswalks.model import Schema

_OPTIONS = ("distinct", "sort", "clean", "resolve", "nonsort", "scripts", "keep", "bare")
_IF, _UNLESS, _IS, _INCLUDE, _WITHOUT = "if", "unless", "is", "include", "without"
_TESTS = ("is", "in", "matches", "like")
_NAME_WORDS, _SCHEMA_WORDS, _RULES_WORDS = 4, 4, 2
_MOST_LINES, _LONGEST_LINE = 20_000, 4_000
"""Of a crosswalk with all that it includes: files may include each other again and again."""


def parse(text: str, name: str = "crosswalk", included: Included | None = None) -> Script:
    """Return what a crosswalk's text says; raise CrosswalkSyntax with line and column."""
    gathered = Gathered(included or _nothing)
    _read(text, (name,), gathered)
    heading = gathered.heading
    try:
        _complete(heading)
    except Misplaced as wrong:
        raise _syntax(name, 1, wrong) from wrong
    return Script(
        name=heading["name"],
        version=".".join([heading["version"], *gathered.versions]),
        source=Schema(heading["source"]),
        target=Schema(heading["target"]),
        distinct="distinct" in heading,
        sort="sort" in heading,
        clean="clean" in heading,
        resolve="resolve" in heading,
        nonsort="nonsort" in heading,
        scripts="scripts" in heading,
        keep="keep" in heading,
        bare="bare" in heading,
        names=tuple(gathered.names),
        rules=_rules(gathered),
    )


def _rules(gathered: Gathered) -> tuple[Rule, ...]:
    """Return all rules but those left out; a line that leaves nothing out is a mistake."""
    rules = [(line.chain, _rule(line)) for line in gathered.roots]
    for left in gathered.left:
        kept = [each for each in rules if not left.takes(each[0], each[1].target)]
        if len(kept) == len(rules):
            wrong = Misplaced(left.target.column, "no included rule makes this")
            raise _syntax(left.chain[-1], left.number, wrong) from wrong
        rules = kept
    return tuple(rule for _, rule in rules)


def _read(text: str, chain: tuple[str, ...], gathered: Gathered, above: Line | None = None) -> None:
    """Read a file's lines; ``chain`` are the files that include each other down to this one.

    ``above`` is the line that it is included below.
    """
    open_lines: list[Line] = []
    for number, raw in enumerate(text.splitlines(), 1):
        try:
            _count(raw, gathered)
            found = tokens(raw)
            if any(token.is_sign(ARROW) for token in found):
                line = Line(chain, number, found[0].column, found)
                gather(line, open_lines, gathered, above)
            elif found:
                shut(found[0].column, open_lines)
                place = open_lines[-1] if open_lines else above
                _no_rule(found, _Place(chain, number, place), gathered)
        except Misplaced as wrong:
            raise _syntax(chain[-1], number, wrong) from wrong


def _count(raw: str, gathered: Gathered) -> None:
    gathered.lines += 1
    if gathered.lines > _MOST_LINES:
        raise Misplaced(
            1, "with all that is included there are more than {most} lines", most=str(_MOST_LINES)
        )
    if len(raw) > _LONGEST_LINE:
        raise Misplaced(
            _LONGEST_LINE, "the line is longer than {most} characters", most=str(_LONGEST_LINE)
        )


class _Place(NamedTuple):
    """Where a line stands: its file behind those that include it, and the line it is below."""

    chain: tuple[str, ...]
    number: int
    above: Line | None


def _no_rule(found: Sequence[Token], at: _Place, gathered: Gathered) -> None:
    """Read a line without an arrow: an included file, a name, or part of the heading."""
    if found[0].is_word(_INCLUDE) and len(found) == _RULES_WORDS:
        _include(found[1], at, gathered)
    elif found[0].is_word(_WITHOUT):
        for part in _split(found[1:], COMMA):
            gathered.left.append(Left(at.chain, at.number, _path(part, found[0].column)))
    elif len(found) > _RULES_WORDS and found[1].is_word(_IS):
        gathered.names.append(_naming(found, at.chain[-1], at.number))
    elif len(at.chain) > 1:
        _included_heading(found, gathered)
    else:
        _heading(found, gathered.heading)


def _include(named: Token, at: _Place, gathered: Gathered) -> None:
    if named.text in at.chain:
        way = " includes ".join([*at.chain, named.text])
        raise Misplaced(named.column, "this goes round in a circle: {way}", way=way)
    try:
        text = gathered.included(named.text)
    except LookupError as error:
        raise Misplaced(named.column, "there are no rules {text}", text=named.text) from error
    _read(text, (*at.chain, named.text), gathered, at.above)


def _included_heading(found: Sequence[Token], gathered: Gathered) -> None:
    words = [token.text for token in found]
    if words[2:3] == ["version"] and words[0] in ("rules", "crosswalk") and _are_four(words):
        gathered.versions.append(words[3])
    elif words[0] == "from" and words[2:3] == ["to"] and _are_four(words):
        _same_way(found, gathered.heading)
    elif len(words) == 1 and words[0] in _OPTIONS:
        gathered.heading[words[0]] = words[0]
    else:
        raise Misplaced(found[0].column, "included rules have no heading but: rules NAME version N")


def _are_four(words: Sequence[str]) -> bool:
    return len(words) == _NAME_WORDS


def _same_way(found: Sequence[Token], heading: dict[str, str]) -> None:
    """Raise Misplaced where a whole crosswalk is included that maps between other schemas."""
    way = (found[1].text, found[3].text)
    if way != (heading.get("source"), heading.get("target")):
        raise Misplaced(
            found[0].column,
            "this maps from {source} to {target}, as the crosswalk that includes it does not",
            source=way[0],
            target=way[1],
        )


def _naming(found: Sequence[Token], file: str, number: int) -> Naming:
    taken, *steps = _split(found[2:], PIPE)
    sources = tuple(_path(part, found[1].column) for part in _split(taken, COMMA))
    named = path(found[:1])
    if named.kind is not Kind.ELEMENT or len(named.parts) != 1 or named.parts[0].predicates:
        raise Misplaced(named.column, "{text} is no name of an element", text=found[0].text)
    for source in sources:
        if source.kind is not Kind.ELEMENT:
            raise Misplaced(source.column, "only elements can have a name")
    return Naming(
        name=named.parts[0].name,
        sources=sources,
        steps=tuple(_step(part, found[1].column) for part in steps),
        file=file,
        line=number,
    )


def _nothing(name: str) -> str:
    raise LookupError(name)


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
                raise Misplaced(token.column, "{text} is no schema", text=token.text)
            heading[key] = token.text
    elif len(words) == 1 and words[0] in _OPTIONS:
        heading[words[0]] = words[0]
    else:
        raise Misplaced(
            found[0].column,
            "{text} is no rule: an arrow (<-) is missing",
            text=" ".join(words),
        )


def _complete(heading: dict[str, str]) -> None:
    for key, form in (("name", "crosswalk NAME version N"), ("source", "from SCHEMA to SCHEMA")):
        if key not in heading:
            raise Misplaced(1, "the line {form} is missing", form=form)
    if "keep" in heading and heading["source"] != heading["target"]:
        raise Misplaced(1, "{text} is only for records that stay in their schema", text="keep")


def _rule(line: Line) -> Rule:
    try:
        rule = _one_rule(line)
    except Misplaced as wrong:
        raise _syntax(line.file, line.number, wrong) from wrong
    children = tuple(_rule(child) for child in line.children)
    return Rule(
        file=rule.file,
        line=rule.line,
        target=rule.target,
        sources=rule.sources,
        steps=rule.steps,
        conditions=rule.conditions,
        children=children,
        others=rule.others,
    )


def _one_rule(line: Line) -> Rule:
    at = next(at for at, token in enumerate(line.tokens) if token.is_sign(ARROW))
    body, condition = _at_condition(line.tokens[at + 1 :])
    taken, *steps = _split(body, PIPE)
    target, *others = [
        _path(part, line.tokens[at].column) for part in _split(line.tokens[:at], COMMA)
    ]
    return Rule(
        file=line.file,
        line=line.number,
        target=target,
        others=tuple(others),
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
        raise Misplaced(name.column, "{text} is no name of a transform", text=name.text)
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
