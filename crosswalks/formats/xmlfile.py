"""The records of an XML file, one after the other, each with what it needs to be read alone.

The file is cut at the records' own tags and never parsed as a whole: damage costs the record that
it is in, memory is bounded by one record, and the bytes and their offset are the file's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO


def split(stream: IO[bytes], *names: str) -> Iterator[tuple[int, bytes]]:
    """Yield (offset, bytes) for each element with one of these local names, the innermost ones."""
    raise NotImplementedError
