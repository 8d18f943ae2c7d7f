"""How libyaz reads queries, asked in a process of its own: what it does not survive, tests do.

Run as a program it takes a JSON list ``[language, query]`` a line and answers with what libyaz made
of it as JSON a line: the query as nested lists, or an error as ``{"error": number}``.
"""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from ctypes import (
    POINTER,
    Structure,
    c_char_p,
    c_int,
    c_longlong,
    c_short,
    c_size_t,
    c_void_p,
    cast,
)
from pathlib import Path
from typing import Any

LIBRARY = "libyaz.so.5"
TABLE = Path("/usr/share/yaz/etc/pqf.properties")
_ENOUGH = 1 << 20


class Choice(Structure):
    """A C struct that says by a number what its pointer leads to."""

    _fields_ = (("which", c_int), ("value", c_void_p))


class Two(Structure):
    """Two pointers."""

    _fields_ = (("first", c_void_p), ("second", c_void_p))


class Three(Structure):
    """Three pointers."""

    _fields_ = (("first", c_void_p), ("second", c_void_p), ("third", c_void_p))


class Many(Structure):
    """A counted array of pointers."""

    _fields_ = (("count", c_int), ("items", POINTER(c_void_p)))


class Element(Structure):
    """One attribute: its set, type and value."""

    _fields_ = (
        ("set", POINTER(c_short)),
        ("type", POINTER(c_longlong)),
        ("which", c_int),
        ("value", c_void_p),
    )


class Proximity(Structure):
    """What ``@prox`` says."""

    _fields_ = (
        ("exclusion", POINTER(c_int)),
        ("distance", POINTER(c_longlong)),
        ("ordered", POINTER(c_int)),
        ("relation", POINTER(c_longlong)),
        ("which", c_int),
        ("unit", POINTER(c_longlong)),
    )


class Octets(Structure):
    """Bytes with their number."""

    _fields_ = (("bytes", c_void_p), ("count", c_int))


def _at(kind: type[Any], address: int | None) -> Any:
    return cast(c_void_p(address), POINTER(kind)).contents


def _number(address: int | None) -> int:
    return int(_at(c_longlong, address).value)


def _text(address: int | None) -> str:
    return (ctypes.string_at(address) if address else b"").decode("utf-8", "replace")


def _oid(arcs: Any) -> str:
    found: list[str] = []
    while arcs and arcs[len(found)] >= 0:
        found.append(str(arcs[len(found)]))
    return ".".join(found)


def _oid_at(address: int | None) -> str:
    return _oid(cast(c_void_p(address), POINTER(c_short)))


def _query(address: int) -> list[Any]:
    query = _at(Two, address)
    return [_oid_at(query.first), _structure(query.second)]


def _structure(address: int) -> list[Any]:
    node = _at(Choice, address)
    if node.which == 1:
        return _operand(node.value)
    joined = _at(Three, node.value)
    return [_operator(joined.third), _structure(joined.first), _structure(joined.second)]


def _operator(address: int) -> Any:
    operator = _at(Choice, address)
    if operator.which < 4:
        return ("and", "or", "not")[operator.which - 1]
    said = _at(Proximity, operator.value)
    return [
        "prox",
        bool(said.exclusion and said.exclusion[0]),
        said.distance[0],
        bool(said.ordered[0]),
        said.relation[0],
        "known" if said.which == 1 else "private",
        said.unit[0],
    ]


def _operand(address: int) -> list[Any]:
    operand = _at(Choice, address)
    if operand.which == 1:
        both = _at(Two, operand.value)
        return ["term", _term(both.second), _attributes(both.first)]
    return ["set", _text(operand.value)]


def _attributes(address: int | None) -> list[Any]:
    if not address:
        return []
    many = _at(Many, address)
    return [_attribute(_at(Element, many.items[place])) for place in range(many.count)]


