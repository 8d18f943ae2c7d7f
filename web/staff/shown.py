"""Bytes as people can look at them: text with its unseen signs made visible, or hex."""

from __future__ import annotations

import codecs
import unicodedata

MOST = 20_000
"""Bytes shown; the whole can be fetched as a file."""
_PICTURES = {code: chr(0x2400 + code) for code in range(0x20)}
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cn", "Zl", "Zp"})
"""Kinds of signs (Unicode) that show nothing, or turn the order of what stands beside them."""
_PRINTABLE = range(0x20, 0x7F)
_ROW = 16
_TEXT_SHARE = 0.85


def shown(data: bytes, most: int = MOST) -> str:
    """Return the beginning of some bytes: what is no UTF-8 by its number, or all of it in hex."""
    head, cut = data[:most], len(data) > most
    more = " …" if cut else ""
    if not _is_text(head):
        return _hex(head) + more
    # Where it is cut, the last letter may have been cut in two.
    read = codecs.getincrementaldecoder("utf-8")("backslashreplace")
    return visible(read.decode(head, final=not cut)) + more


def visible(text: str) -> str:
    """Return a text with its unseen signs made visible, and none that turns its order."""
    return text if text.isprintable() else "".join(map(_seen, text))


def _seen(sign: str) -> str:
    if sign in "\t\r\n" or unicodedata.category(sign) not in _UNSEEN:
        return sign
    return _PICTURES.get(ord(sign)) or f"\\u{ord(sign):04x}"


def _is_text(data: bytes) -> bool:
    """Tell whether most of it can be read; legacy encodings of Vietnamese can, in part."""
    plain = sum(byte in _PRINTABLE or byte in b"\t\r\n\x1d\x1e\x1f" for byte in data)
    marked = len(data.decode("utf-8", "ignore").encode("utf-8")) - plain
    return plain + max(marked, 0) >= _TEXT_SHARE * len(data)


def _hex(data: bytes) -> str:
    rows = (data[start : start + _ROW] for start in range(0, len(data), _ROW))
    return "\n".join(
        f"{number * _ROW:06x}  {row.hex(' '):<{3 * _ROW}} "
        + "".join(chr(byte) if byte in _PRINTABLE else "." for byte in row)
        for number, row in enumerate(rows)
    )
