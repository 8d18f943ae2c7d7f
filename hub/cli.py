"""``lienthong``: where a command line comes in and an exit code goes out.

0 is done, 1 failed, 2 wrong use. An error that has a name is one line on standard error, in the
person's language; only an error in the program itself shows a traceback.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

import click

from crosswalks.errors import Error
from hub import logs
from hub.garbage import collect_seldom
from hub.instance import Hub
from hub.language import (
    LANGUAGES,
    asked_language,
    in_language,
    terminal_language,
    usage_message,
)
from hub.loading import commands
from hub.output import harmless
from hub.settings import Settings, readable
from protocols.errors import ProtocolError
from web.language import Translate, message, translator

COMMANDS = {
    "alerts": "hub.commands.alerts:group",
    "audit": "hub.commands.audit:group",
    "authorities": "hub.commands.authorities:group",
    "backup": "hub.commands.backup:group",
    "bench": "hub.commands.bench:group",
    "bench line": "hub.commands.benchline:line",
    "check": "hub.commands.check:command",
    "clock": "hub.commands.clock:group",
    "clock next": "hub.commands.clocknext:command",
    "clusters": "hub.commands.clusters:group",
    "clusters asked": "hub.commands.pairs:asked",
    "clusters cip": "hub.commands.preliminary:cip",
    "clusters compare": "hub.commands.pairs:compare",
    "clusters crowds": "hub.commands.pairs:crowds",
    "clusters digest": "hub.commands.apart:digest",
    "clusters different": "hub.commands.verdicts:different",
    "clusters events": "hub.commands.judging:events",
    "clusters export": "hub.commands.apart:export",
    "clusters history": "hub.commands.verdicts:history",
    "clusters judge": "hub.commands.verdicts:judge",
    "clusters labels": "hub.commands.judging:labels",
    "clusters place": "hub.commands.place:place",
    "clusters rebuild": "hub.commands.rebuild:rebuild",
    "clusters revert": "hub.commands.judging:revert",
    "clusters spark": "hub.commands.apart:spark",
    "clusters same": "hub.commands.verdicts:same",
    "clusters undo": "hub.commands.verdicts:undo",
    "clusters why": "hub.commands.judging:why",
    "consumers": "hub.commands.consumers:group",
    "convert": "hub.commands.convert:command",
    "crosswalk": "hub.commands.crosswalk:group",
    "db": "hub.commands.db:group",
    "demo": "hub.commands.demo:command",
    "export": "hub.commands.exports:group",
    "harvest": "hub.commands.harvest:command",
    "import": "hub.commands.imports:group",
    "joining": "hub.commands.joining:group",
    "libraries": "hub.commands.libraries:group",
    "live": "hub.commands.live:command",
    "libraries agreements": "hub.commands.agreements:group",
    "libraries apply": "hub.commands.memberfiles:apply",
    "libraries contacts": "hub.commands.contacts:group",
    "libraries duplicates": "hub.commands.pairs:duplicates",
    "libraries export": "hub.commands.memberfiles:export",
    "libraries groups": "hub.commands.groups:group",
    "libraries holdings": "hub.commands.holdings:group",
    "libraries improved": "hub.commands.improved:improved",
    "libraries quality": "hub.commands.quality:quality",
    "libraries restore": "hub.commands.standing:restore",
    "libraries standing": "hub.commands.standing:standing",
    "libraries suspend": "hub.commands.standing:suspend",
    "libraries withdraw": "hub.commands.standing:withdraw",
    "overlays": "hub.commands.overlays:group",
    "policy": "hub.commands.policy:group",
    "records": "hub.commands.records:group",
    "records quarantine": "hub.commands.quarantine:group",
    "records refetch": "hub.commands.refetch:command",
    "reports": "hub.commands.reports:group",
    "runs": "hub.commands.runs:group",
    "runs approve": "hub.commands.decide:approve",
    "runs discard": "hub.commands.decide:discard",
    "search": "hub.commands.search:command",
    "serve": "hub.commands.serve:command",
    "sets": "hub.commands.sets:group",
    "sources": "hub.commands.sources:group",
    "sources preview": "hub.commands.preview:command",
    "suppressions": "hub.commands.suppressions:group",
    "text": "hub.commands.text:group",
    "tickets": "hub.commands.tickets:group",
    "users": "hub.commands.users:group",
    "validate": "hub.commands.validate:command",
    "worker": "hub.commands.worker:command",
    "z3950": "hub.commands.z3950:group",
}
"""Where each command is written. It is imported when it is asked for: what one of them needs, the
others do not wait for."""


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    commands=commands(COMMANDS),
)
@click.version_option(package_name="lienthong", message="%(prog)s %(version)s")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of what is said.")
def lienthong(lang: str | None) -> None:
    """Harvest member libraries and serve their union catalogue."""


def main() -> None:
    """Run one command line and end the process with its exit code."""
    settings = readable(os.environ)
    logs.install(logs.form_set(settings))
    collect_seldom()
    sys.exit(run(sys.argv[1:], os.environ, settings))


def run(
    arguments: Sequence[str], environment: Mapping[str, str], settings: Settings | None = None
) -> int:
    """Run one command line and return its exit code; ``settings`` are those already read."""
    language = asked_language(arguments) or _language(environment, settings)
    translate = translator(language)
    try:
        return _dispatch(arguments, Hub(environment, translate, language))
    except click.exceptions.NoArgsIsHelpError as wrong:
        wrong.show()
        return wrong.exit_code
    except BrokenPipeError:
        return _pipe_closed()
    except (
        click.ClickException,
        click.Abort,
        KeyboardInterrupt,
        Error,
        ProtocolError,
        OSError,
    ) as error:
        text, code = _verdict(error, translate)
        click.echo(harmless(" ".join(text.split())), err=True)
        return code


def _dispatch(arguments: Sequence[str], hub: Hub) -> int:
    command = in_language(lienthong, hub.translate)
    code = command.main(list(arguments), prog_name="lienthong", standalone_mode=False, obj=hub)
    return code if isinstance(code, int) else 0


def _verdict(error: BaseException, translate: Translate) -> tuple[str, int]:
    match error:
        case click.ClickException():
            return usage_message(error, translate), error.exit_code
        case Error():
            return message(error, translate), 2 if error.wrong_use else 1
        case ProtocolError():
            # A query that cannot be read, or asks for what there is not.
            return message(error, translate), 2
        case OSError():
            return str(error), 1
        case _:
            return translate("Stopped."), 1


def _language(environment: Mapping[str, str], settings: Settings | None) -> str:
    settings = settings or readable(environment)
    return (settings and settings.public.language) or terminal_language(environment)


def _pipe_closed() -> int:
    # What reads our output has had enough (``| head``): not a failure worth a message, but Python
    # would complain when it flushes standard output at the end.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1
