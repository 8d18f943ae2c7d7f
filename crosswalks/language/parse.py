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

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from crosswalks.language.errors import CrosswalkSyntax, Misplaced
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
_MOST_LINES, _LONGEST_LINE, _DEEPEST = 20_000, 4_000, 20
"""Of a crosswalk with all that it includes: files may include each other again and again."""

Included = Callable[[str], str]
"""Gives the text of rules by their name; raises LookupError where there are none."""


@dataclass(slots=True)
class _Line:
    """A rule's line while its children are still being gathered."""

    chain: tuple[str, ...]
    number: int
    indent: int
    tokens: list[Token]
    children: list[_Line] = field(default_factory=list)

    @property
    def file(self) -> str:
        """The file it stands in."""
        return self.chain[-1]


@dataclass(frozen=True, slots=True)
class _Left:
    """What is left out of all that the files at the end of a chain include."""

    chain: tuple[str, ...]
    number: int
    target: Path

    def takes(self, chain: tuple[str, ...], target: Path) -> bool:
        """Tell whether a rule of these files, for this target, is left out."""
        return len(chain) > len(self.chain) == _shared(chain, self.chain) and self._is(target)

    def _is(self, target: Path) -> bool:
        wanted = self.target
        if wanted.kind is not target.kind or wanted.tag != target.tag:
            return False
        if wanted.kind is Kind.CONTROL:
            return wanted.start in (-1, target.start)
        return not wanted.parts or wanted.parts[0].name == target.parts[0].name


@dataclass(slots=True)
class _Gathered:
    """What has been read so far, of the crosswalk's own text and of all that it includes."""

    included: Included
    heading: dict[str, str] = field(default_factory=dict)
    versions: list[str] = field(default_factory=list)
    names: list[Naming] = field(default_factory=list)
    roots: list[_Line] = field(default_factory=list)
    left: list[_Left] = field(default_factory=list)
    lines: int = 0


def parse(text: str, name: str = "crosswalk", included: Included | None = None) -> Script:
    """Return what a crosswalk's text says; raise CrosswalkSyntax with line and column."""
    gathered = _Gathered(included or _nothing)
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


def _rules(gathered: _Gathered) -> tuple[Rule, ...]:
    """Return all rules but those left out; a line that leaves nothing out is a mistake."""
    rules = [(line.chain, _rule(line)) for line in gathered.roots]
    for left in gathered.left:
        kept = [each for each in rules if not left.takes(each[0], each[1].target)]
        if len(kept) == len(rules):
            wrong = Misplaced(left.target.column, "no included rule makes this")
            raise _syntax(left.chain[-1], left.number, wrong) from wrong
        rules = kept
    return tuple(rule for _, rule in rules)


def _shared(chain: tuple[str, ...], other: tuple[str, ...]) -> int:
    return len(other) if chain[: len(other)] == other else -1


def _read(text: str, chain: tuple[str, ...], gathered: _Gathered) -> None:
    """Read a file's lines; ``chain`` are the files that include each other down to this one."""
    open_lines: list[_Line] = []
    for number, raw in enumerate(text.splitlines(), 1):
        try:
            _count(raw, gathered)
            found = tokens(raw)
            if any(token.is_sign(ARROW) for token in found):
                line = _Line(chain, number, found[0].column, found)
                _gather(line, open_lines, gathered)
            elif found:
                open_lines.clear()
                _no_rule(found, chain, number, gathered)
        except Misplaced as wrong:
            raise _syntax(chain[-1], number, wrong) from wrong


def _gather(line: _Line, open_lines: list[_Line], gathered: _Gathered) -> None:
    """Put a line below the one that it belongs to."""
    while open_lines and open_lines[-1].indent >= line.indent:
        open_lines.pop()
    if len(open_lines) == _DEEPEST:
        raise Misplaced(line.indent, "lines stand too deep below each other")
    (open_lines[-1].children if open_lines else gathered.roots).append(line)
    open_lines.append(line)


def _count(raw: str, gathered: _Gathered) -> None:
    gathered.lines += 1
    if gathered.lines > _MOST_LINES:
        raise Misplaced(
            1, "with all that is included there are more than {most} lines", most=str(_MOST_LINES)
        )
    if len(raw) > _LONGEST_LINE:
        raise Misplaced(
            _LONGEST_LINE, "the line is longer than {most} characters", most=str(_LONGEST_LINE)
        )


def _no_rule(
    found: Sequence[Token], chain: tuple[str, ...], number: int, gathered: _Gathered
) -> None:
    """Read a line without an arrow: an included file, a name, or part of the heading."""
    if found[0].is_word(_INCLUDE) and len(found) == _RULES_WORDS:
        _include(found[1], chain, gathered)
    elif found[0].is_word(_WITHOUT):
        for part in _split(found[1:], COMMA):
            gathered.left.append(_Left(chain, number, _path(part, found[0].column)))
    elif len(found) > _RULES_WORDS and found[1].is_word(_IS):
        gathered.names.append(_naming(found, chain[-1], number))
    elif len(chain) > 1:
        _included_heading(found, gathered)
    else:
        _heading(found, gathered.heading)


def _include(named: Token, chain: tuple[str, ...], gathered: _Gathered) -> None:
    if named.text in chain:
        way = " includes ".join([*chain, named.text])
        raise Misplaced(named.column, "this goes round in a circle: {way}", way=way)
    try:
        text = gathered.included(named.text)
    except LookupError as error:
        raise Misplaced(named.column, "there are no rules {text}", text=named.text) from error
    _read(text, (*chain, named.text), gathered)


def _included_heading(found: Sequence[Token], gathered: _Gathered) -> None:
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


def _rule(line: _Line) -> Rule:
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


def _one_rule(line: _Line) -> Rule:
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
