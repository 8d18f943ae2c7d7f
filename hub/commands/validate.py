"""``lienthong validate``: whether an OAI-PMH server may be harvested, and what to mend on it."""

from __future__ import annotations

from dataclasses import replace

import click

from crosswalks.errors import Error
from harvester.model import Wait
from harvester.validate.examine import validate
from harvester.validate.model import Options, Stage
from hub.filing import outgoing
from hub.harvesting import http_settings
from hub.instance import Hub
from hub.options import GREATEST, json_option
from hub.sourcecheck import check_base
from hub.stopping import interrupted_by_terminate
from hub.validatepage import as_page
from web.language import message, said
from web.validation.telling import STAGES, as_lines, as_plain

_STANDARD = "-"


@click.command("validate")
@click.argument("url", metavar="URL")
@click.option(
    "--pages",
    type=click.IntRange(min=1, max=GREATEST),
    default=None,
    help="Look at so many pages of each list at most; all of them if left out.",
)
@click.option("--html", "page", default="", help="Write a report as a web page to this file.")
@json_option
@click.pass_obj
def command(hub: Hub, url: str, pages: int | None, page: str, *, as_json: bool) -> int:
    """Check an OAI-PMH server by its base URL: protocol, lists, dates, sets, tokens, text.

    It asks one request at a time, some hundreds of a small server. Exit code 1 if there is an
    error.
    """
    check_base(url)
    options = Options(pages=pages or 0, hear=_silent if as_json else _Telling(hub))
    settings = replace(http_settings(hub.settings), hear=_Waiting(hub))
    with interrupted_by_terminate():
        report = validate(url, settings, options)
    if page:
        with outgoing(page) as out:
            out.write(as_page(report, hub.translate).encode("utf-8", "replace"))
    if as_json:
        hub.output.value(as_plain(report, hub.translate))
    elif page != _STANDARD:
        hub.output.pairs({"Address": url, "Requests": report.requests, "Records": report.records})
        hub.output.line("")
        for line in as_lines(report, hub.translate):
            hub.output.line(line)
    return 0 if report.passed else 1


def _silent(_stage: Stage) -> None:
    """Say nothing of a stage: somebody's program reads."""


class _Telling:
    """Says on standard error how far it is."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def __call__(self, stage: Stage) -> None:
        name = self._hub.translate(STAGES.get(stage.name, stage.name))
        self._hub.output.notice("{name}: {count} requests so far", name=name, count=stage.requests)


class _Waiting:
    """Says on standard error what is waited for."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def __call__(self, wait: Wait) -> None:
        translate, cause = self._hub.translate, wait.cause
        told = message(cause, translate) if isinstance(cause, Error) else said(cause, translate)
        self._hub.output.aside(told)
