"""Answers as bytes: XML and encodings."""

from __future__ import annotations

import re

from support.judged.faults.keeping import (
    RECORDS,
    of_bytes,
)

_TCVN3 = (
    "ThuyÕt minh gi¸o ¸n ®iÖn tö",
    "LÞch sö ViÖt Nam thêi kú cËn ®¹i",
    "Nh÷ng vÊn ®Ò vÒ gi¸o dôc ®¹i häc",
    "TuyÓn tËp truyÖn ng¾n hay",
)

of_bytes("a page cut", "not-well-formed", lambda body: body[: len(body) // 2], RECORDS)
of_bytes("a bare ampersand", "not-well-formed", lambda body: body.replace("đề".encode(), b"&", 1))
of_bytes("a control character", "not-well-formed", lambda body: body.replace(b"Nhan", b"N\x0b", 1))
of_bytes("latin bytes in UTF-8", "bad-utf-8", lambda body: body.replace("đ".encode(), b"\xf0", 1))
of_bytes("a document type", "doctype", lambda b: b.replace(b"?>", b"?><!DOCTYPE OAI-PMH>", 1))
of_bytes(
    *("text before the document", "not-well-formed"),
    lambda body: b"Notice: Undefined index\n" + body,
)
of_bytes("blank lines before the document", "not-well-formed", lambda body: b"\n" + body)
of_bytes("text behind the document", "not-well-formed", lambda body: body + b"Notice: x", RECORDS)
of_bytes(
    *("UTF-8 that is called Latin-1", "not-utf-8"),
    lambda body: body.replace(b'encoding="UTF-8"', b'encoding="ISO-8859-1"'),
)
of_bytes(
    *("Latin-1", "not-utf-8"),
    lambda body: (
        body.decode().replace('encoding="UTF-8"', 'encoding="ISO-8859-1"')
        .encode("iso-8859-1", "xmlcharrefreplace")
    ),
)  # fmt: skip
of_bytes(
    *("UTF-16", "not-utf-8"),
    lambda body: body.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16"),
)
of_bytes(
    *("text encoded twice", "text-misread"),
    lambda body: body.replace(
        "Nhan đề thứ".encode(), "Nhan đề thứ".encode().decode("latin-1").encode()
    ),
)
of_bytes(
    "text with a lost letter", "text-lost", lambda body: body.replace("đ".encode(), b"\xef\xbf\xbd")
)
of_bytes(
    *("text of TCVN3", "text-old-encoding"),
    lambda body: re.sub(
        "Nhan đề thứ [0-9]*([0-9])".encode(),
        lambda match: _TCVN3[int(match[1]) % len(_TCVN3)].encode(),
        body,
    ),
)
of_bytes("an empty answer", "empty-answer", lambda _: b"", "ListSets")
of_bytes("a page of HTML", "html-page", lambda _: b"<!DOCTYPE html><html><body>x", "ListSets")
of_bytes("another kind of XML", "not-oai", lambda _: b"<?xml version='1.0'?><rss/>", "ListSets")
