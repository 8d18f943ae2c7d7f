"""Who gives a command, and which: what is written down with all that it changes."""

from __future__ import annotations

import os
import pwd
import socket

import click

from catalogue.audit.acting import Act, Way

PROGRAMS = frozenset({"serve", "worker", "clock", "demo", "bench"})
"""What runs by itself once it was started: its own work is told by runs and events."""
_LONGEST = 200


def by_command() -> Act | None:
    """Return the command under way as an act; None for those that are programs of their own."""
    context = click.get_current_context(silent=True)
    if context is None:
        return None
    words = context.command_path.split()[1:]
    name = " ".join(words)
    if not words or name in PROGRAMS or words[0] == "bench":
        return None
    return Act(
        who=_account(),
        way=Way.COMMAND,
        address=socket.gethostname(),
        act=name,
        object=_named(context),
    )


def _account() -> str:
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _named(context: click.Context) -> str:
    """Return what the command is given to work on: its arguments, none of which is a secret."""
    arguments = (each for each in context.command.params if isinstance(each, click.Argument))
    given = (context.params.get(each.name or "") for each in arguments)
    words = (" ".join(map(str, each)) if isinstance(each, tuple) else each for each in given)
    return " ".join(str(word) for word in words if word is not None)[:_LONGEST]
