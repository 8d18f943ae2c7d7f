"""The report on a checked file as one page that can be sent on: nothing to load, nothing to run."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import jinja2
from babel.numbers import format_decimal, format_percent

import web
from crosswalks.checks.tally import Count, Example, Tally
from crosswalks.model import Severity
from hub.checking import Checked
from web.language import Translate, mark
from web.quality.words import meaning

_TEMPLATE = "quality/report.html"
_SEVERITIES = {
    Severity.ERROR: mark("error"),
    Severity.WARNING: mark("warning"),
    Severity.INFO: mark("info"),
}
_MOST = 500
"""Rows of problems beyond which a page is no longer read."""
_STEPS = 10


class Row(NamedTuple):
    """One line of a table of the page."""

    name: str
    meaning: str
    field: str
    severity: str
    level: str
    records: str
    share: str
    width: float
    examples: list[Example]


def severity_word(severity: Severity, translate: Translate) -> str:
    """Return a severity in words."""
    return translate(_SEVERITIES[severity])


def as_page(checked: Checked, translate: Translate) -> str:
    """Return the page in the language of ``translate``."""
    # The name of the language in which a page says so: "en" is translated as "vi".
    lang = translate(mark("en"))
    tally = checked.tally
    mean = tally.completeness()
    return (
        environment()
        .get_template(_TEMPLATE)
        .render(
            _=translate,
            lang=lang,
            name=Path(checked.path).name,
            checked=checked,
            tally=tally,
            number=lambda value: format_decimal(value, locale=lang),
            mean=None if mean is None else format_percent(mean / 100, locale=lang),
            steps=_distribution(tally, lang),
            kinds=[(translate(meaning(k)), n) for k, n in tally.kinds.most_common()],
            problems=_problems(tally, translate, lang),
            left_out=max(len(tally.problems) - _MOST, 0),
            patterns=_patterns(tally, translate, lang),
        )
    )


def environment() -> jinja2.Environment:
    """Return what makes pages that stand alone."""
    templates = Path(web.__file__).parent / "templates"
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _problems(tally: Tally, translate: Translate, lang: str) -> list[Row]:
    return [
        _row(key.code, count, (tally.records, lang), translate)._replace(
            field=key.field,
            level=key.severity.value,
            severity=severity_word(key.severity, translate),
        )
        for key, count in tally.by_weight()[:_MOST]
    ]


def _patterns(tally: Tally, translate: Translate, lang: str) -> list[Row]:
    return [
        _row(pattern.value, count, (tally.records, lang), translate)
        for pattern, count in tally.shown_patterns()
    ]


def _row(name: str, count: Count, of: tuple[int, str], translate: Translate) -> Row:
    total, lang = of
    share = count.records / total if total else 0.0
    return Row(
        name=name,
        meaning=translate(meaning(name)),
        field="",
        severity="",
        level="",
        records=format_decimal(count.records, locale=lang),
        share=format_percent(share, format="#,##0.0%", locale=lang),
        width=round(100 * min(share, 1.0), 1),
        examples=count.examples,
    )


def _distribution(tally: Tally, lang: str) -> list[tuple[str, str, float]]:
    """Return how many records have 0-9, 10-19, ... 90-100 percent, with a width to draw."""
    steps = [0] * _STEPS
    for score, count in tally.scores.items():
        steps[min(score // _STEPS, _STEPS - 1)] += count
    most = max(steps) or 1
    ends = [*range(9, 90, 10), 100]
    return [
        (f"{place * 10}–{end}", format_decimal(n, locale=lang), round(100 * n / most, 1))
        for place, (end, n) in enumerate(zip(ends, steps, strict=True))
    ]
