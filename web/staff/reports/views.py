"""``/staff/reports``: the figures of periods, counted by a worker once and kept as they were."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response

from catalogue.reports import periods, store
from catalogue.reports.model import Report
from catalogue.users import Role
from crosswalks.errors import Error
from scheduler.reports import ask_for, today, under_way
from web.attached import attached
from web.language import mark, message
from web.reports import workbook
from web.reports.charts import Amount, Chart, chart
from web.reports.tables import TITLES, of_kinds, table_of, tables
from web.reports.words import BY_CLOCK, NOT_STATED
from web.site import current_site
from web.speech import words
from web.staff import access
from web.staff.room import current_room

blueprint = Blueprint(
    "reports", __name__, url_prefix="/staff/reports", template_folder="../templates"
)

SHOWN = 200
"""Reports on a page, the latest."""
_ASKED = mark("A worker makes the report of {name}; it is listed here once it has been counted.")
_THERE = mark("The report of {name} is there already, or is being made.")


@blueprint.get("")
def listing() -> str:
    """Show all reports, what is being made, and what can be made."""
    return _list()


@blueprint.post("/make")
@access.needs(Role.OPERATOR)
def make() -> Response | tuple[str, int]:
    """Have a worker make a report; who presses twice has one made."""
    word = request.form.get("other", "").strip() or request.form.get("period", "")
    seen = request.form.get("seen", "")
    try:
        period = periods.parse(word)
        is_new = ask_for(
            current_site().database,
            current_room().line.zone,
            period,
            access.me().name,
            int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < _DIGITS else None,
        )
    except Error as error:
        return _list(refused=message(error, words())), HTTPStatus.BAD_REQUEST
    flash(words()(_ASKED if is_new else _THERE).format(name=period.name))
    return redirect(url_for("reports.listing"))


_DIGITS = 18


@blueprint.get("/wait")
@access.asked_by_a_page
def wait() -> Response:
    """Tell an open page whether reports are being made; once all are, have it shown anew."""
    making = under_way(current_site().database)
    answer = Response(render_template("staff/reports/wait.html", making=making))
    answer.mimetype = "text/html"
    if not making:
        answer.headers["HX-Refresh"] = "true"
    return answer


@blueprint.get("/report/<name>/<int(max=2147483647):issue>")
def show(name: str, issue: int) -> str:
    """Show a report: charts, and the tables that they are of."""
    found, translate = _found(name, issue), words()
    total, types, regions, members, meanings = tables(found, translate)
    figures = found.figures
    unnamed = translate(NOT_STATED)
    of_types = _chart((each.name or unnamed, each.numbers) for each in of_kinds(figures.kinds))
    of_regions = _chart((each.name or unnamed, each.numbers) for each in figures.regions)
    of_members = _chart((f"{each.code} {each.name}", each.numbers) for each in figures.members)
    return render_template(
        "staff/reports/show.html",
        report=found,
        total=total,
        parts=((types, of_types), (regions, of_regions), (members, of_members)),
        meanings=meanings,
        names=TITLES,
        by_clock=BY_CLOCK,
    )


@blueprint.get("/report/<name>/<int(max=2147483647):issue>/workbook")
def as_workbook(name: str, issue: int) -> Response:
    """Give a report as a workbook, in the reader's language."""
    found = _found(name, issue)
    return _file(found, workbook.xlsx(tables(found, words())), workbook.MIME_TYPE, ".xlsx")


@blueprint.get("/report/<name>/<int(max=2147483647):issue>/csv/<table>")
def as_csv(name: str, issue: int, table: str) -> Response:
    """Give one table of a report as CSV, in the reader's language."""
    if table not in TITLES:
        abort(HTTPStatus.NOT_FOUND)
    found = _found(name, issue)
    written = workbook.csv(table_of(found, table, words()))
    return _file(found, written, "text/csv; charset=utf-8", f"-{table}.csv")


def _list(refused: str = "") -> str:
    database = current_site().database
    last = store.latest(database)
    return render_template(
        "staff/reports/list.html",
        reports=store.all(database, SHOWN),
        shown=SHOWN,
        making=under_way(database),
        choices=periods.lately(today(current_room().line.zone)),
        chosen=request.form.get("period", ""),
        other=request.form.get("other", ""),
        seen=last.id if last else 0,
        refused=refused,
        by_clock=BY_CLOCK,
    )


def _found(name: str, issue: int) -> Report:
    return store.get(current_site().database, periods.parse(name), issue)


def _chart(groups: Iterable[tuple[str, Mapping[str, int]]]) -> Chart:
    return chart(
        Amount(name, numbers["unique"], numbers["overlapping"]) for name, numbers in groups
    )


def _file(found: Report, content: bytes, mime_type: str, ending: str) -> Response:
    answer = make_response(content)
    answer.headers["Content-Type"] = mime_type
    name = f"{found.period.name}-{found.issue}{ending}"
    return attached(answer, name)
