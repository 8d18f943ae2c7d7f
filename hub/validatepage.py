"""The report of the validator as one page to send to a library: nothing to load, nothing to run."""

from __future__ import annotations

from babel.numbers import format_decimal

from harvester.validate.examine import Report
from hub.checkpage import environment
from web.language import Translate, mark
from web.validation.telling import groups, verdict

_TEMPLATE = "validation/report.html"


def as_page(report: Report, translate: Translate) -> str:
    """Return the page in the language of ``translate``."""
    # The name of the language in which a page says so: "en" is translated as "vi".
    lang = translate(mark("en"))
    return (
        environment()
        .get_template(_TEMPLATE)
        .render(
            _=translate,
            lang=lang,
            report=report,
            verdict=verdict(report, translate),
            number=lambda value: format_decimal(value, locale=lang),
            groups=groups(report, translate),
        )
    )
