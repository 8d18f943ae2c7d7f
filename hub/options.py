"""Options that several commands share, so that they mean the same everywhere."""

from __future__ import annotations

import click

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print JSON; for lists, one value per line."
)
limit_option = click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, help="At most this many."
)
