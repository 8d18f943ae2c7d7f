"""``lienthong check``: what is wrong with a file of records; needs no hub and no database."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack

import click

from crosswalks.checks.profiles import DC_SCHEMAS, PROFILES
from crosswalks.encodings import Encoding
from crosswalks.encodings.files import in_encoding
from hub.checking import Checked, ProblemList, as_plain, check_file, form_of
from hub.checkpage import as_page, severity_word
from hub.errors import WrongUse
from hub.filing import opened, outgoing
from hub.instance import Hub
from hub.options import json_option
from hub.stopping import interrupted_by_terminate
from web.language import mark
from web.quality.words import meaning

_ROWS = 40
_STANDARD = "-"
_NO_DC = mark("a profile is for Dublin Core, and this file holds none")


@click.command("check")
@click.argument("file", metavar="FILE")
@click.option(
    "--from", "source", default="", help="The schema of what comes in; sniffed if left out."
)
@click.option(
    "--encoding",
    type=click.Choice([each.value for each in Encoding if each is not Encoding.UTF_8]),
    help="The old encoding that the text is in; it is repaired, and each repair told.",
)
@click.option(
    "--profile",
    type=click.Choice(sorted(PROFILES)),
    default=None,
    help="Hold Dublin Core against this profile.",
)
@click.option("--html", "page", default="", help="Write a report as a web page to this file.")
@click.option("--csv", "listing", default="", help="Write every problem to this file, one a line.")
@json_option
@click.pass_obj
def command(hub: Hub, /, file: str, *, as_json: bool, **options: str | None) -> int:
    """Check a file of records: structure, codes, text damage, completeness."""
    page, listing = options["page"] or "", options["listing"] or ""
    with interrupted_by_terminate():
        checked = _checked(file, listing, options)
        if page:
            with outgoing(page) as out:
                out.write(as_page(checked, hub.translate).encode("utf-8", "replace"))
    if as_json:
        hub.output.value(as_plain(checked))
    elif _STANDARD not in (page, listing):
        _print(hub, checked)
    return 1 if checked.tally.unreadable or checked.tally.errors() else 0


def _checked(file: str, listing: str, options: Mapping[str, str | None]) -> Checked:
    profile = options["profile"] or ""
    with opened(file) as stream, ExitStack() as ends:
        form, whole = form_of(file, stream, options["source"] or "")
        form = in_encoding(form, options["encoding"])
        if profile and form.SCHEMA not in DC_SCHEMAS:
            raise WrongUse(reason=_NO_DC)
        listeners = [ProblemList(ends.enter_context(outgoing(listing)))] if listing else []
        tally = check_file(whole, form, profile, listeners)
    return Checked(file, form.NAME, profile, tally)


def _print(hub: Hub, checked: Checked) -> None:
    out, say, tally = hub.output, hub.translate, checked.tally
    mean = tally.completeness()
    out.pairs(
        {
            "File": checked.path,
            "Format": checked.format,
            "Records": tally.records,
            "Unreadable": tally.unreadable,
            "With an error or a warning": tally.faulty,
            "Mean completeness": "" if mean is None else f"{mean:.0f} %",
        }
    )
    problems = tally.by_weight()
    if problems:
        out.line("")
        rows = (
            (
                severity_word(key.severity, say),
                key.code,
                key.field,
                count.records,
                _one_line(count.examples[0].sample),
                say(meaning(key.code)),
            )
            for key, count in problems[:_ROWS]
        )
        out.table(("Severity", "Code", "Field", "Records", "Sample", "Meaning"), rows)
    if len(problems) > _ROWS:
        out.notice("{count} more; --html or --csv shows all.", count=len(problems) - _ROWS)
    if shown := tally.shown_patterns():
        out.line("")
        lines = (
            (
                pattern.value,
                count.records,
                _one_line(count.examples[0].sample),
                say(meaning(pattern.value)),
            )
            for pattern, count in shown
        )
        out.table(("Pattern", "Records", "Sample", "Meaning"), lines)


def _one_line(sample: str) -> str:
    return " ".join(sample.split())
