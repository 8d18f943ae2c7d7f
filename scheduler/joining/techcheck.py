"""Technical checks as work: done by a worker when staff ask for one on a page, or by command."""

from __future__ import annotations

from catalogue import queue, sources
from catalogue.clock import wall_clock
from catalogue.database import Database
from catalogue.joining import checks, store
from catalogue.joining.errors import CheckUnderWay
from catalogue.joining.model import TECHCHECK, Application, By
from catalogue.model import Lease
from crosswalks.errors import Error
from scheduler.heartbeat import failing, heartbeat
from scheduler.joining.checking import check
from scheduler.joining.report import Report, of_error
from scheduler.model import Line


def _key(application: Application) -> str:
    return f"{TECHCHECK}:{application.id}"


def ask_for(database: Database, code: str, by: By) -> bool:
    """Have a worker check an application; tell whether it was not asked to before.

    Raises NoSuchApplication, NoStream, CannotMove or ApplicationChanged.
    """
    application = store.get(database, code)
    checks.begin(database, code, by)
    return queue.enqueue(database, TECHCHECK, _key(application), wall_clock())


def is_asked_for(database: Database, application: Application) -> bool:
    """Tell whether a worker is at it, or is to be."""
    key = _key(application)
    return key in queue.due(database, TECHCHECK) or queue.is_running(database, key)


def check_now(line: Line, code: str, by: By) -> str:
    """Check an application and return the verdict; raise CheckUnderWay while another process does.

    Raises NoSuchApplication, NoStream, CannotMove or ApplicationChanged.
    """
    application = store.get(line.db, code)
    lease = queue.claim(line.db, TECHCHECK, _key(application))
    if lease is None:
        raise CheckUnderWay(code=application.code)
    with failing(line.db, lease):
        number = checks.begin(line.db, application.code, by)
    return _checked(line, application, number, lease)


def check_next(line: Line) -> bool:
    """Check an application that somebody wants checked, if any; tell whether there was one."""
    key = queue.next_due(line.db, TECHCHECK)
    lease = queue.claim(line.db, TECHCHECK, key, anew=False) if key is not None else None
    if key is None or lease is None:
        return False
    number = key.partition(":")[2]
    found = [each for each in store.all(line.db) if str(each.id) == number]
    for each in found:
        waiting = next((one.id for one in checks.all(line.db, each.code) if not one.finished), 0)
        if waiting:
            _checked(line, each, waiting, lease)
            return True
    line.db.writing(lambda connection: queue.finish(connection, lease, "done"))
    return True


def _checked(line: Line, application: Application, number: int, lease: Lease) -> str:
    with failing(line.db, lease), heartbeat(line.db, lease):
        report = _report(line, application)
        checks.finish(line.db, number, report.verdict, report.plain())
        line.db.writing(lambda connection: queue.finish(connection, lease, "done"))
    return report.verdict


def _report(line: Line, application: Application) -> Report:
    source = sources.get(line.db, store.get(line.db, application.code).source)
    try:
        return check(line, source, line.joining.sample)
    except Error as error:
        # Credentials that cannot be read, for instance: told as what was found.
        return Report(findings=[of_error(error)], steps=[], facts={})
