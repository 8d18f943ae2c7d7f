"""What a tar archive may say of itself, and whether it is there to its end.

Python's own reader takes a header that is none for the end, and reads no further: what stood
behind it would be missing in silence, and of a complete list be deleted.
"""

from __future__ import annotations

import tarfile
from typing import IO, Any, Self

from crosswalks.errors import Said
from harvester.files.errors import ArchiveDamaged

_LONGEST_NAME = 1 << 16
_META = {
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
}
_ZERO = bytes(tarfile.BLOCKSIZE)
_STEP = 1 << 18


class Member(tarfile.TarInfo):
    """A header of a tar archive; it may not announce names without end."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        """Return the header of a block; raise TarError where it is damaged."""
        try:
            made = super().frombuf(buf, encoding, errors)
        except tarfile.InvalidHeaderError as error:  # type: ignore[attr-defined]
            # Any other error: of this one tarfile makes the end of the archive.
            raise tarfile.ReadError(str(error)) from error
        if made.size < 0 or (made.type in _META and made.size > _LONGEST_NAME):
            reason = "a name without end" if made.size > 0 else "a size below zero"
            raise tarfile.ReadError(reason)
        return made


class Tail:
    """A stream that remembers how it ended: a tar archive ends with blocks of zeros."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._last = b""

    def read(self, size: int) -> bytes:
        """Return some bytes."""
        data = self._stream.read(size)
        self._last = (self._last + data)[-tarfile.BLOCKSIZE :]
        return data

    def check_end(self, name: str, rest: Any) -> None:
        """Raise ArchiveDamaged where it breaks off, or something stands behind its end.

        ``rest`` is what tarfile reads it by: that may have read further than it looked.
        """
        while data := rest.read(_STEP):
            if data.strip(b"\0"):
                raise ArchiveDamaged(file=name, reason=Said("more stands behind its end", {}))
        if self._last != _ZERO:
            raise ArchiveDamaged(file=name, reason=Said("it breaks off", {}))


def check(member: tarfile.TarInfo, name: str) -> None:
    """Raise ArchiveDamaged for a member that cannot be read as it is."""
    if member.issparse():
        raise ArchiveDamaged(file=name, reason=Said("it holds files with holes", {}))
    if member.size < 0:
        # A record in front of the header says so.
        raise ArchiveDamaged(file=name, reason=Said("a size below zero", {}))
