"""A source that takes over from another, and which of their records are one."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
RECORD_BEFORE = "active, deleted, quarantined, suppressed"
RECORD_NOW = f"{RECORD_BEFORE}, waiting"
PAIR_STATES = "found, agrees, paired, applied; ambiguous, contradicts, distrusted, outdated"


def upgrade() -> None:
    """Make the tables; no source takes over from another yet."""
    _comment(RECORD_NOW, instead_of=RECORD_BEFORE)
    op.create_table(
        "succession",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("old_id", KEY, nullable=False),
        sa.Column("new_id", KEY, nullable=False),
        _text("state", "waiting, applying, applied, cancelling, cancelled"),
        _number("paired", "epoch seconds: pairs were found last; 0 = not yet, or no more"),
        _number("ended", "epoch seconds; 0 = not yet"),
        _text("rules", "JSON: what each rule found, when pairs were found last"),
        sa.ForeignKeyConstraint(["old_id"], ["source.id"], name="fk_succession_old_id"),
        sa.ForeignKeyConstraint(["new_id"], ["source.id"], name="fk_succession_new_id"),
        sa.PrimaryKeyConstraint("id", name="pk_succession"),
        sa.UniqueConstraint("new_id", name="uq_succession_new_id"),
    )
    op.create_index("ix_succession_old_id", "succession", ["old_id"])
    op.create_table(
        "succession_clue",
        sa.Column("succession_id", KEY, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("side", sa.Integer, nullable=False, comment="0 = old, 1 = new"),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("record_id", KEY, nullable=False),
        sa.PrimaryKeyConstraint(
            "succession_id", "kind", "side", "value", "record_id", name="pk_succession_clue"
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "succession_pair",
        sa.Column("succession_id", KEY, nullable=False),
        sa.Column("old_id", KEY, nullable=False, comment="record that stays"),
        sa.Column("new_id", KEY, nullable=False, comment="record that gives way"),
        sa.Column("rule", sa.Text, nullable=False),
        _text("state", PAIR_STATES),
        sa.PrimaryKeyConstraint("succession_id", "old_id", "new_id", name="pk_succession_pair"),
        sqlite_with_rowid=False,
    )
    ends = ["old_id", "new_id"]
    op.create_index("ix_succession_pair_new_id", "succession_pair", ["new_id"])
    op.create_index(
        "ix_succession_pair_rule", "succession_pair", ["succession_id", "rule", "state", *ends]
    )
    op.create_index(
        "ix_succession_pair_state", "succession_pair", ["succession_id", "state", *ends]
    )


def downgrade() -> None:
    """Drop them: what became of old identifiers is told no more.

    Records that waited for their source to take over are forgotten as if deleted: an earlier
    version knows no such state, and the next complete harvest brings them. The setting goes too.
    """
    op.execute("UPDATE record SET state = 'deleted' WHERE state = 'waiting'")
    connection = op.get_bind()
    for key, settings in connection.execute(sa.text("SELECT id, settings FROM source")).all():
        told = {name: value for name, value in json.loads(settings).items() if name != "succeeds"}
        connection.execute(
            sa.text("UPDATE source SET settings = :settings WHERE id = :key"),
            {"settings": json.dumps(told, ensure_ascii=False), "key": key},
        )
    for name in ("succession_pair", "succession_clue", "succession"):
        op.drop_table(name)
    _comment(RECORD_BEFORE, instead_of=RECORD_NOW)


def _comment(comment: str, *, instead_of: str) -> None:
    # SQLite keeps no comments, and would copy the whole table for this one.
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column(
            "record",
            "state",
            existing_type=sa.Text(),
            existing_nullable=False,
            comment=comment,
            existing_comment=instead_of,
        )


def _text(name: str, comment: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, comment=comment)


def _number(name: str, comment: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False, comment=comment)
