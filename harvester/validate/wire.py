"""An answer as bytes: HTTP (OAI-PMH 2.0 s3.1.2), compression, encoding, XML well-formed or not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import NamedTuple

from lxml import etree
from lxml.etree import XMLSyntaxError, _Element

from harvester.model import Answer
from harvester.oai.parsing import has_doctype, parse
from harvester.oai.xml import ROOT
from harvester.validate.model import Found

_BOM = b"\xef\xbb\xbf"
_DECLARATION = re.compile(rb"<\?xml\s[^>]*?\?>")
_ENCODING = re.compile(rb"encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_CHARSET = re.compile(r"charset\s*=\s*\"?([^\s\";]+)", re.IGNORECASE)
_HTML = re.compile(rb"<(!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"<\0?\0", b"\0<\0?")
_CODED = {"gzip", "x-gzip"}
_SAMPLE = 40
_HEAD = 4096


class Read(NamedTuple):
    """An answer taken apart."""

    root: _Element | None
    found: tuple[Found, ...]


def read(answer: Answer) -> Read:
    """Return the OAI-PMH element of an answer, None where it is none, and what is wrong."""
    root, found = _tree(answer)
    return Read(root, (*_http(answer, root), *_bytes(answer), *found))


def _http(answer: Answer, root: _Element | None) -> Iterator[Found]:
    if answer.status != HTTPStatus.OK:
        is_error = root is not None and root.find("{*}error") is not None
        code = "status-with-error" if is_error else "http-status"
        yield Found(code, {"status": answer.status}, str(answer.status))
    elif root is not None:
        yield from _kind(answer.headers.get("content-type", ""))
    if answer.body:
        yield from _coding(answer)


def _kind(told: str) -> Iterator[Found]:
    kind = told.partition(";")[0].strip().lower()
    if kind != "text/xml":
        yield Found("content-type", {"value": told or "-"}, kind)
    charset = _CHARSET.search(told)
    if charset and charset[1].lower() not in {"utf-8", "utf8"}:
        yield Found("charset", {"value": charset[1]})


def _coding(answer: Answer) -> Iterator[Found]:
    coding = answer.headers.get("content-encoding", "").strip().lower()
    if answer.packed and coding not in _CODED:
        yield Found("packed-unsaid")
    elif not answer.packed and coding not in ("", "identity"):
        yield Found("packed-undone", {"value": coding}, coding)


def _bytes(answer: Answer) -> Iterator[Found]:
    body = answer.body.removeprefix(_BOM)
    if not body or _HTML.search(body, 0, _HEAD):
        return
    if answer.body.startswith(_UTF16):
        yield Found("not-utf-8", {"value": "UTF-16"}, "utf-16")
        return
    declaration = _DECLARATION.match(body)
    if declaration is None:
        yield Found("no-declaration")
    else:
        encoding = _ENCODING.search(declaration[0])
        if encoding and encoding[1].lower() not in {b"utf-8", b"utf8"}:
            value = encoding[1].decode("ascii")
            yield Found("not-utf-8", {"value": value}, value.lower())
    try:
        body.decode()
    except UnicodeDecodeError as error:
        near = body[max(0, error.start - _SAMPLE) : error.start + _SAMPLE]
        sample = " ".join(near.decode("latin-1").split())
        yield Found("bad-utf-8", {"offset": error.start, "sample": sample})


def _tree(answer: Answer) -> tuple[_Element | None, tuple[Found, ...]]:
    if not answer.body.strip():
        return None, (Found("empty-answer"),) if answer.status == HTTPStatus.OK else ()
    try:
        root, _ = parse(answer.body)
    except XMLSyntaxError as error:
        return None, tuple(_unreadable(answer, error))
    if root.tag != ROOT:
        name = etree.QName(root)
        details = {"name": name.localname, "namespace": name.namespace or "-"}
        ok = answer.status == HTTPStatus.OK
        return None, (Found("not-oai", details, name.localname),) if ok else ()
    return root, (Found("doctype"),) if has_doctype(root) else ()


def _unreadable(answer: Answer, error: XMLSyntaxError) -> Iterator[Found]:
    if answer.status != HTTPStatus.OK:
        return
    if _HTML.search(answer.body, 0, _HEAD):
        yield Found("html-page")
        return
    line, column = error.position
    reason = (error.msg or "").partition(", line")[0]
    yield Found("not-well-formed", {"line": line, "column": column, "reason": reason})
