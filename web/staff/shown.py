"""Bytes as people can look at them: text with its unseen signs made visible, or hex."""

from __future__ import annotations

MOST = 20_000
"""Bytes shown; the whole can be fetched as a file."""
_PICTURES = {code: 0x2400 + code for code in range(0x20) if code not in (0x09, 0x0A, 0x0D)}
_PRINTABLE = range(0x20, 0x7F)
_ROW = 16
_TEXT_SHARE = 0.85


def shown(data: bytes, most: int = MOST) -> str:
    """Return the beginning of some bytes: what is no UTF-8 by its number, or all of it in hex."""
    head = data[:most]
    text = head.decode("utf-8", "backslashreplace")
    more = " …" if len(data) > most else ""
    return (text.translate(_PICTURES) if _is_text(head) else _hex(head)) + more


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