def _attribute(element: Any) -> list[Any]:
    if element.which == 1:
        value: Any = _number(element.value)
    else:
        listed = _at(Many, element.value)
        choices = [_at(Choice, listed.items[place]) for place in range(listed.count)]
        value = [_text(c.value) if c.which == 1 else _number(c.value) for c in choices]
    return [_oid(element.set), element.type[0], value]


def _term(address: int) -> list[Any]:
    term = _at(Choice, address)
    if term.which == 1:
        octets = _at(Octets, term.value)
        value: Any = ctypes.string_at(octets.bytes, octets.count).decode("utf-8", "replace")
    elif term.which == 2:
        value = str(_number(term.value))
    else:
        value = _oid_at(term.value) if term.which == 4 else _text(term.value)
    return [term.which, value]


class Reader:
    """libyaz, opened."""

    def __init__(self) -> None:
        self.yaz = ctypes.CDLL(LIBRARY)
        for name in ("odr_createmem", "yaz_pqf_create", "yaz_pqf_parse", "cql_parser_create"):
            getattr(self.yaz, name).restype = c_void_p
        for name in ("cql_parser_result", "cql_transform_open_fname"):
            getattr(self.yaz, name).restype = c_void_p
        self.memory = c_void_p(self.yaz.odr_createmem(1))
        self.table = c_void_p(self.yaz.cql_transform_open_fname(str(TABLE).encode()))

    def pqf(self, query: str) -> Any:
        """Return a query in PQF as libyaz reads it."""
        parser = c_void_p(self.yaz.yaz_pqf_create())
        found = self.yaz.yaz_pqf_parse(parser, self.memory, c_char_p(query.encode()))
        if found:
            return _query(found)
        said, place = c_char_p(), c_size_t()
        number = self.yaz.yaz_pqf_error(parser, ctypes.byref(said), ctypes.byref(place))
        return {"error": number, "at": place.value}

    def xcql(self, query: str) -> Any:
        """Return a query in CQL as XCQL."""
        return self._cql(query, self.yaz.cql_to_xml_buf)

    def transformed(self, query: str) -> Any:
        """Return a query in CQL as libyaz and its own table put it in PQF."""

        def transform(node: c_void_p, into: Any, size: int) -> int:
            return int(self.yaz.cql_transform_buf(self.table, node, into, size))

        return self._cql(query, transform, wrong=lambda status: status != 0)

    def _cql(self, query: str, work: Any, wrong: Any = lambda status: status < 0) -> Any:
        parser = c_void_p(self.yaz.cql_parser_create())
        if self.yaz.cql_parser_string(parser, c_char_p(query.encode())):
            return {"error": 10}
        out = ctypes.create_string_buffer(_ENOUGH)
        status = work(c_void_p(self.yaz.cql_parser_result(parser)), out, _ENOUGH)
        return {"error": status} if wrong(status) else out.value.decode("utf-8", "replace")

    def diagnostics(self, query: str) -> Any:
        """Return which number of one list libyaz takes for one of the other: ``srw 108``."""
        towards, number = query.split()
        return getattr(self.yaz, f"yaz_diag_{towards}")(int(number))


def libyaz_is_there() -> bool:
    """Return whether libyaz and its table are installed, as by Debian's ``libyaz-dev``."""
    try:
        ctypes.CDLL(LIBRARY)
    except OSError:
        return False
    return TABLE.exists()


def readings(asked: Iterable[tuple[str, str]]) -> list[Any]:
    """Return what libyaz makes of each (way of reading, query)."""
    lines = "".join(json.dumps(each) + "\n" for each in asked)
    done = subprocess.run(
        [sys.executable, __file__], input=lines, capture_output=True, text=True, check=True
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def main() -> None:
    """Answer until there is nothing more to read."""
    # libyaz says things of its own on standard output.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    reader = Reader()
    for line in sys.stdin:
        way, query = json.loads(line)
        print(json.dumps(getattr(reader, way)(query)), file=answers, flush=True)


if __name__ == "__main__":
    main()
