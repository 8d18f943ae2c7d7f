"""Requests that are wrong, and the error that each must bring (OAI-PMH 2.0 s3.6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from harvester.validate.asking import Line
from harvester.validate.model import Exchange, Found, Pairs, Repository
from protocols.oai import Granularity, Verb, format_stamp, parse_stamp

_NOWHERE = "lienthong-no-such-thing"
_TOKEN = "lienthong-no-such-token"  # noqa: S105 - made to be refused
_DC = ("metadataPrefix", "oai_dc")
_YEAR = int(timedelta(days=366).total_seconds())
_BAD = "badArgument"
_SELECTIVE = (Verb.LIST_IDENTIFIERS, Verb.LIST_RECORDS)
_DAY_FORM = ("2001-01-01", "2001-12-31")
_SECOND_FORM = ("2001-01-01T00:00:00Z", "2001-12-31T00:00:00Z")


class Probe(NamedTuple):
    """A request, and the error codes that would be right, any of them."""

    fault: str
    """The code of the report where it is not refused."""
    right: tuple[str, ...]
    pairs: Pairs


def judge_errors(line: Line, identifier: str = "", stamp: str = "") -> None:
    """Ask in all the wrong ways; with an identifier and a datestamp that the repository has."""
    repository = line.repository
    for probe in (
        *_verbs(),
        *_arguments(identifier),
        *_set_arguments(repository),
        *_formats(identifier),
        *_identifiers(repository),
        *_dates(repository, stamp),
        *_sets(repository),
        *_tokens(repository),
    ):
        judge(line, probe)


def judge(line: Line, probe: Probe) -> Exchange:
    """Ask what a probe asks, and take in where the answer is not the error it should be."""
    exchange = line.send(probe.pairs)
    if exchange.root is None or set(exchange.errors) & set(probe.right):
        return exchange
    right = " / ".join(probe.right)
    key = f"{probe.fault} {'&'.join(name for name, _ in probe.pairs[1:])}"
    # Who says that nothing matches has taken the argument for a good one.
    is_taken = exchange.verb in _SELECTIVE and set(exchange.errors) == {"noRecordsMatch"}
    if exchange.errors and not is_taken:
        details = {"value": ", ".join(exchange.errors), "right": right}
        line.add(Found("wrong-error", details, key), exchange)
    else:
        line.add(Found(probe.fault, {"right": right}, key), exchange)
    return exchange


def _pairs(verb: str, *pairs: tuple[str, str]) -> Pairs:
    return (("verb", verb), *pairs)


def _verbs() -> Iterator[Probe]:
    right = ("badVerb",)
    yield Probe("verb-accepted", right, ())
    yield Probe("verb-accepted", right, _pairs("NoSuchVerb"))
    yield Probe("verb-accepted", (*right, _BAD), _pairs(""))
    for other in ("Identify", "ListSets"):
        # It is an argument as well, and repeated.
        twice = (("verb", "Identify"), ("verb", other))
        yield Probe("verb-accepted", (*right, _BAD), twice)
    yield Probe("verb-case-accepted", right, _pairs("identify"))


def _arguments(identifier: str) -> Iterator[Probe]:
    for name, value in ((_NOWHERE, "1"), ("metadataPrefix", "oai_dc"), ("identifier", "x:y")):
        yield _bad(Verb.IDENTIFY, (name, value))
    yield _bad(Verb.LIST_METADATA_FORMATS, (_NOWHERE, "1"))
    yield _bad(Verb.LIST_METADATA_FORMATS, _DC)
    for verb in _SELECTIVE:
        yield _bad(verb, _DC, (_NOWHERE, "1"))
        yield _bad(verb, _DC, ("identifier", identifier or "x:y"))
        yield Probe("argument-missing-accepted", (_BAD,), _pairs(verb))
        yield Probe("argument-missing-accepted", (_BAD,), _pairs(verb, ("until", "2030-01-01")))
        yield _twice(verb, _DC, _DC)
        yield _twice(verb, _DC, ("from", _DAY_FORM[0]), ("from", _DAY_FORM[0]))
        yield _twice(verb, _DC, ("until", "2030-01-01"), ("until", "2030-01-01"))
        yield Probe("format-accepted", (_BAD, "cannotDisseminateFormat"), _empty_prefix(verb))
    if not identifier:
        return
    named = ("identifier", identifier)
    get = Verb.GET_RECORD
    yield Probe("argument-missing-accepted", (_BAD,), _pairs(get, named))
    yield Probe("argument-missing-accepted", (_BAD,), _pairs(get, _DC))
    yield Probe("argument-missing-accepted", (_BAD,), _pairs(get))
    yield _bad(get, named, _DC, (_NOWHERE, "1"))
    yield _bad(get, named, _DC, ("from", _DAY_FORM[0]))
    yield _bad(get, named, _DC, ("set", "x"))
    yield _bad(get, named, _DC, ("resumptionToken", _TOKEN))
    yield _twice(get, named, named, _DC)
    yield _twice(get, named, _DC, _DC)
    yield _twice(Verb.LIST_METADATA_FORMATS, named, named)


def _set_arguments(repository: Repository) -> Iterator[Probe]:
    right = (_BAD,) if repository.has_sets else (_BAD, "noSetHierarchy")
    for pair in ((_NOWHERE, "1"), _DC):
        yield Probe("argument-accepted", right, _pairs(Verb.LIST_SETS, pair))


def _bad(verb: Verb, *pairs: tuple[str, str]) -> Probe:
    return Probe("argument-accepted", (_BAD,), _pairs(verb, *pairs))


def _twice(verb: Verb, *pairs: tuple[str, str]) -> Probe:
    return Probe("argument-twice-accepted", (_BAD,), _pairs(verb, *pairs))


def _empty_prefix(verb: Verb) -> Pairs:
    return _pairs(verb, ("metadataPrefix", ""))


def _formats(identifier: str) -> Iterator[Probe]:
    right = ("cannotDisseminateFormat",)
    wrong = ("metadataPrefix", _NOWHERE)
    for verb in _SELECTIVE:
        yield Probe("format-accepted", right, _pairs(verb, wrong))
        yield Probe(
            "format-accepted", (*right, _BAD), _pairs(verb, ("metadataPrefix", "no?such prefix"))
        )
    if identifier:
        named = ("identifier", identifier)
        yield Probe("format-accepted", right, _pairs(Verb.GET_RECORD, named, wrong))


def unknown_identifier(repository: Repository) -> str:
    """Return an identifier that the repository cannot have, in the form of its own."""
    return f"{repository.scheme or 'oai:example.org:'}{_NOWHERE}"


def _identifiers(repository: Repository) -> Iterator[Probe]:
    named = ("identifier", unknown_identifier(repository))
    right = ("idDoesNotExist",)
    yield Probe("identifier-accepted", right, _pairs(Verb.GET_RECORD, named, _DC))
    yield Probe("identifier-accepted", right, _pairs(Verb.LIST_METADATA_FORMATS, named))


def _dates(repository: Repository, stamp: str) -> Iterator[Probe]:
    for verb in _SELECTIVE:
        for text in ("junk", "2002-13-45", "2002-02-30", "2001", "2001-01"):
            yield Probe("date-accepted", (_BAD,), _pairs(verb, _DC, ("from", text)))
        for text in ("junk", "2002-13-45", "31/12/2001"):
            yield Probe("date-accepted", (_BAD,), _pairs(verb, _DC, ("until", text)))
        for text in (
            *("2001-01-01T00:00:00", "2001-01-01T00:00:00.5Z", "2001-01-01T00:00Z"),
            *("2001-01-01T00:00:00+07:00", "2001-01-01T25:61:00Z", "20010101"),
        ):
            yield Probe("date-form-accepted", (_BAD,), _pairs(verb, _DC, ("from", text)))
        start, end = _forms(repository)
        yield _span("span-backwards-accepted", verb, end, start)
        yield _span("granularity-mixed-accepted", verb, _DAY_FORM[0], _SECOND_FORM[1])
        yield _span("granularity-mixed-accepted", verb, _SECOND_FORM[0], _DAY_FORM[1])
        if repository.granularity is Granularity.DAY:
            for name, text in (("from", _SECOND_FORM[0]), ("until", _SECOND_FORM[1])):
                yield Probe("granularity-finer-accepted", (_BAD,), _pairs(verb, _DC, (name, text)))
            yield _span("granularity-finer-accepted", verb, *_SECOND_FORM)
        yield from _outside(repository, verb, stamp)


def _forms(repository: Repository) -> tuple[str, str]:
    return _DAY_FORM if repository.granularity is Granularity.DAY else _SECOND_FORM


def _span(fault: str, verb: Verb, start: str, end: str) -> Probe:
    return Probe(fault, (_BAD,), _pairs(verb, _DC, ("from", start), ("until", end)))


def _outside(repository: Repository, verb: Verb, stamp: str) -> Iterator[Probe]:
    """Yield what asks for times in which there can be no record."""
    right = ("noRecordsMatch",)
    try:
        early = parse_stamp(repository.earliest) - _YEAR
        before = format_stamp(early, repository.granularity)
    except (ValueError, OverflowError, OSError):
        before = ""
    if before and stamp:
        yield Probe("until-ignored", right, _pairs(verb, _DC, ("until", before)))
    try:
        later = format_stamp(parse_stamp(repository.began) + 2 * _YEAR, repository.granularity)
    except ValueError:
        return
    yield Probe("from-ignored", (*right, _BAD), _pairs(verb, _DC, ("from", later)))


def _sets(repository: Repository) -> Iterator[Probe]:
    for verb in _SELECTIVE:
        if repository.has_sets:
            right = ("noRecordsMatch", _BAD)
            yield Probe("set-accepted", right, _pairs(verb, _DC, ("set", _NOWHERE)))
            yield _twice(verb, _DC, ("set", _NOWHERE), ("set", _NOWHERE))
        else:
            yield Probe("set-accepted", ("noSetHierarchy",), _pairs(verb, _DC, ("set", _NOWHERE)))


def _tokens(repository: Repository) -> Iterator[Probe]:
    right = ("badResumptionToken",)
    wrong = ("resumptionToken", _TOKEN)
    for verb in _SELECTIVE:
        yield Probe("token-accepted", right, _pairs(verb, wrong))
        yield Probe("token-accepted", (*right, _BAD), _pairs(verb, ("resumptionToken", "")))
        yield Probe("token-argument-accepted", (*right, _BAD), _pairs(verb, wrong, _DC))
        yield Probe("token-accepted", (*right, _BAD), _pairs(verb, wrong, wrong))
    sets = right if repository.has_sets else (*right, "noSetHierarchy")
    yield Probe("token-accepted", sets, _pairs(Verb.LIST_SETS, wrong))
