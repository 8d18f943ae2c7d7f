"""Small spreadsheets as a library's staff would save them, made by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias
from xml.sax.saxutils import escape, quoteattr

Cell: TypeAlias = str | float | None
Rows: TypeAlias = Sequence[Sequence[Cell]]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_HIDDEN = " state='hidden'"


def xlsx(
    sheets: Mapping[str, Rows], hidden: Iterable[str] = (), merged: Iterable[str] = ()
) -> bytes:
    """Return a workbook in Office Open XML; numbers are cells of numbers, None is no cell."""
    parts = {"[Content_Types].xml": _types(len(sheets)), "_rels/.rels": _relations({"workbook": 1})}
    unseen = set(hidden)
    entries = "".join(
        f"<sheet name={quoteattr(name)} sheetId='{at}' r:id='r{at}'"
        f"{_HIDDEN if name in unseen else ''}/>"
        for at, name in enumerate(sheets, start=1)
    )
    parts["xl/workbook.xml"] = (
        f"<workbook xmlns='{_MAIN}' xmlns:r='{_OFFICE}'><sheets>{entries}</sheets></workbook>"
    )
    parts["xl/_rels/workbook.xml.rels"] = _relations({"worksheet": len(sheets)})
    for at, rows in enumerate(sheets.values(), start=1):
        parts[f"xl/worksheets/sheet{at}.xml"] = _sheet(rows, list(merged))
    return zipped(parts)


def ods(sheets: Mapping[str, Rows]) -> bytes:
    """Return a workbook in OpenDocument."""
    tables = "".join(
        f"<table:table table:name={quoteattr(name)}>{''.join(map(_ods_row, rows))}</table:table>"
        for name, rows in sheets.items()
    )
    content = (
        f"<office:document-content xmlns:office='{_ODF}:office:1.0' xmlns:text='{_ODF}:text:1.0'"
        f" xmlns:table='{_ODF}:table:1.0'><office:body><office:spreadsheet>{tables}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        f"<manifest:manifest xmlns:manifest='{_ODF}:manifest:1.0'><manifest:file-entry"
        f" manifest:full-path='/' manifest:media-type='{kind}'/></manifest:manifest>"
    )
    return zipped({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP file; the first part is not compressed, as OpenDocument wants it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for at, (name, part) in enumerate(parts.items()):
            archive.writestr(name, part, zipfile.ZIP_DEFLATED if at else zipfile.ZIP_STORED)
    return out.getvalue()


def _types(sheets: int) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    each = "".join(
        f"<Override PartName='/xl/worksheets/sheet{at}.xml' ContentType='{kind}.worksheet+xml'/>"
        for at in range(1, sheets + 1)
    )
    return (
        f"<Types xmlns='{_PACKAGE}/content-types'><Default Extension='rels'"
        " ContentType='application/vnd.openxmlformats-package.relationships+xml'/>"
        f"<Override PartName='/xl/workbook.xml' ContentType='{kind}.sheet.main+xml'/>{each}</Types>"
    )


def _relations(wanted: Mapping[str, int]) -> str:
    [(kind, count)] = wanted.items()
    each = "".join(
        f"<Relationship Id='r{at}' Type='{_OFFICE}/"
        f"{'officeDocument' if kind == 'workbook' else kind}' Target='"
        f"{'xl/workbook.xml' if kind == 'workbook' else f'worksheets/sheet{at}.xml'}'/>"
        for at in range(1, count + 1)
    )
    return f"<Relationships xmlns='{_PACKAGE}/relationships'>{each}</Relationships>"


def _sheet(rows: Rows, merged: Sequence[str]) -> str:
    lines = "".join(
        f"<row r='{at}'>{''.join(_cell(cell, at, place) for place, cell in enumerate(row))}</row>"
        for at, row in enumerate(rows, start=1)
    )
    ranges = "".join(f"<mergeCell ref='{each}'/>" for each in merged)
    below = f"<mergeCells>{ranges}</mergeCells>" if ranges else ""
    return f"<worksheet xmlns='{_MAIN}'><sheetData>{lines}</sheetData>{below}</worksheet>"


def _cell(cell: Cell, row: int, place: int) -> str:
    name = f"{chr(ord('A') + place)}{row}"
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"<c r='{name}' t='inlineStr'><is><t>{escape(cell)}</t></is></c>"
    return f"<c r='{name}'><v>{cell}</v></c>"


def _ods_row(row: Sequence[Cell]) -> str:
    return f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>"


def _ods_cell(cell: Cell) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, str):
        return (
            "<table:table-cell office:value-type='string'>"
            f"<text:p>{escape(cell)}</text:p></table:table-cell>"
        )
    return f"<table:table-cell office:value-type='float' office:value='{cell}'/>"
