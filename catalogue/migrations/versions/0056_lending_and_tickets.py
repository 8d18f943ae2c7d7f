"""How libraries lend, and the errors that readers report.

Going down, both are forgotten, and with them the messages that answer readers.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
LENDING = {
    "lends": "loans, copies, loans-and-copies, reading-room; empty = not told",
    "policy_vi": "its policy in Vietnamese",
    "policy_en": "its policy in English",
    "mail": "mail address of the desk, or empty",
    "phone": None,
    "address": None,
    "opening": "when the desk is open, in words",
    "resolver": "base address of what takes OpenURLs",
    "record_address": "address of a record in its own catalogue, with {number} or {isbn}",
}
ANSWERS = "SELECT id FROM alert_channel WHERE name = 'answers-to-readers'"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "lending",
        _to("lending", "library", primary_key=True, autoincrement=False),
        *(_text(name, comment) for name, comment in LENDING.items()),
        sa.PrimaryKeyConstraint("library_id", name="pk_lending"),
    )
    _make_ticket()
    op.create_table(
        "ticket_library",
        _to("ticket_library", "ticket", primary_key=True, autoincrement=False),
        _to("ticket_library", "library", primary_key=True, autoincrement=False),
        _text("state", "that of the ticket, to list by"),
        sa.PrimaryKeyConstraint("ticket_id", "library_id", name="pk_ticket_library"),
    )
    op.create_index("ix_ticket_library_library_id", "ticket_library", ["library_id", "ticket_id"])
    op.create_index(
        "ix_ticket_library_state", "ticket_library", ["library_id", "state", "ticket_id"]
    )
    op.create_table(
        "ticket_event",
        sa.Column("id", KEY, primary_key=True, autoincrement=True),
        _to("ticket_event", "ticket"),
        _seconds("at", "epoch seconds"),
        _text("person", "who did it; empty = the reader"),
        _to(
            "ticket_event",
            "library",
            nullable=True,
            comment="on whose behalf; null = staff of the hub, or the reader",
        ),
        _text("state", "of the ticket, from then on"),
        _text("note", None),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_event"),
    )
    op.create_index("ix_ticket_event_ticket_id", "ticket_event", ["ticket_id"])


def downgrade() -> None:
    """Forget them."""
    for name in ("ticket_event", "ticket_library", "ticket", "lending"):
        op.drop_table(name)
    op.execute(f"DELETE FROM alert_message WHERE channel_id IN ({ANSWERS})")
    op.execute(f"DELETE FROM alert_channel WHERE id IN ({ANSWERS})")
    op.execute("DELETE FROM alert WHERE kind = 'ticket'")


def _make_ticket() -> None:
    op.create_table(
        "ticket",
        sa.Column("id", KEY, primary_key=True, autoincrement=True),
        _to(
            "ticket",
            "cluster",
            comment="the record that it was said of; one merged away leads to another",
        ),
        _text("title", "of the record, as it was then"),
        _text("kind", "see catalogue.tickets.model"),
        _text("text", "what is wrong, in the reader's words"),
        _text("state", "open, looking, mended, no-error"),
        _seconds("opened", "epoch seconds"),
        _seconds("changed", "last, epoch seconds"),
        _seconds("told", "when staff and libraries were told, epoch seconds; 0 = not yet"),
        _text("mail", "where the answer goes; empty = nowhere, or removed since"),
        _text("language", "vi or en, of that answer"),
        _text("answer", "what the reader is told at the end"),
        sa.Column(
            "once",
            sa.Text(),
            nullable=True,
            comment="of record, kind and text, so that none is there twice",
        ),
        sa.Column("rev", sa.Integer(), nullable=False, comment="counts changes"),
        sa.PrimaryKeyConstraint("id", name="pk_ticket"),
        sa.UniqueConstraint("once", name="uq_ticket_once"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_ticket_cluster_id", "ticket", ["cluster_id", "state"])
    op.create_index("ix_ticket_state", "ticket", ["state", "id"])
    op.create_index("ix_ticket_told", "ticket", ["told"])
    for name, column, condition in (
        ("ix_ticket_untold", "id", "told = 0"),
        ("ix_ticket_mail", "opened", "mail <> ''"),
    ):
        where = sa.text(condition)
        op.create_index(name, "ticket", [column], sqlite_where=where, postgresql_where=where)


def _text(name: str, comment: str | None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, comment=comment)


def _seconds(name: str, comment: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False, comment=comment)


def _to(table: str, other: str, *, nullable: bool = False, **options: Any) -> sa.Column[int]:
    name = f"fk_{table}_{other}_id_{other}"
    target = sa.ForeignKey(f"{other}.id", name=name)
    return sa.Column(f"{other}_id", KEY, target, nullable=nullable, **options)
