"""``lienthong text``: Vietnamese text line by line, from standard input to standard output.

Needs no hub and no database. A line that makes no sense is answered as far as it goes, so that
what comes out stands beside what went in.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from typing import IO, NamedTuple

import click

from crosswalks import encodings
from crosswalks.encodings import Decision, Encoding, Evidence
from crosswalks.sameness import FIELDS, same
from crosswalks.text import fold as folded
from crosswalks.text import storable, word_key
from hub.instance import Hub
from hub.lines import as_seen, lines, meanings, one_line
from hub.options import json_option
from hub.stopping import interrupted_by_terminate
from web.language import mark

_IN_MEMORY = 16 << 20
_NO_PAIR = mark("Line {number} is not two values with a tab between them; it counts as different.")
_UNSURE = mark("The encoding is not sure enough, so nothing was changed. More lines may help.")


class Line(NamedTuple):
    """One line as it was repaired."""

    encoding: str
    text: str
    original: str


@click.group("text")
def group() -> None:
    """Fold, compare and repair Vietnamese text, line by line from standard input."""


@group.command("fold")
@json_option
@click.pass_obj
def fold(hub: Hub, /, *, as_json: bool) -> None:
    """Write each line in small letters without marks, as search sees it."""
    _filter(hub, folded, "folded", as_json=as_json)


@group.command("key")
@json_option
@click.pass_obj
def key(hub: Hub, /, *, as_json: bool) -> None:
    """Write each line's key: equal where only the spelling of the same words differs."""
    _filter(hub, word_key, "key", as_json=as_json)


@group.command("repair")
@json_option
@click.pass_obj
def repair(hub: Hub, /, *, as_json: bool) -> None:
    """Find the encoding of all the lines together, and write each with its text repaired."""
    with interrupted_by_terminate(), tempfile.SpooledTemporaryFile(_IN_MEMORY) as kept:
        evidence, count = _gathered(kept)
        decided = encodings.decide(evidence, min(count, encodings.FIELDS) or 1)
        if decided.encoding is None:
            hub.output.notice(_UNSURE)
        kept.seek(0)
        for line in _repaired(kept, decided):
            if as_json:
                hub.output.value(line._asdict())
            else:
                _write(f"{line.encoding}\t{line.text}")


@group.command("same")
@click.option("--field", type=click.Choice(sorted(FIELDS)), required=True, help="What they are.")
@json_option
@click.pass_obj
def same_command(hub: Hub, /, *, field: str, as_json: bool) -> int:
    """Tell of each pair of values, with a tab between them, whether they say the same."""
    code = 0
    for number, line in enumerate(lines(), 1):
        one, tab, other = line.partition(b"\t")
        if not tab or b"\t" in other:
            hub.output.notice(_NO_PAIR, number=number)
            code = 1
        is_same = bool(tab) and _is_same(field, one, other)
        verdict = "same" if is_same else "different"
        if as_json:
            hub.output.value({"a": as_seen(one), "b": as_seen(other), "verdict": verdict})
        else:
            _write(verdict)
    return code


def _filter(hub: Hub, change: Callable[[str], str], name: str, *, as_json: bool) -> None:
    for line in lines():
        meant = meanings(line)[0]
        if as_json:
            hub.output.value({"text": meant, name: change(meant)})
        else:
            _write(change(meant))


def _is_same(field: str, one: bytes, other: bytes) -> bool:
    return any(same(field, a, b) for a in meanings(one) for b in meanings(other))


def _gathered(kept: IO[bytes]) -> tuple[Evidence, int]:
    """Keep the lines of standard input, and return what they show and how many say something."""
    evidence, count = Evidence(), 0
    for line in lines():
        kept.write(line + b"\n")
        count += bool(line.strip())
        evidence.add((as_seen(line),))
    return evidence, count


def _repaired(kept: IO[bytes], decided: Decision) -> Iterator[Line]:
    encoding, is_mixed = decided.encoding or Encoding.UTF_8, decided.unicode > 0
    for line in kept:
        original = as_seen(line.rstrip(b"\r\n"))
        repaired = encodings.repair(original, encoding, is_mixed=is_mixed, stops=decided.stops).text
        is_sound = repaired == original and encodings.is_unicode(original)
        named = Encoding.UTF_8 if is_sound else encoding
        yield Line(named.value, one_line(storable(repaired)), original)


def _write(line: str) -> None:
    # Data for other programs: nothing is changed in it for a terminal's sake, and each line goes
    # out before the next is read.
    out = sys.stdout.buffer
    out.write(f"{line}\n".encode("utf-8", "replace"))
    out.flush()
