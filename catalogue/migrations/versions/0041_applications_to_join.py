"""Applications of libraries that want to join, their checks and what was agreed to.

Going down, they are forgotten; the libraries and sources that were made for them stay, as they are.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
TABLES = ("joining_sign", "joining_check", "joining_event", "joining")


def upgrade() -> None:
    """Make the tables."""
    _applications()
    _what_happened()


def _applications() -> None:
    texts = {
        "code": "code that the library wants",
        "name": None,
        "kind": "type of library",
        "region": None,
        "contact": "the person who is written to",
        "mail": "mail address of that person; empty: none",
        "language": "vi or en, for letters",
        "answers": "JSON: answers by question",
        "state": "see catalogue.joining.model",
        "turn": "who has to act: staff, applicant or empty",
    }
    op.create_table(
        "joining",
        _key(),
        *(_column(name, sa.Text(), comment) for name, comment in texts.items()),
        _column(
            "since",
            sa.BigInteger(),
            "since when it is that turn in that state; epoch seconds",
        ),
        _column("created", sa.BigInteger(), "epoch seconds"),
        _column("rev", sa.Integer(), "counts changes"),
        _to("joining", "library_id", "library", nullable=True),
        _to("joining", "source_id", "source", nullable=True),
        sa.Column(
            "digest",
            sa.Text(),
            nullable=True,
            comment="SHA-256 of the token in the applicant's link, hexadecimal",
        ),
        _column(
            "invited",
            sa.BigInteger(),
            "when that link was made, epoch seconds; 0 = there is none",
        ),
        _column(
            "reminded",
            sa.Text(),
            "day of the last reminder, ISO 8601 in the hub's zone; empty = none",
        ),
        sa.UniqueConstraint("code", name="uq_joining_code"),
        sa.UniqueConstraint("digest", name="uq_joining_digest"),
    )
    op.create_index("ix_joining_library_id", "joining", ["library_id"])
    op.create_index("ix_joining_source_id", "joining", ["source_id"])


def _what_happened() -> None:
    op.create_table(
        "joining_event",
        _key(),
        _to("joining_event", "joining_id", "joining"),
        _column("at", sa.BigInteger(), "epoch seconds"),
        _column("author", sa.Text(), "who did it"),
        _column("action", sa.Text(), "see catalogue.joining.model"),
        _column("state", sa.Text(), "of the application, from then on"),
        _column("note", sa.Text()),
    )
    op.create_index("ix_joining_event_joining_id", "joining_event", ["joining_id"])
    op.create_table(
        "joining_check",
        _key(),
        _to("joining_check", "joining_id", "joining"),
        _column("asked", sa.BigInteger(), "epoch seconds"),
        _column("author", sa.Text(), "who asked for it"),
        _column("finished", sa.BigInteger(), "epoch seconds; 0 = not yet"),
        _column("verdict", sa.Text(), "pass, mend or empty"),
        _column("report", sa.Text(), "JSON: steps, facts and findings"),
    )
    op.create_index("ix_joining_check_joining_id", "joining_check", ["joining_id"])
    op.create_table(
        "joining_sign",
        _to("joining_sign", "joining_id", "joining", primary_key=True, autoincrement=False),
        sa.Column("side", sa.Text(), primary_key=True, comment="member or hub"),
        _column("check_id", KEY, "the check that it was given on"),
        _column("mapping", sa.Text(), "how records were mapped then; a digest"),
        _column("author", sa.Text()),
        _column("note", sa.Text()),
        _column("at", sa.BigInteger(), "epoch seconds"),
    )


def downgrade() -> None:
    """Drop them, and what the queue holds for them."""
    for table in TABLES:
        op.drop_table(table)
    op.execute("UPDATE job SET state = 'failed' WHERE kind = 'techcheck' AND state = 'queued'")


def _key() -> sa.Column[Any]:
    return sa.Column("id", KEY, primary_key=True, autoincrement=True)


def _column(name: str, kind: Any, comment: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, comment=comment)


def _to(table: str, column: str, target: str, **options: Any) -> sa.Column[Any]:
    name = f"fk_{table}_{column}_{target}"
    foreign = sa.ForeignKey(f"{target}.id", name=name)
    return sa.Column(column, KEY, foreign, **{"nullable": False} | options)
