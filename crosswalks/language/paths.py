"""A path's text as a Path: ``245 10 $ab``, ``008/35-37``, ``name[@type="x"]/namePart``, ``.``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crosswalks.language.errors import Misplaced
from crosswalks.language.syntax import Kind, Part, Path, Predicate
from crosswalks.language.tokens import Token, unquoted

_CONTROL = re.compile(r"(?P<tag>LDR|00[0-9A-Za-z])(?:/(?P<start>\d+)(?:-(?P<end>\d+))?)?")
_TAG = re.compile(r"(?P<tag>[0-9][0-9A-Za-z.]{2}|\.\.\.)(?P<linked>\+?)")
_INDICATORS = re.compile(r"[0-9a-z_.]{2}")
_CODES = re.compile(
    r"\$(?:\((?P<group>[0-9A-Za-z]+)\))?(?P<not>!?)(?P<codes>[0-9A-Za-z*?]*)"
    r"(?:\+(?P<behind>[0-9A-Za-z]+))?"
)
_CONSTANT = re.compile(r"\$(?P<code>[0-9a-z])=(?P<value>.+)", re.DOTALL)
_ATTRIBUTE = re.compile(r'(?P<name>[A-Za-z_][\w:.-]*)="(?P<value>(?:[^"\\]|\\.)*)"', re.DOTALL)
_PART = re.compile(r"(?P<name>[A-Za-z_*][\w:.*-]*)(?P<predicates>(?:\[[^\]]*\])*)(?:/|$)")
_PREDICATE = re.compile(
    r"\[\s*(?P<not>not\s+)?(?P<first>first\s+)?(?P<name>@?[\w:.*-]+(?:/@?[\w:.*-]+)*)"
    r'\s*(?:=\s*"(?P<value>[^"]*)")?\s*\]'
)
_COUNTED = re.compile(r"\^(?P<indicator>[12])\$(?P<codes>[0-9A-Za-z]+)")
_INDICATOR = re.compile(r"\^([12])")
_WORDS = {"record": Kind.RECORD, ".": Kind.SELF, "tag": Kind.TAG}
_CODE_MARK = "$"


def path(found: Sequence[Token]) -> Path:
    """Return the path that these tokens are; raise Misplaced where they are none."""
    if not found:
        raise Misplaced(0, "a path is missing")
    first = found[0]
    if first.kind == "text":
        _nothing_after(found[1:])
        return Path(kind=Kind.LITERAL, text=first.text, column=first.column)
    absolute = first.text.startswith("/")
    text = first.text[1:] if absolute else first.text
    return (
        _single(first, text, found[1:])
        or _marc(first, text, found[1:])
        or _elements(first, text, found[1:], absolute=absolute)
    )


def _single(first: Token, text: str, rest: Sequence[Token]) -> Path | None:
    """Return what is one token alone: the record, itself, its tag, positions, subfields."""
    column = first.column
    if text in _WORDS:
        _nothing_after(rest)
        return Path(kind=_WORDS[text], column=column)
    if found := _INDICATOR.fullmatch(text):
        _nothing_after(rest)
        return Path(kind=Kind.INDICATOR, text=found[1], absolute=False, column=column)
    if found := _COUNTED.fullmatch(text):
        _nothing_after(rest)
        counted = int(found["indicator"])
        return Path(kind=Kind.SUBFIELDS, codes=found["codes"], counted=counted, column=column)
    if found := _CONTROL.fullmatch(text):
        _nothing_after(rest)
        start = int(found["start"]) if found["start"] else -1
        end = int(found["end"]) if found["end"] else start
        return Path(kind=Kind.CONTROL, tag=found["tag"], start=start, end=end, column=column)
    if text.startswith(_CODE_MARK):
        return _subfields(Path(kind=Kind.SUBFIELDS, absolute=False, column=column), first, rest)
    return None


def _marc(first: Token, text: str, rest: Sequence[Token]) -> Path | None:
    tag = _TAG.fullmatch(text)
    if not tag:
        return None
    indicators = ""
    if rest and rest[0].kind == "word" and _INDICATORS.fullmatch(rest[0].text):
        indicators, rest = rest[0].text, rest[1:]
    found = Path(
        kind=Kind.FIELD,
        tag=tag["tag"],
        linked=bool(tag["linked"]),
        indicators=indicators.replace("_", " "),
        column=first.column,
    )
    return _subfields(found, *_codes_first(rest))


def _codes_first(rest: Sequence[Token]) -> tuple[Token | None, Sequence[Token]]:
    if rest and _CODES.fullmatch(rest[0].text):
        return rest[0], rest[1:]
    return None, rest


def _subfields(base: Path, codes: Token | None, constants: Sequence[Token]) -> Path:
    """Add subfield codes, and what stands behind them as ``$4=cre``, to a path."""
    wanted = group = behind = ""
    excluded = False
    if codes is not None:
        found = _CODES.fullmatch(codes.text)
        if not found or codes.text == _CODE_MARK:
            raise Misplaced(
                codes.column, "{text} is no list of subfields such as $ab", text=codes.text
            )
        wanted, excluded = found["codes"], bool(found["not"])
        group, behind = found["group"] or "", found["behind"] or ""
    return Path(
        kind=base.kind,
        column=base.column,
        absolute=base.absolute,
        tag=base.tag,
        linked=base.linked,
        indicators=base.indicators,
        codes="" if wanted == "*" else wanted,
        excluded=excluded or wanted == "*",
        group=group,
        behind=behind,
        constants=tuple(_constant(token) for token in constants),
    )


def _constant(token: Token) -> tuple[str, str]:
    found = _CONSTANT.fullmatch(token.text)
    if not found:
        raise Misplaced(
            token.column, "{text} is no constant subfield such as $4=cre", text=token.text
        )
    value = found["value"]
    return found["code"], unquoted(value) if value.startswith('"') else value


def _elements(first: Token, text: str, rest: Sequence[Token], *, absolute: bool) -> Path:
    names, at, attribute = text.partition("@")
    if at and "[" not in names:
        parts = _parts(first, names.rstrip("/")) if names else ()
        _nothing_after(rest)
        return Path(
            kind=Kind.ATTRIBUTE, text=attribute, parts=parts, absolute=absolute, column=first.column
        )
    tail = re.fullmatch(r"(.*\])/@([\w:.-]+)", text)
    if tail:
        _nothing_after(rest)
        parts = _parts(first, tail[1])
        return Path(
            kind=Kind.ATTRIBUTE, text=tail[2], parts=parts, absolute=absolute, column=first.column
        )
    constants = tuple(_attribute(token) for token in rest)
    return Path(
        kind=Kind.ELEMENT,
        parts=_parts(first, text),
        absolute=absolute,
        constants=constants,
        column=first.column,
    )


def _attribute(token: Token) -> tuple[str, str]:
    found = _ATTRIBUTE.fullmatch(token.text)
    if not found:
        raise Misplaced(token.column, '{text} is no attribute such as type="text"', text=token.text)
    return found["name"], found["value"].replace('\\"', '"')


def _parts(token: Token, text: str) -> tuple[Part, ...]:
    parts = []
    at = 0
    while at < len(text):
        found = _PART.match(text, at)
        if not found:
            raise Misplaced(token.column + at, "{text} is no path", text=text[at:])
        predicates = tuple(
            Predicate(
                name=each["name"],
                value=each["value"],
                negated=bool(each["not"]),
                first=bool(each["first"]),
            )
            for each in _PREDICATE.finditer(found["predicates"])
        )
        if len(predicates) != found["predicates"].count("["):
            raise Misplaced(
                token.column + at, "{text} is no condition in a path", text=found["predicates"]
            )
        parts.append(Part(name=found["name"], predicates=predicates))
        at = found.end()
    if not parts:
        raise Misplaced(token.column, "a path is missing")
    return tuple(parts)


def _nothing_after(rest: Sequence[Token]) -> None:
    if rest:
        raise Misplaced(rest[0].column, "{text} is more than was expected here", text=rest[0].text)
