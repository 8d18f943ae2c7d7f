"""Which language a command speaks, and how wrong use is said in it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from copy import copy

import click

from hub.loading import Commands
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


def in_language(command: click.Command, translate: Translate) -> click.Command:
    """Return a command whose help, and that of all below it, is in a language."""
    spoken = copy(command)
    spoken.help = _help(command.help, translate)
    spoken.params = [_parameter(parameter, translate) for parameter in command.params]
    if isinstance(command, click.Group):
        assert isinstance(spoken, click.Group)
        below = command.commands
        spoken.commands = Commands(below, lambda name: in_language(below[name], translate))
    return spoken


def _parameter(parameter: click.Parameter, translate: Translate) -> click.Parameter:
    spoken = copy(parameter)
    if isinstance(spoken, click.Option):
        spoken.help = _help(spoken.help, translate)
    return spoken


def _help(text: str | None, translate: Translate) -> str | None:
    return translate(" ".join(text.split())) if text else text
