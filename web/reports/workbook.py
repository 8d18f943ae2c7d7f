"""Tables as a workbook of Office Open XML (ECMA-376 part 1, SpreadsheetML), and as CSV.

Text is kept in cells of text (``inlineStr``, s18.3.1.4), which no program takes for a formula, and
numbers in cells of numbers.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from web import spreadsheet
from web.reports.tables import Cell, Table

MIME_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_PART = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
# XML 1.0 s2.2 Char, and the underscore that begins an escape (ECMA-376 part 1 s22.4.2.4).
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_LONGEST = 32_767
"""Characters that a cell may have."""
_WIDEST, _NARROWEST = 60, 10
_SECOND = (1980, 1, 1, 0, 0, 0)
"""The same report gives the same bytes, whenever it is asked for."""
_HEADING, _NUMBER, _WRAPPED = 1, 2, 3
_STYLES = (
    f"<styleSheet xmlns='{_MAIN}'>"
    "<fonts count='2'><font><sz val='11'/><name val='Calibri'/></font>"
    "<font><b/><sz val='11'/><name val='Calibri'/></font></fonts>"
    "<fills count='2'><fill><patternFill patternType='none'/></fill>"
    "<fill><patternFill patternType='gray125'/></fill></fills>"
    "<borders count='1'><border/></borders>"
    "<cellStyleXfs count='1'><xf numFmtId='0' fontId='0' fillId='0' borderId='0'/></cellStyleXfs>"
    "<cellXfs count='4'><xf numFmtId='0' fontId='0' fillId='0' borderId='0' xfId='0'/>"
    "<xf numFmtId='0' fontId='1' fillId='0' borderId='0' xfId='0' applyFont='1'"
    " applyAlignment='1'><alignment wrapText='1' vertical='top'/></xf>"
    # Format 3 is #,##0: with the reader's own mark between thousands (s18.8.30).
    "<xf numFmtId='3' fontId='0' fillId='0' borderId='0' xfId='0' applyNumberFormat='1'"
    " applyAlignment='1'><alignment vertical='top'/></xf>"
    "<xf numFmtId='0' fontId='0' fillId='0' borderId='0' xfId='0' applyAlignment='1'>"
    "<alignment wrapText='1' vertical='top'/></xf></cellXfs></styleSheet>"
)


def csv(table: Table) -> bytes:
    """Return a table as CSV in UTF-8, with the mark by which Excel knows that."""
    rows = (table.headings, *table.rows)
    return spreadsheet.BEGINNING + b"".join(map(spreadsheet.row, rows))


def xlsx(tables: Sequence[Table]) -> bytes:
    """Return tables as the sheets of a workbook."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in _parts(tables):
            entry = zipfile.ZipInfo(name, _SECOND)
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, _HEAD + part)
    return out.getvalue()


def _parts(tables: Sequence[Table]) -> Iterator[tuple[str, str]]:
    places = range(1, len(tables) + 1)
    yield "[Content_Types].xml", _types(places)
    yield "_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])
    sheets = "".join(
        f"<sheet name={quoteattr(each.title)} sheetId='{at}' r:id='r{at}'/>"
        for at, each in zip(places, tables, strict=True)
    )
    opened = f"<workbook xmlns='{_MAIN}' xmlns:r='{_OFFICE}'>"
    yield (
        "xl/workbook.xml",
        f"{opened}<bookViews><workbookView/></bookViews><sheets>{sheets}</sheets></workbook>",
    )
    targets = [("worksheet", f"worksheets/sheet{at}.xml") for at in places]
    yield "xl/_rels/workbook.xml.rels", _relations([*targets, ("styles", "styles.xml")])
    yield "xl/styles.xml", _STYLES
    for at, each in zip(places, tables, strict=True):
        yield f"xl/worksheets/sheet{at}.xml", _sheet(each)


def _types(places: Iterable[int]) -> str:
    named = {"/xl/workbook.xml": f"{_PART}.sheet.main+xml", "/xl/styles.xml": f"{_PART}.styles+xml"}
    named |= {f"/xl/worksheets/sheet{at}.xml": f"{_PART}.worksheet+xml" for at in places}
    overrides = "".join(
        f"<Override PartName='{name}' ContentType='{kind}'/>" for name, kind in named.items()
    )
    return (
        f"<Types xmlns='{_PACKAGE}/content-types'><Default Extension='rels'"
        " ContentType='application/vnd.openxmlformats-package.relationships+xml'/>"
        "<Default Extension='xml' ContentType='application/xml'/>"
        f"{overrides}</Types>"
    )


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    each = "".join(
        f"<Relationship Id='r{at}' Type='{_OFFICE}/{kind}' Target='{target}'/>"
        for at, (kind, target) in enumerate(targets, 1)
    )
    return f"<Relationships xmlns='{_PACKAGE}/relationships'>{each}</Relationships>"


def _sheet(table: Table) -> str:
    heads = _row(1, table.headings, heading=True)
    rows = "".join(_row(at, cells) for at, cells in enumerate(table.rows, 2))
    widths = "".join(
        f"<col min='{at}' max='{at}' width='{width}' customWidth='1'/>"
        for at, width in enumerate(_widths(table), 1)
    )
    frozen = (
        "<sheetViews><sheetView workbookViewId='0'><pane ySplit='1' topLeftCell='A2'"
        " activePane='bottomLeft' state='frozen'/></sheetView></sheetViews>"
    )
    return (
        f"<worksheet xmlns='{_MAIN}'>{frozen}<cols>{widths}</cols>"
        f"<sheetData>{heads}{rows}</sheetData></worksheet>"
    )


def _widths(table: Table) -> list[int]:
    """Return how wide columns are, in characters: as their longest text, within bounds."""
    columns = zip(table.headings, *table.rows, strict=True)
    # A heading may be broken in two lines; a number has marks between its thousands.
    longest = (max(len(cells[0]) // 2, *(len(str(each)) for each in cells)) for cells in columns)
    return [min(max(length + 2, _NARROWEST), _WIDEST) for length in longest]


def _row(at: int, cells: Sequence[Cell], *, heading: bool = False) -> str:
    written = "".join(
        _cell(f"{_column(place)}{at}", cell, heading=heading) for place, cell in enumerate(cells)
    )
    return f"<row r='{at}'>{written}</row>"


def _cell(place: str, cell: Cell, *, heading: bool) -> str:
    if isinstance(cell, int):
        return f"<c r='{place}' s='{_NUMBER}'><v>{cell}</v></c>"
    style = _HEADING if heading else _WRAPPED
    plain = _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", cell[:_LONGEST])
    text = escape(_ESCAPE.sub("_x005F_", plain))
    return (
        f"<c r='{place}' s='{style}' t='inlineStr'><is><t xml:space='preserve'>{text}</t></is></c>"
    )


def _column(place: int) -> str:
    """Return the letters of a column, counted from 0."""
    letters = ""
    while place >= 0:
        letters = chr(ord("A") + place % 26) + letters
        place = place // 26 - 1
    return letters
