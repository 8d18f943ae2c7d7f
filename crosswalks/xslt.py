"""XSLT 1.0 for what the crosswalk language cannot say: a stylesheet below the word ``xslt``.

It runs in a child process that opens neither files nor connections (XSLTAccessControl denies all,
imports are refused before it starts), with a limit of memory, and is killed where it takes longer
than a few seconds over a record. Nothing in it is ever run as Python.
"""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import weakref
from collections.abc import Callable
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from threading import Lock
from time import monotonic
from typing import NamedTuple

from lxml import etree

from crosswalks.errors import FormatError
from crosswalks.formats import FORMATS, WRITTEN, Readable, Writable
from crosswalks.formats.xml import safe_parser
from crosswalks.language.errors import CrosswalkSyntax, MappingFailed, Misplaced
from crosswalks.model import Record, Schema

SECONDS = 5.0
"""For one record."""
LARGEST = 4 << 20
"""Bytes of a record, going in or coming out."""

_NAMESPACE = "http://www.w3.org/1999/XSL/Transform"
_FOREIGN = ("import", "include")
_LENGTH = struct.Struct(">I")
_CHILD = Path(__file__).with_name("xsltchild.py")
_IN_XML = {Schema.MARC21: "marcxml", Schema.UNIMARC: ""}
"""Formats whose name is not their schema's; UNIMARC is written in no XML."""
_PIECE = 1 << 16
_PATIENCE = 3
_TOO_LARGE = f"the record, or what was made of it, is larger than {LARGEST} bytes"
_TOO_SLOW = "the stylesheet took too long and was stopped"
_ENDED = "the stylesheet ended the process that it ran in"
_GIVEN_UP = f"the stylesheet had to be stopped {_PATIENCE} times in a row and is not run any more"


class Stylesheet(NamedTuple):
    """A crosswalk's stylesheet and where it stands in its text."""

    name: str
    body: bytes
    line: int
    """Of the text, at which the stylesheet begins."""


def transforming(
    stylesheet: Stylesheet, source: Schema, target: Schema, seconds: float = SECONDS
) -> Callable[[Record], Record]:
    """Return a stylesheet as a function; raise CrosswalkSyntax for one that cannot run.

    The function raises MappingFailed.
    """
    reader, writer = _reader(stylesheet, target), _writer(stylesheet, source)
    _check(stylesheet)
    child = _Child(stylesheet, seconds)

    def mapped(record: Record) -> Record:
        try:
            return reader.read(child.answer(writer.write(record)))
        except FormatError as error:
            raise _failed(stylesheet, error.reason) from error

    return mapped


def _reader(stylesheet: Stylesheet, schema: Schema) -> Readable:
    found = {form.NAME: form for form in FORMATS}.get(_in_xml(schema))
    if found is None:
        raise _impossible(stylesheet, schema)
    return found


def _in_xml(schema: Schema) -> str:
    return _IN_XML.get(schema, schema.value)


def _writer(stylesheet: Stylesheet, schema: Schema) -> Writable:
    found = {form.NAME: form for form in WRITTEN}.get(_in_xml(schema))
    if found is None:
        raise _impossible(stylesheet, schema)
    return found


def _impossible(stylesheet: Stylesheet, schema: Schema) -> CrosswalkSyntax:
    return _syntax(
        stylesheet, 1, Misplaced(1, "a stylesheet cannot work on {schema}", schema=schema.value)
    )


def _check(stylesheet: Stylesheet) -> None:
    """Raise CrosswalkSyntax for a stylesheet that is none, or wants other files."""
    try:
        root = etree.fromstring(stylesheet.body, safe_parser())
    except etree.XMLSyntaxError as error:
        line, column = error.position
        wrong = Misplaced(max(1, column), "this is no XML: {error}", error=str(error.msg))
        raise _syntax(stylesheet, line, wrong) from error
    if root.getroottree().docinfo.doctype:
        raise _syntax(stylesheet, 1, Misplaced(1, "a stylesheet must have no DOCTYPE"))
    for name in _FOREIGN:
        for element in root.iter(f"{{{_NAMESPACE}}}{name}"):
            wrong = Misplaced(1, "a stylesheet must not fetch another: {text}", text=f"xsl:{name}")
            raise _syntax(stylesheet, element.sourceline or 1, wrong)
    try:
        etree.XSLT(root, regexp=False, access_control=etree.XSLTAccessControl.DENY_ALL)
    except etree.XSLTParseError as error:
        wrong = Misplaced(1, "this is no stylesheet: {error}", error=str(error))
        raise _syntax(stylesheet, 1, wrong) from error


def _syntax(stylesheet: Stylesheet, line: int, wrong: Misplaced) -> CrosswalkSyntax:
    at = stylesheet.line + line - 1
    return CrosswalkSyntax(name=stylesheet.name, line=at, column=wrong.column, reason=wrong.reason)


def _failed(stylesheet: Stylesheet, reason: str) -> MappingFailed:
    return MappingFailed(name=stylesheet.name, line=stylesheet.line, reason=reason)


class _Stopped(Exception):
    """A stylesheet had to be stopped."""


class _Child:
    """The process that runs a stylesheet; started when needed, and again after it was killed."""

    def __init__(self, stylesheet: Stylesheet, seconds: float) -> None:
        self._stylesheet, self._seconds = stylesheet, seconds
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = 0

    def answer(self, document: bytes) -> bytes:
        """Return what the stylesheet makes of a document; raise MappingFailed."""
        with self._lock:
            if self._stopped >= _PATIENCE:
                raise _failed(self._stylesheet, _GIVEN_UP)
            if len(document) > LARGEST:
                raise _failed(self._stylesheet, _TOO_LARGE)
            process = self._process or self._start()
            try:
                done, body = self._exchange(process, document)
            except (OSError, _Stopped) as error:
                self._stopped += 1
                self._end(process)
                raise _failed(self._stylesheet, str(error) or _ENDED) from error
            self._stopped = 0
        if not done:
            raise _failed(self._stylesheet, body.decode("utf-8", "replace"))
        return body

    def _exchange(self, process: subprocess.Popen[bytes], document: bytes) -> tuple[bool, bytes]:
        assert process.stdin is not None
        process.stdin.write(_LENGTH.pack(len(document)) + document)
        process.stdin.flush()
        head = self._taken(process, 1 + _LENGTH.size)
        [size] = _LENGTH.unpack(head[1:])
        if size > LARGEST:
            raise _Stopped(_TOO_LARGE)
        return bool(head[0]), self._taken(process, size)

    def _taken(self, process: subprocess.Popen[bytes], size: int) -> bytes:
        """Return so many bytes of an answer; raise _Stopped where they do not come."""
        assert process.stdout is not None
        pipe = process.stdout.fileno()
        deadline, found = monotonic() + self._seconds, b""
        with DefaultSelector() as selector:
            selector.register(pipe, EVENT_READ)
            while len(found) < size:
                if not selector.select(max(0.0, deadline - monotonic())):
                    raise _Stopped(_TOO_SLOW)
                # Past the buffer: the selector sees only what is in the pipe.
                piece = os.read(pipe, min(_PIECE, size - len(found)))
                if not piece:
                    raise _Stopped(_ENDED)
                found += piece
        return found

    def _start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-I", str(_CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
        )
        weakref.finalize(self, _ended, process)
        assert process.stdin is not None
        body = self._stylesheet.body
        process.stdin.write(_LENGTH.pack(len(body)) + body)
        self._process = process
        return process

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        self._process = None
        _ended(process)


def _ended(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except BrokenPipeError:
                # What it was never given it no longer needs.
                continue
    process.wait()
