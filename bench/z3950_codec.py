"""Reading and writing messages of Z39.50, beside asn1tools on the same schema.

asn1tools is no part of the project: install it (``pip install asn1tools``) to have it measured. It
compiles the project's own ``schema.asn``, with EXTERNAL under another name, since its own EXTERNAL
is not that of 1988. Compiling is not measured. Records are as long as MARC records are on average;
neither codec looks into them.
"""

from __future__ import annotations

import importlib.util
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.resources import files
from typing import Any

from bench.harness import Measure, Work, best, plain, save, show
from protocols import pqf
from protocols.z3950 import Framer, Pdu, decode, encode, oids
from protocols.z3950.externals import octet_aligned
from protocols.z3950.queries import to_rpn
from protocols.z3950.values.queries import Type1
from protocols.z3950.values.records import NamePlusRecord, ResponseRecords
from protocols.z3950.values.searches import PresentResponse, SearchRequest

_RECORD = bytes(1_600)
_QUERY = (
    '@and @attr 1=4 @attr 2=3 @attr 4=1 @attr 5=100 "fire research" @attr 1=1003 @attr 4=2 smith'
)
_WANTED = 1.8
"""How many times as fast as asn1tools responses are to be read."""
_PIECE = 4_096


@dataclass(frozen=True, slots=True)
class Subject:
    """A message, as octets and as what a codec makes of it, and that codec."""

    octets: bytes
    value: Any
    read: Callable[[bytes], Any]
    write: Callable[[Any], bytes]


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of this benchmark."""
    parser.add_argument("--messages", type=int, default=300, help="of 100 records each")
    parser.add_argument("--rounds", type=int, default=3, help="turns; the best one counts")


def run(options: Namespace) -> None:
    """Measure, print and keep the figures."""
    peer = importlib.util.find_spec("asn1tools") is not None
    results = {}
    for title, message, each, times in (
        ("responses of 100 records of 1,600 bytes", _response(), 100, options.messages),
        ("search requests of two terms", _request(), 1, 20 * options.messages),
    ):
        works = _works(encode(message), each, times, peer=peer)
        measures = best(works, options.rounds)
        show(title, measures, _ratios(measures, wanted=each > 1))
        results[title] = plain(measures)
    framed = best([Work(name="cut out, 4 KiB at a time", function=frame, arguments=(7_200,))], 1)
    show("one message of 11.6 MB, all lengths indefinite", framed)
    if not peer:
        print("  asn1tools is not installed, so there is nothing to compare with")
    save("z3950-codec", vars(options), results | {"framed": plain(framed)})


def _works(octets: bytes, each: int, times: int, *, peer: bool) -> list[Work]:
    codecs = {"ours": ours, "asn1tools": asn1tools} if peer else {"ours": ours}
    return [
        Work(
            name=f"{name}, {function.__name__}",
            function=function,
            arguments=(each, times),
            around=partial(codec, octets),
        )
        for function in (read, write)
        for name, codec in codecs.items()
    ]


def _ratios(measures: list[Measure], *, wanted: bool) -> list[str]:
    found = {each.name: each.per_cpu_second for each in measures}
    return [
        f"per CPU second, {name}: ours {found[f'ours, {name}'] / theirs:.2f} x asn1tools"
        + (f" (wanted: {_WANTED})" if wanted and name == "read" else "")
        for name in ("read", "write")
        if (theirs := found.get(f"asn1tools, {name}"))
    ]


def read(each: int, times: int, subject: Subject) -> int:
    """Read a message so many times; ``each`` is how many records it counts for."""
    for _ in range(times):
        subject.read(subject.octets)
    return each * times


def write(each: int, times: int, subject: Subject) -> int:
    """Write a message so many times; ``each`` is how many records it counts for."""
    for _ in range(times):
        subject.write(subject.value)
    return each * times


@contextmanager
def ours(octets: bytes) -> Iterator[Subject]:
    """Give a message and our codec, which has read it once."""
    value = decode(octets)
    assert encode(value) == octets
    yield Subject(octets, value, decode, encode)


@contextmanager
def asn1tools(octets: bytes) -> Iterator[Subject]:
    """Give a message and that of asn1tools, which writes the same octets of what it read."""
    text = files("protocols.z3950").joinpath("schema.asn").read_text(encoding="utf-8")
    module = f"Z3950 DEFINITIONS EXPLICIT TAGS ::= BEGIN\n{text}\nEND\n"
    compiled = import_module("asn1tools").compile_string(
        module.replace("EXTERNAL", "ExternalForm"), "ber"
    )
    value = compiled.decode("PDU", octets)
    assert compiled.encode("PDU", value) == octets
    yield Subject(octets, value, partial(compiled.decode, "PDU"), partial(_encoded, compiled))


def _encoded(compiled: Any, value: Any) -> bytes:
    return bytes(compiled.encode("PDU", value))


def frame(records: int) -> int:
    """Cut one message out of a stream that comes in small pieces."""
    record = b"\x30\x80\x04\x82" + len(_RECORD).to_bytes(2, "big") + _RECORD + b"\x00\x00"
    stream = b"\xb9\x80" + record * records + b"\x00\x00"
    framer = Framer()
    found = 0
    for at in range(0, len(stream), _PIECE):
        found += len(framer.feed(stream[at : at + _PIECE]))
    assert found == 1
    return records


def _response() -> Pdu:
    record = NamePlusRecord(name="union", record=octet_aligned(oids.USMARC, _RECORD))
    return PresentResponse(
        number_of_records_returned=100,
        next_result_set_position=101,
        present_status=0,
        records=ResponseRecords((record,) * 100),
    )


def _request() -> Pdu:
    return SearchRequest(
        small_set_upper_bound=0,
        large_set_lower_bound=1,
        medium_set_present_number=0,
        replace_indicator=True,
        result_set_name="default",
        database_names=("union",),
        query=Type1(to_rpn(pqf.read(_QUERY))),
    )
