"""The two drawings of a report: what each stage costs, and what a record costs among more of them.

Shapes are those of the web's charts; a file of its own brings its colours and words along.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from hub.bench.report import stages
from hub.bench.run import Report
from hub.bench.stages import NAMES, PLACING
from hub.bench.tables import Words
from web.language import mark
from web.reports.charts import Amount, Chart, chart

_TOP = 64
"""Units above the bars, for what they show and the key of their colours."""
_STYLE = (
    "text{font:14px system-ui,sans-serif;fill:#1f2933}.what{font-weight:600}"
    ".first{fill:#1d5c8f}.second{fill:#d9822b}"
)
_FIRST, _SECOND = mark("harvesting, storing, and all else"), mark("matching, placing, publishing")


def stages_svg(report: Report, words: Words) -> str:
    """Return what each stage takes of a processor with the greatest number of records."""
    largest = report.sizes[-1]
    amounts = []
    for one in stages(largest):
        spent = round(one["cpu_microseconds"])
        name = words.translate(NAMES[one["stage"]])
        places = one["stage"] in PLACING
        amounts.append(Amount(name, 0 if places else spent, spent if places else 0))
    said = words.translate(
        mark("Microseconds of a processor for each record, by stage, of {records} records")
    )
    title = said.format(records=words.number(largest.lists.records))
    return _drawn(chart(amounts, as_given=True), title, words)


def cost_svg(report: Report, words: Words) -> str:
    """Return what a record takes of a processor with each number of records."""
    amounts = []
    for each in report.sizes:
        spent = {one["stage"]: one["cpu_microseconds"] for one in stages(each)}
        placing = round(sum(spent[name] for name in PLACING))
        before = round(sum(spent.values())) - placing
        amounts.append(Amount(words.number(each.lists.records), before, placing))
    title = words.translate(
        mark("Microseconds of a processor for each record, by the number of records")
    )
    return _drawn(chart(amounts, as_given=True), title, words)


def _drawn(made: Chart, title: str, words: Words) -> str:
    parts = (*_head(made, title), *_key(made, words), *_bars(made, words), "</svg>")
    return "\n".join(parts) + "\n"


def _head(made: Chart, title: str) -> Sequence[str]:
    height = made.height + _TOP
    size = f'viewBox="0 0 {made.width} {height}" width="{made.width}" height="{height}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label={quoteattr(title)}>',
        f"<style>{_STYLE}</style>",
        f'<rect width="{made.width}" height="{height}" fill="#fff"/>',
        f'<text class="what" x="8" y="22">{escape(title)}</text>',
    )


def _key(made: Chart, words: Words) -> Iterator[str]:
    for name, kind, left in ((_FIRST, "first", 8), (_SECOND, "second", made.width // 2)):
        yield f'<rect class="{kind}" x="{left}" y="36" width="14" height="14"/>'
        yield f'<text x="{left + 20}" y="48">{escape(words.translate(name))}</text>'


def _bars(made: Chart, words: Words) -> Iterator[str]:
    for bar in made.bars:
        top, base = bar.top + _TOP, bar.base + _TOP
        yield (
            f'<text x="{made.start - 8}" y="{base}" text-anchor="end">{escape(bar.name)}</text>'
            f'<rect class="first" x="{made.start}" y="{top}" width="{bar.unique}"'
            f' height="{made.thickness}"/>'
            f'<rect class="second" x="{bar.middle}" y="{top}" width="{bar.overlapping}"'
            f' height="{made.thickness}"/>'
            f'<text x="{bar.end}" y="{base}">{words.number(bar.total)}</text>'
        )
