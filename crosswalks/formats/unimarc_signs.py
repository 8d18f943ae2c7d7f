"""How UNIMARC is told from MARC 21, which has the same outer forms and tags of other meaning."""

from __future__ import annotations

import re

_RECORD_END = b"\x1d"
_LEADER, _ENTRY = 24, 12
_CODED = re.compile(rb"..\x1fa[0-9 ]{8}[a-z|# ][0-9 u?|#-]{4}[^\x1d-\x1f]{17,27}(?=[\x1e\x1f])")
_XML_CODED = re.compile(
    rb"<[^<>]*\btag=[\"']100[\"'][^<>]*>\s*<[^<>]*\bcode=[\"']a[\"'][^<>]*>"
    rb"[0-9 ]{8}[a-z|# ][0-9 u?|#-]{4}[^<]{17,27}<"
)
_XML_TAG = re.compile(rb"\btag=[\"'](200|245|008)[\"']")
_XML_SAYS = re.compile(rb"<[^<>]*\b(?:format|type)=[\"']UNIMARC", re.IGNORECASE)
_XML_END = re.compile(rb"</(?:[\w.-]+:)?record\s*>")


def is_xml(data: bytes) -> bool:
    """Tell whether the bytes are markup and not ISO 2709."""
    return data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def is_unimarc(data: bytes) -> bool:
    """Tell whether the bytes are, or begin with, a record that surely is UNIMARC."""
    return _is_unimarc_xml(data) if is_xml(data) else _is_unimarc_iso(data)


def _is_unimarc_xml(data: bytes) -> bool:
    end = _XML_END.search(data)
    first = data[: end.start()] if end else data
    tags = set(_XML_TAG.findall(first))
    if tags != {b"200"}:
        return False
    return bool(_XML_SAYS.search(first) or _XML_CODED.search(first))


def _is_unimarc_iso(data: bytes) -> bool:
    start = len(data) - len(data.lstrip(b"\xef\xbb\xbf\r\n\t \x00\x1a"))
    end = data.find(b"\x1e", start)
    if not data[start : start + 5].isdigit() or end < 0:
        return False
    directory = data[start + _LEADER : end]
    tags = {directory[at : at + 3] for at in range(0, len(directory), _ENTRY)}
    if not {b"100", b"200"} <= tags or tags & {b"245", b"008"}:
        return False
    stop = data.find(_RECORD_END, end)
    return bool(_CODED.search(data, end, stop if stop > 0 else len(data)))
