"""Options that several commands share, so that they mean the same everywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from pathlib import Path
from typing import Any

import click

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print JSON; for lists, one value per line."
)
GREATEST = 2**63 - 1
"""The greatest whole number that a database keeps."""
limit_option = click.option(
    "--limit",
    type=click.IntRange(min=1, max=GREATEST),
    default=20,
    show_default=True,
    help="At most this many.",
)
result_option = click.option(
    "--from",
    "result",
    type=click.Path(path_type=Path),
    default=None,
    help="By what 'clusters spark' wrote into this folder.",
)


Command = Callable[..., Any]


def given(details: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that were named on the command line; empty texts are named too."""
    return {name: value for name, value in details.items() if value is not None}


def with_options(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Return what adds options to a command, in the order in which its help shows them."""

    def add(command: Command) -> Command:
        return reduce(lambda made, option: option(made), reversed(options), command)

    return add
