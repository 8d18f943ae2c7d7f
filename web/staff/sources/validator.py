"""``/staff/sources/<name>/validator``: the server of a source checked, and the reports."""

from __future__ import annotations

from flask import Response, url_for
from werkzeug.wrappers import Response as AnyResponse

from catalogue import sources
from catalogue.model import Source
from catalogue.users import Role
from web.site import current_site
from web.staff import access
from web.staff.sources.views import blueprint
from web.validation import pages
from web.validation.pages import Places

_PLACES = Places(
    listing=lambda name: url_for("sources.checks", name=name),
    ask=lambda name: url_for("sources.ask_check", name=name),
    wait=lambda name: url_for("sources.wait_check", name=name),
    report=lambda name, number: url_for("sources.check_report", name=name, number=number),
    data=lambda name, number: url_for("sources.check_data", name=name, number=number),
)


@blueprint.get("/sources/<name>/validator")
def checks(name: str) -> str:
    """Show the kept checks of a source's server."""
    may_ask = access.may(Role.OPERATOR)
    return pages.listing(_get(name), _PLACES, may_ask=may_ask)


@blueprint.post("/sources/<name>/validator")
@access.needs(Role.OPERATOR)
def ask_check(name: str) -> AnyResponse:
    """Have a source's server checked."""
    return pages.ask(_get(name), access.me().name, _PLACES)


@blueprint.get("/sources/<name>/validator/wait")
@access.asked_by_a_page
def wait_check(name: str) -> Response:
    """Tell an open page how far a check is."""
    return pages.wait(_get(name), _PLACES)


@blueprint.get("/sources/<name>/validator/<int:number>")
def check_report(name: str, number: int) -> str:
    """Show what one check found, to be printed as well."""
    return pages.report(_get(name), access.fitting(number), _PLACES)


@blueprint.get("/sources/<name>/validator/<int:number>.json")
def check_data(name: str, number: int) -> Response:
    """Give the same for programs."""
    return pages.data(_get(name), access.fitting(number))


def _get(name: str) -> Source:
    return sources.get(current_site().database, name)
