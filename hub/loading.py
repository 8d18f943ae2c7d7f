"""Commands that are imported when they are asked for, so that none waits for what others need."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from copy import copy

import click


class Commands(MutableMapping[str, click.Command]):
    """The commands of a group by name; each is loaded once, when it is first looked at."""

    def __init__(self, names: Iterable[str], load: Callable[[str], click.Command]) -> None:
        self._found: dict[str, click.Command | None] = dict.fromkeys(names)
        self._load = load

    def __getitem__(self, name: str) -> click.Command:
        found = self._found[name]
        if found is None:
            found = self._found[name] = self._load(name)
        return found

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._found[name] = command

    def __delitem__(self, name: str) -> None:
        del self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def __contains__(self, name: object) -> bool:
        # The mapping's own test would load the command.
        return name in self._found


def commands(places: Mapping[str, str]) -> Commands:
    """Return the commands at ``module:name`` by what a person types: one word, or group and word.

    What has two words joins those that the first one's group has of its own.
    """
    below: dict[str, dict[str, str]] = {path: {} for path in places if " " not in path}
    for path, place in places.items():
        group, _, name = path.partition(" ")
        if name:
            below[group][name] = place
    return Commands(below, lambda name: _joined(_at(places[name]), below[name]))


def _joined(command: click.Command, places: Mapping[str, str]) -> click.Command:
    if not places:
        return command
    assert isinstance(command, click.Group), command.name
    whole, own = copy(command), command.commands
    whole.commands = Commands(
        [*own, *places], lambda name: _at(places[name]) if name in places else own[name]
    )
    return whole


def _at(place: str) -> click.Command:
    module, _, name = place.partition(":")
    command: click.Command = getattr(importlib.import_module(module), name)
    return command
