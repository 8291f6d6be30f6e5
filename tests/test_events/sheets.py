"""Small spreadsheets written by hand: what .xlsx and .ods need, and nothing more."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

Cell = str | int | float | date | bool | None
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def write_xlsx(path: Path, rows: Sequence[Sequence[Cell]], sheets: int = 1) -> Path:
    """Write rows as the first sheet, and again on each further one."""
    numbers = range(1, sheets + 1)
    sheet = "".join(
        f'<row r="{r}">{"".join(_xlsx_cell(cell) for cell in row)}</row>'
        for r, row in enumerate(rows, 1)
    )
    parts = {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" '
            f'ContentType="{_TYPE}.worksheet+xml"/>'
            for n in numbers
        )
        + "</Types>",
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_REL}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>'
        + "".join(f'<sheet name="Deals{n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="rId{n}" Type="{_REL}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in numbers
        )
        + f'<Relationship Id="rId99" Type="{_REL}/styles" Target="styles.xml"/></Relationships>',
        # the second style is a date
        "xl/styles.xml": f'{_HEAD}<styleSheet xmlns="{_MAIN}"><cellXfs count="2">'
        '<xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
    }
    for n in numbers:
        parts[f"xl/worksheets/sheet{n}.xml"] = (
            f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>{sheet}</sheetData></worksheet>'
        )
    return _zip(path, parts)


def _xlsx_cell(cell: Cell) -> str:
    if cell is None:
        return "<c/>"
    if isinstance(cell, bool):
        return f'<c t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, date):
        return f'<c s="1"><v>{(cell - date(1899, 12, 30)).days}</v></c>'
    if isinstance(cell, int | float):
        return f"<c><v>{cell}</v></c>"
    return f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>'


def write_ods(path: Path, rows: Sequence[Sequence[Cell]]) -> Path:
    """Write rows as the one sheet of an OpenDocument spreadsheet."""
    space = "urn:oasis:names:tc:opendocument:xmlns"
    table = "".join(
        f"<table:table-row>{''.join(_ods_cell(cell) for cell in row)}</table:table-row>"
        for row in rows
    )
    content = (
        f'{_HEAD}<office:document-content xmlns:office="{space}:office:1.0" '
        f'xmlns:table="{space}:table:1.0" xmlns:text="{space}:text:1.0" office:version="1.2">'
        f'<office:body><office:spreadsheet><table:table table:name="Deals">{table}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    mime = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        f'{_HEAD}<manifest:manifest xmlns:manifest="{space}:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mime}"/>'
        "</manifest:manifest>"
    )
    return _zip(path, {"mimetype": mime, "content.xml": content, "META-INF/manifest.xml": manifest})


def _ods_cell(cell: Cell) -> str:
    if cell is None:
        return "<table:table-cell/>"
    kind, said = "string", ""
    if isinstance(cell, date):
        kind, said = "date", f' office:date-value="{cell.isoformat()}"'
    elif isinstance(cell, int | float):
        kind, said = "float", f' office:value="{cell}"'
    return (
        f'<table:table-cell office:value-type="{kind}"{said}>'
        f"<text:p>{escape(str(cell))}</text:p></table:table-cell>"
    )


def _zip(path: Path, parts: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    return path
