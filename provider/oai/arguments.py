"""The arguments of a request, checked against OAI-PMH 2.0 s4.

What comes out is legal XML and has legal syntax, so it may be repeated in the answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from protocols.oai import Verb, granularity_of, parse_stamp
from provider.oai.errors import BadArgument, BadVerb

RESUMPTION = "resumptionToken"


class Rule(NamedTuple):
    """What a verb needs and takes; an exclusive argument replaces all others."""

    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    exclusive: str = ""


_SELECTIVE = Rule(frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"}), RESUMPTION)
RULES = {
    Verb.IDENTIFY: Rule(),
    Verb.LIST_METADATA_FORMATS: Rule(optional=frozenset({"identifier"})),
    Verb.LIST_SETS: Rule(exclusive=RESUMPTION),
    Verb.LIST_IDENTIFIERS: _SELECTIVE,
    Verb.LIST_RECORDS: _SELECTIVE,
    Verb.GET_RECORD: Rule(frozenset({"identifier", "metadataPrefix"})),
}

# XML 1.0 s2.2 Char; lone surrogates stand for bytes that were not UTF-8.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WORD = r"[A-Za-z0-9\-_.!~*'()]+"
_SYNTAX = {
    # setSpecType and metadataPrefixType of OAI-PMH.xsd.
    "set": re.compile(f"{_WORD}(:{_WORD})*"),
    "metadataPrefix": re.compile(_WORD),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that may be answered: its verb and each argument once."""

    verb: Verb
    arguments: dict[str, str]

    def get(self, name: str) -> str:
        """Return an argument, or an empty string: no legal argument is empty but a token."""
        return self.arguments.get(name, "")

    def moment(self, name: str) -> int | None:
        """Return ``from`` or ``until`` as epoch seconds, a day taken whole; None if not given."""
        text = self.get(name)
        return parse_stamp(text, end=name == "until") if text else None


def read(pairs: Sequence[tuple[str, str]]) -> Call:
    """Check a request's arguments; raises BadVerb or BadArgument, the first fault found."""
    verb = _verb([value for name, value in pairs if name == "verb"])
    others = [(name, value) for name, value in pairs if name != "verb"]
    _check_names(RULES[verb], [name for name, _ in others])
    arguments = dict(others)
    for name, value in arguments.items():
        _check_syntax(name, value)
    _check_dates(arguments)
    return Call(verb=verb, arguments=arguments)


def legible(text: str) -> str:
    """Return text that can stand in an error message: legal XML, and not too long."""
    return _NOT_XML.sub("\ufffd", text[:100])


def _verb(values: list[str]) -> Verb:
    if len(values) != 1:
        raise BadVerb
    try:
        return Verb(values[0])
    except ValueError as error:
        raise BadVerb from error


def _check_names(rule: Rule, names: list[str]) -> None:
    known = rule.required | rule.optional | {rule.exclusive} - {""}
    for name in names:
        if name not in known:
            raise BadArgument(name=legible(name), reason="this verb does not take it")
        if names.count(name) > 1:
            raise BadArgument(name=name, reason="it is repeated")
    if rule.exclusive in names:
        if len(names) > 1:
            raise BadArgument(name=rule.exclusive, reason="it must stand alone")
        return
    for name in sorted(rule.required - set(names)):
        raise BadArgument(name=name, reason="it is missing")


def _check_syntax(name: str, value: str) -> None:
    if _NOT_XML.search(value):
        raise BadArgument(name=name, reason="it is not UTF-8 text that XML can carry")
    pattern = _SYNTAX.get(name)
    if pattern and not pattern.fullmatch(value):
        raise BadArgument(name=name, reason=f"{legible(value)!r} has illegal characters")


def _check_dates(arguments: dict[str, str]) -> None:
    dates = {name: arguments[name] for name in ("from", "until") if name in arguments}
    moments = {name: _moment(name, text) for name, text in dates.items()}
    if len({granularity_of(text) for text in dates.values()}) > 1:
        raise BadArgument(name="until", reason="its granularity differs from that of from")
    if moments.keys() == {"from", "until"} and moments["from"] > moments["until"]:
        raise BadArgument(name="until", reason="it is earlier than from")


def _moment(name: str, text: str) -> int:
    try:
        return parse_stamp(text)
    except ValueError as error:
        reason = f"{legible(text)!r} is not a date of the form YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ"
        raise BadArgument(name=name, reason=reason) from error
