"""Identify: what the repository says of itself (OAI-PMH 2.0 s4.2), and its clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

from lxml.etree import _Element

from harvester.validate.asking import Line
from harvester.validate.envelope import bare, plain
from harvester.validate.grammar import elements
from harvester.validate.model import Exchange, Found, Repository, text_of
from harvester.validate.payload import payload
from harvester.validate.records import seconds_of
from protocols.oai import (
    OAI,
    OAI_IDENTIFIER,
    Granularity,
    Verb,
    format_stamp,
    granularity_of,
)

_DAY = 86_400
_SLACK = 900
"""Seconds that two clocks may differ."""
_FARTHEST = 14 * 3600
"""Seconds that a zone may be away from UTC."""
_QUARTER = 900
_STEP_BACK = 5
"""Seconds that several servers behind one address may differ."""
_NEAR = 60


def identify(line: Line) -> Exchange:
    """Ask for Identify and judge what it says; what later checks need of it goes to the line."""
    exchange = line.ask(Verb.IDENTIFY)
    content = exchange.content
    repository = line.repository
    if content is None:
        if exchange.root is not None:
            line.add(Found("no-identify", {"code": ", ".join(exchange.errors) or "-"}), exchange)
        return exchange
    repository.base_url = text_of(content, "baseURL")
    repository.earliest = text_of(content, "earliestDatestamp")
    repository.deleted = text_of(content, "deletedRecord")
    told = text_of(content, "granularity")
    if told in set(Granularity):
        repository.granularity = Granularity(told)
    _begin(repository, exchange.moment)
    repository.scheme = _scheme(content)
    line.add_all(_judge(line, content), exchange)
    return exchange


def _begin(repository: Repository, moment: str) -> None:
    """Note when we began, by the repository's clock unless it is a day off."""
    now = int(datetime.now(UTC).timestamp())
    theirs = seconds_of(moment)
    repository.clock = moment
    near = theirs is not None and abs(theirs - now) < _DAY
    repository.began = format_stamp(
        theirs if near and theirs is not None else now, repository.granularity
    )


def _judge(line: Line, content: _Element) -> Iterator[Found]:
    repository = line.repository
    yield from _base_url(line, repository.base_url)
    if not text_of(content, "repositoryName"):
        yield Found("no-name")
    earliest = repository.earliest
    seconds = seconds_of(earliest)
    if seconds is None:
        yield Found("earliest-form", {"place": "Identify/earliestDatestamp", "value": earliest})
    elif granularity_of(earliest) is not repository.granularity:
        details = {"value": earliest, "right": repository.granularity.value}
        yield Found("earliest-granularity", details)
    elif seconds > datetime.now(UTC).timestamp() + _DAY:
        yield Found("earliest-future", {"value": earliest})
    for email in content.findall(f"{{{OAI}}}adminEmail"):
        if (email.text or "").startswith("mailto:"):
            yield Found("mailto", {"value": email.text})
    codings = [(one.text or "").strip() for one in content.findall(f"{{{OAI}}}compression")]
    if "identity" in codings:
        yield Found("compression-identity")
    yield from _descriptions(content)


def _base_url(line: Line, told: str) -> Iterator[Found]:
    try:
        parts = urlsplit(told)
        is_url = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        is_url = False
    if not is_url or "verb=" in told:
        yield Found("base-url-form", {"value": told[:200]})
        return
    asked = {line.url, bare(line.url), bare(line.reached)}
    if not {plain(told), plain(bare(told))} & {plain(each) for each in asked}:
        yield Found("base-url", {"value": told[:200], "asked": line.url})


def _descriptions(content: _Element) -> Iterator[Found]:
    count = 0
    for description in content.findall(f"{{{OAI}}}description"):
        for held in elements(description):
            count += held.tag == f"{{{OAI_IDENTIFIER}}}oai-identifier"
            yield from payload(held)
            yield from _sample(held)
    if count > 1:
        yield Found("oai-identifier-twice")


def _sample(held: _Element) -> Iterator[Found]:
    if held.tag != f"{{{OAI_IDENTIFIER}}}oai-identifier":
        return
    sample = (held.findtext(f"{{{OAI_IDENTIFIER}}}sampleIdentifier") or "").strip()
    scheme = _start(held)
    if sample and scheme and not sample.startswith(scheme):
        yield Found("oai-identifier-sample", {"value": sample, "right": scheme})


def _scheme(content: _Element) -> str:
    held = content.find(f"{{{OAI}}}description/{{{OAI_IDENTIFIER}}}oai-identifier")
    return "" if held is None else _start(held)


def _start(held: _Element) -> str:
    domain = (held.findtext(f"{{{OAI_IDENTIFIER}}}repositoryIdentifier") or "").strip()
    return f"oai:{domain}:" if domain else ""


def _clock(moment: str) -> Iterator[Found]:
    """Yield how far a clock that goes is off."""
    theirs = seconds_of(moment)
    if theirs is None:
        return
    off = round(theirs - datetime.now(UTC).timestamp())
    if abs(off) <= _SLACK:
        return
    beside = (off + _NEAR) % _QUARTER
    if abs(off) <= _FARTHEST + _NEAR and beside <= 2 * _NEAR:
        yield Found("clock-zone", {"value": moment, "hours": f"{off / 3600:+.3g}"})
    else:
        yield Found("clock", {"value": moment})


def judge_clock(line: Line, first: Exchange, last: Exchange) -> None:
    """Take in where the clock of the answers is wrong, stands still, or runs backwards."""
    one, two = seconds_of(first.moment), seconds_of(last.moment)
    if one is None or two is None:
        return
    if two < one - _STEP_BACK:
        line.add(Found("clock-back", {"value": last.moment, "before": first.moment}), last)
    elif one == two and line.options.pause >= 1:
        line.add(Found("clock-stands", {"value": last.moment}), last)
    else:
        line.add_all(_clock(first.moment), first)
