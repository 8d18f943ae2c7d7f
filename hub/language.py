"""Which language a command speaks, and how wrong use is said in it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import click

from web.language import Translate, mark

LANGUAGES = ("vi", "en")

_WRONG = {
    "NoSuchCommand": mark("There is no command {command_name}."),
    "NoSuchOption": mark("There is no option {option_name}."),
    "MissingParameter": mark("{param.human_readable_name} is missing."),
}
"""What click says in English only, by the name of its exception."""


def terminal_language(environment: Mapping[str, str]) -> str:
    """Return the language of the terminal (POSIX s8.2): Vietnamese if it says so, else English."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(variable):
            return "vi" if environment[variable].lower().startswith("vi") else "en"
    return "en"


def asked_language(arguments: Sequence[str]) -> str:
    """Return the value of ``--lang`` in a command line, or an empty string."""
    for argument, following in itertools.pairwise([*arguments, ""]):
        name, _, value = argument.partition("=")
        if name == "--lang" and (value or following) in LANGUAGES:
            return value or following
    return ""


def usage_message(wrong: click.ClickException, translate: Translate) -> str:
    """Return what is wrong with a command line, and where its help is."""
    said = translate(_WRONG.get(type(wrong).__name__, "{text}"))
    context = wrong.ctx if isinstance(wrong, click.UsageError) else None
    help_ = translate("Help: {command} --help")
    return " ".join(
        (
            said.format(text=wrong.format_message(), **vars(wrong)),
            help_.format(command=context.command_path if context else "lienthong"),
        )
    )


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
