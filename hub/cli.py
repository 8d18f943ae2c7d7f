"""``lienthong``: where a command line comes in and an exit code goes out.

0 is done, 1 failed, 2 wrong use. An error that has a name is one line on standard error, in the
person's language; only an error in the program itself shows a traceback.
"""

from __future__ import annotations

import copy
import os
import sys
from collections.abc import Mapping, Sequence

import click

from crosswalks.errors import Error
from hub import logs
from hub.commands import (
    check,
    clock,
    clusters,
    convert,
    crosswalk,
    db,
    decide,
    demo,
    harvest,
    libraries,
    preview,
    quarantine,
    records,
    runs,
    search,
    serve,
    sources,
    text,
    users,
    worker,
)
from hub.instance import Hub
from hub.language import (
    LANGUAGES,
    asked_language,
    terminal_language,
    translate_help,
    usage_message,
)
from hub.output import harmless
from hub.settings import load
from web.language import Translate, message, translator


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="lienthong", message="%(prog)s %(version)s")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of what is said.")
def lienthong(lang: str | None) -> None:
    """Harvest member libraries and serve their union catalogue."""


sources.group.add_command(preview.command)
runs.group.add_command(decide.approve)
runs.group.add_command(decide.discard)
records.group.add_command(quarantine.group)
for _part in (
    libraries.group,
    sources.group,
    harvest.command,
    runs.group,
    records.group,
    clusters.group,
    crosswalk.group,
    convert.command,
    check.command,
    text.group,
    search.command,
    serve.command,
    worker.command,
    clock.command,
    db.group,
    users.group,
    demo.command,
):
    lienthong.add_command(_part)


def main() -> None:
    """Run one command line and end the process with its exit code."""
    logs.install()
    sys.exit(run(sys.argv[1:], os.environ))


def run(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run one command line and return its exit code."""
    translate = translator(_language(arguments, environment))
    try:
        return _dispatch(arguments, Hub(environment, translate))
    except click.exceptions.NoArgsIsHelpError as wrong:
        wrong.show()
        return wrong.exit_code
    except BrokenPipeError:
        return _pipe_closed()
    except (click.ClickException, click.Abort, KeyboardInterrupt, Error, OSError) as error:
        text, code = _verdict(error, translate)
        click.echo(harmless(" ".join(text.split())), err=True)
        return code


def _dispatch(arguments: Sequence[str], hub: Hub) -> int:
    command = copy.deepcopy(lienthong)
    translate_help(command, hub.translate)
    code = command.main(list(arguments), prog_name="lienthong", standalone_mode=False, obj=hub)
    return code if isinstance(code, int) else 0


def _verdict(error: BaseException, translate: Translate) -> tuple[str, int]:
    match error:
        case click.ClickException():
            return usage_message(error, translate), error.exit_code
        case Error():
            return message(error, translate), 2 if error.wrong_use else 1
        case OSError():
            return str(error), 1
        case _:
            return translate("Stopped."), 1


def _language(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    asked = asked_language(arguments)
    if asked:
        return asked
    try:
        configured = load(environment).public.language
    except Error:
        # The command that needs the settings says what is wrong with them.
        configured = ""
    return configured or terminal_language(environment)


def _pipe_closed() -> int:
    # What reads our output has had enough (``| head``): not a failure worth a message, but Python
    # would complain when it flushes standard output at the end.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1
