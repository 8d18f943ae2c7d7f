"""The report as files: for programs, for people, and its drawings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from hub.bench.drawing import cost_svg, stages_svg
from hub.bench.report import as_plain
from hub.bench.run import Report
from hub.bench.tables import Table, Words, tables
from hub.errors import ReportThere
from web.language import mark

_TITLE = mark("Liên Thông: the whole line, measured")
_BY_NUMBER = mark("Cost by number of records")
_BY_STAGE = mark("Cost by stage")
JSON, TEXT, COST, STAGES = "report.json", "report.md", "cost.svg", "stages.svg"


def check_free(folder: Path) -> None:
    """Make a folder for a report; raise ReportThere where one is in it already."""
    for name in (JSON, TEXT, COST, STAGES):
        if (folder / name).exists():
            raise ReportThere(path=folder / name)
    folder.mkdir(parents=True, exist_ok=True)


def write(report: Report, folder: Path, words: Words) -> None:
    """Write all files of a report."""
    told = json.dumps(as_plain(report), ensure_ascii=False, indent=1)
    made = {
        JSON: told + "\n",
        TEXT: "\n".join(_text(report, words)),
        COST: cost_svg(report, words),
        STAGES: stages_svg(report, words),
    }
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")


def _text(report: Report, words: Words) -> Iterator[str]:
    say = words.translate
    began = datetime.fromtimestamp(report.began, UTC).isoformat(" ", "minutes").partition("+")[0]
    yield f"# {say(_TITLE)}\n"
    yield (
        say(mark("Begun {moment} UTC.")).format(moment=began)
        + " "
        + say(
            mark(
                "Records are made up, with dirt in them, and harvested by OAI-PMH from a server on"
                " this machine. Ratios are of figures of this run."
            )
        )
    )
    yield f"\n![{say(_BY_NUMBER)}]({COST})"
    yield f"\n![{say(_BY_STAGE)}]({STAGES})"
    for table in tables(report, words):
        yield from _table(table, words)
    yield "\n" + say(
        mark(
            "Processor time is that of the workers. A database server's own time is not in it, nor"
            " is that of the servers which are harvested. Memory is what all workers held together"
            " at the worst moment; what they share counts for each."
        )
    )


def _table(table: Table, words: Words) -> Iterator[str]:
    yield f"\n## {words.translate(table.title)}\n"
    yield _row(tuple(map(words.translate, table.headings)))
    yield _row(("---",) * len(table.headings))
    for row in table.rows:
        yield _row(row)


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
