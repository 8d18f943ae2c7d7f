"""The child process that runs one XSLT stylesheet: it can open nothing, and may be killed any time.

Run by its path, isolated. On standard input a length and the stylesheet, then a length and a
document, again and again; on standard output for each a byte (1 done, 0 failed), a length and the
result or the reason. Frames are the same both ways.
"""

from __future__ import annotations

import resource
import struct
import sys
from typing import IO

from lxml import etree

_MEMORY = 1 << 30
_SECONDS = 30
"""Of its own time: whoever asked may have been killed and stops nothing any more."""
_LENGTH = struct.Struct(">I")
_NOTHING = etree.XSLTAccessControl(
    read_file=False, write_file=False, create_dir=False, read_network=False, write_network=False
)


def main(given: IO[bytes], out: IO[bytes]) -> None:
    """Answer until there is nothing more on the input."""
    _bind()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    # Without regexp, which would run Python's own matcher, without a limit.
    stylesheet = etree.XSLT(
        etree.fromstring(_taken(given), parser), access_control=_NOTHING, regexp=False
    )
    while document := _taken(given):
        try:
            answer = b"\1", _transformed(stylesheet, etree.fromstring(document, parser))
        except (etree.LxmlError, MemoryError, ValueError) as error:
            answer = b"\0", str(error).encode("utf-8", "replace")
        out.write(answer[0] + _LENGTH.pack(len(answer[1])) + answer[1])
        out.flush()


def _transformed(stylesheet: etree.XSLT, document: etree._Element) -> bytes:
    """Return a result as bytes; the process ends where it takes far too long, as nobody waits."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + _SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
    result = stylesheet(document)
    root: etree._Element | None = result.getroot()
    return b"" if root is None else etree.tostring(root, encoding="utf-8")


def _bind() -> None:
    """Take away what a stylesheet could do harm with beside time: memory, and files."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _taken(given: IO[bytes]) -> bytes:
    head = given.read(_LENGTH.size)
    return given.read(*_LENGTH.unpack(head)) if len(head) == _LENGTH.size else b""


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
