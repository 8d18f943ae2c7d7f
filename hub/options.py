"""Options that several commands share, so that they mean the same everywhere."""

from __future__ import annotations

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
