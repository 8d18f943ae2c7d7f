"""``/member/`` shows a member library its own sources, harvests and problems, and no other's.

Which library that is, the account says; nothing in an address can name another one.
"""

from __future__ import annotations

from flask import Response, render_template

from catalogue import own, problem_figures
from catalogue.improved import giving
from catalogue.problem_lists import Filter
from catalogue.users import Role
from scheduler.health import Health
from web.attached import attached
from web.improved import koha_rules
from web.marcfiles import TYPES, written
from web.member.room import blueprint
from web.member.todo import todo
from web.site import current_site
from web.staff import access
from web.staff.sources import display

SOURCES = 50
"""That are shown, the worst first; the harvests of all are on their own page."""
_WORST_FIRST = list(Health)


@blueprint.get("/")
@access.needs(Role.MEMBER)
def home() -> str:
    """Show how the sources of one's library fare, their latest harvests, and what to mend."""
    site, library = current_site(), access.me().library
    seen = own.of_library(site.database, library)
    view = giving.members_view(site.database)
    rows = [display.row(each) for each in seen.sources]
    rows.sort(key=lambda row: _WORST_FIRST.index(row.health))
    figures = problem_figures.figures(site.database, Filter(library=seen.library.code))
    improved = giving.count(site.database, library, view, site.identity)
    return render_template(
        "member/home.html",
        seen=seen,
        rows=rows[:SOURCES],
        more=len(rows) - SOURCES,
        todo=todo(seen, rows, figures, improved),
        figures=figures,
        improved=improved,
        address=f"{site.identity.base_url.rstrip('/')}/oai/improved/{seen.library.code}",
    )


@blueprint.get("/improved/records.<any(mrc, xml):form>")
@access.needs(Role.MEMBER)
def improved(form: str) -> Response:
    """Give what one's library gets back as a file."""
    site = current_site()
    view = giving.members_view(site.database)
    found = giving.records(site.database, access.me().library, view, site.identity)
    return attached(Response(written(found, form), mimetype=TYPES[form]), f"records.{form}")


@blueprint.get("/improved/koha-rules.sql")
@access.needs(Role.MEMBER)
def rules() -> Response:
    """Give the rules by which Koha keeps what is its own when it loads that file."""
    return attached(Response(koha_rules(), mimetype="text/plain"), "koha-rules.sql")
