"""How libyaz reads and writes Z39.50, asked in a process of its own, which it may not survive.

Run as a program it takes a type of libyaz and octets in hexadecimal a line, ``z_APDU b31e...``, and
answers with the octets that it writes of what it read, or with ``error`` and a number. Given
``names`` it prints the object identifiers that libyaz has names for.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Sequence
from ctypes import byref, c_char_p, c_int, c_short, c_void_p
from typing import Any

LIBRARY = "libyaz.so.5"
_DECODE, _ENCODE = 0, 1


def rewritten(yaz: ctypes.CDLL, kind: str, octets: bytes) -> str:
    """Return what libyaz writes of what it reads."""
    read, write = c_void_p(yaz.odr_createmem(_DECODE)), c_void_p(yaz.odr_createmem(_ENCODE))
    codec = getattr(yaz, kind)
    value, length = c_void_p(), c_int()
    yaz.odr_setbuf(read, c_char_p(octets), len(octets), 0)
    if not codec(read, byref(value), 0, None):
        answer = f"error {yaz.odr_geterror(read)}"
    elif yaz.odr_offset(read) != len(octets):
        answer = "error rest"
    elif not codec(write, byref(value), 0, None):
        answer = f"error writing {yaz.odr_geterror(write)}"
    else:
        found = yaz.odr_getbuf(write, byref(length), None)
        answer = ctypes.string_at(found, length.value).hex()
    yaz.odr_destroy(write)
    yaz.odr_destroy(read)
    return answer


def answers(asked: Sequence[tuple[str, bytes]]) -> list[str]:
    """Return what libyaz answers to each (type, octets)."""
    lines = "".join(f"{kind} {octets.hex()}\n" for kind, octets in asked)
    done = subprocess.run(
        [sys.executable, __file__], input=lines, capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


def standard_names() -> set[tuple[str, str]]:
    """Return the names that libyaz has for object identifiers, in small letters, with these."""
    done = subprocess.run(
        [sys.executable, __file__, "names"], capture_output=True, text=True, check=True
    )
    pairs = (line.partition("\t") for line in done.stdout.splitlines())
    return {(name.lower(), oid) for oid, _, name in pairs}


def print_names(yaz: ctypes.CDLL) -> None:
    """Print object identifiers with their names."""
    taking = ctypes.CFUNCTYPE(None, ctypes.POINTER(c_short), c_int, c_char_p, c_void_p)

    def take(arcs: Any, _kind: int, name: bytes, _more: int | None) -> None:
        found: list[str] = []
        while arcs[len(found)] >= 0:
            found.append(str(arcs[len(found)]))
        print(".".join(found), name.decode(), sep="\t")

    yaz.yaz_oid_std.restype = c_void_p
    yaz.yaz_oid_trav(c_void_p(yaz.yaz_oid_std()), taking(take), None)


def main() -> None:
    """Answer until there is nothing more to read."""
    yaz = ctypes.CDLL(LIBRARY)
    if sys.argv[1:] == ["names"]:
        print_names(yaz)
        return
    # libyaz says things of its own on standard output.
    said = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    yaz.odr_createmem.restype = c_void_p
    yaz.odr_getbuf.restype = c_void_p
    for line in sys.stdin:
        kind, octets = line.split()
        print(rewritten(yaz, kind, bytes.fromhex(octets)), file=said, flush=True)


if __name__ == "__main__":
    main()
