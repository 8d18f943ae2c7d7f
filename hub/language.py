"""Which language a command speaks, and how an error of any room is said in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import click

from crosswalks.errors import Error
from hub.output import Translate

LANGUAGES = ("vi", "en")


def terminal_language(environment: Mapping[str, str]) -> str:
    """Return the language of the terminal (POSIX s8.2): Vietnamese if it says so, else English."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(variable):
            return "vi" if environment[variable].lower().startswith("vi") else "en"
    return "en"


def asked_language(arguments: Sequence[str]) -> str:
    """Return the value of ``--lang`` in a command line, or an empty string."""
    for argument, following in zip(arguments, [*arguments[1:], ""], strict=True):
        if argument == "--lang" and following in LANGUAGES:
            return following
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")
    return ""


def message(error: Error, translate: Translate) -> str:
    """Return an error's message in a language; its details are translated where they have words."""
    details = {
        name: translate(value) if isinstance(value, str) and value else value
        for name, value in error.details.items()
    }
    return translate(type(error).template()).format(**details)


def translate_help(command: click.Command, translate: Translate) -> None:
    """Put a command's help, and that of all below it, into a language."""
    if command.help:
        command.help = translate(" ".join(command.help.split()))
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.help:
            parameter.help = translate(parameter.help)
    if isinstance(command, click.Group):
        for below in command.commands.values():
            translate_help(below, translate)
