"""``/member/validator``: a library has its own OAI-PMH servers checked, and reads about it."""

from __future__ import annotations

from flask import Response, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from catalogue import owned
from catalogue.model import Source
from catalogue.users import Role
from catalogue.validations import store
from scheduler.outgoing import OAI
from web.member.room import blueprint
from web.site import current_site
from web.staff import access
from web.validation import kept, pages
from web.validation.pages import Places

PER_PAGE = 50
_PLACES = Places(
    listing=lambda name: url_for("own.checks", name=name),
    ask=lambda name: url_for("own.ask_check", name=name),
    wait=lambda name: url_for("own.wait_check", name=name),
    report=lambda name, number: url_for("own.check_report", name=name, number=number),
    data=lambda name, number: url_for("own.check_data", name=name, number=number),
)


@blueprint.get("/validator")
@access.needs(Role.MEMBER)
def validator() -> str:
    """Show the servers of one's library with what their newest check found, a page at a time."""
    database, after = current_site().database, request.args.get("after", "")
    found = owned.sources_of(database, access.me().library)
    servers = [each for each in found if each.protocol == OAI and each.name > after]
    some = servers[:PER_PAGE]
    return render_template(
        "member/validator.html",
        sources=some,
        latest=store.latest(database, [each.name for each in some]),
        more=some[-1].name if len(servers) > PER_PAGE else None,
        places=_PLACES,
        verdicts=kept.VERDICTS,
        badges=kept.BADGES,
    )


@blueprint.get("/validator/<name>")
@access.needs(Role.MEMBER)
def checks(name: str) -> str:
    """Show the kept checks of one of these servers."""
    return pages.listing(_own(name), _PLACES, may_ask=True)


@blueprint.post("/validator/<name>")
@access.needs(Role.MEMBER)
def ask_check(name: str) -> AnyResponse:
    """Have one of these servers checked."""
    return pages.ask(_own(name), access.me().name, _PLACES)


@blueprint.get("/validator/<name>/wait")
@access.needs(Role.MEMBER)
@access.asked_by_a_page
def wait_check(name: str) -> Response:
    """Tell an open page how far a check is."""
    return pages.wait(_own(name), _PLACES)


@blueprint.get("/validator/<name>/<int:number>")
@access.needs(Role.MEMBER)
def check_report(name: str, number: int) -> str:
    """Show what one check found, to be printed as well."""
    return pages.report(_own(name), access.fitting(number), _PLACES)


@blueprint.get("/validator/<name>/<int:number>.json")
@access.needs(Role.MEMBER)
def check_data(name: str, number: int) -> Response:
    """Give the same for programs."""
    return pages.data(_own(name), access.fitting(number))


def _own(name: str) -> Source:
    return owned.source(current_site().database, access.me().library, name)
