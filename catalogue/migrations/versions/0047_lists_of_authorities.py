"""Lists of authorities: headings, what leads to them, and what people say of them.

Going down, the lists are forgotten; no record was changed by them.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
ORDER = "by crosswalks.collation"


def upgrade() -> None:
    """Make the tables."""
    _lists()
    _names()
    op.create_table(
        "authority_question",
        sa.Column(
            "one",
            SORTED,
            primary_key=True,
            comment="list and number, a blank between; the lesser",
        ),
        sa.Column("other", SORTED, primary_key=True, comment="as one"),
        _column("key", sa.Text(), "folded words that lead to both"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "authority_answer",
        sa.Column("id", KEY, primary_key=True, autoincrement=True),
        _column("one", SORTED, "list and number, a blank between; the lesser"),
        _column("other", SORTED, "as one"),
        _column("answer", sa.Text(), "same, different"),
        _column("person", sa.Text()),
        _column("at", sa.BigInteger(), "epoch seconds"),
        sa.Column(
            "undone_at", sa.BigInteger(), nullable=True, comment="epoch seconds; null = in force"
        ),
        _column("undone_by", sa.Text()),
    )
    op.create_index("ix_authority_answer_one", "authority_answer", ["one", "other"])
    op.create_index("ix_authority_answer_other", "authority_answer", ["other"])


def _lists() -> None:
    op.create_table(
        "authority_list",
        sa.Column("id", KEY, primary_key=True, autoincrement=True),
        _column("code", sa.Text(), "as in MARC $2: bkt"),
        _column("name", sa.Text()),
        _column("kind", sa.Text(), "of headings that do not tell theirs"),
        _column("widens", sa.Boolean(), "its see-references widen searches"),
        _column("version", sa.Integer(), "the import that counts; 0 = none yet"),
        _column("attempt", sa.Integer(), "the import that was begun last"),
        _column("headings", sa.Integer()),
        _column("imported", sa.BigInteger(), "epoch seconds; 0 = never"),
        _column("author", sa.Text(), "who took it in last"),
        sa.UniqueConstraint("code", name="uq_authority_list_code"),
    )
    op.create_table(
        "authority",
        sa.Column(
            "id",
            KEY,
            primary_key=True,
            autoincrement=False,
            comment="made of list, number and since",
        ),
        sa.Column(
            "list_id",
            KEY,
            sa.ForeignKey("authority_list.id", name="fk_authority_list_id_authority_list"),
            nullable=False,
        ),
        _column("number", SORTED, "what names it for good in its list"),
        _column("kind", sa.Text(), "person, corporate, meeting, ..."),
        _column("heading", sa.Text()),
        _column("order", SORTED, ORDER),
        _column(
            "identities",
            sa.Text(),
            "JSON: headings of the same person for other works; empty = none",
        ),
        _column("body", sa.Text(), "JSON: all of it"),
        _column("hash", sa.Text(), "of the body"),
        _column("since", sa.Integer(), "the import that brought it"),
        _column("seen", sa.Integer(), "the last import that had it just so"),
    )
    op.create_index("ix_authority_list_id_number", "authority", ["list_id", "number"])
    op.create_index("ix_authority_list_id_order", "authority", ["list_id", "order", "id"])


def _names() -> None:
    op.create_table(
        "authority_name",
        _key("authority_id"),
        sa.Column(
            "at", sa.Integer(), primary_key=True, autoincrement=False, comment="0: the heading"
        ),
        _column("kind", sa.Text(), "as the authority's"),
        _column("text", sa.Text()),
        _column("order", SORTED, ORDER),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_authority_name_kind_order",
        "authority_name",
        ["kind", "order", "authority_id"],
        sqlite_where=sa.text("at > 0"),
        postgresql_where=sa.text("at > 0"),
    )
    op.create_table(
        "authority_key",
        sa.Column("key", SORTED, primary_key=True, comment="folded words"),
        _key("authority_id"),
        _column("exact", sa.Text(), "the same words with their marks"),
        _column("established", sa.Boolean(), "of the heading itself"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_authority_key_authority_id", "authority_key", ["authority_id"])
    op.create_table(
        "authority_identifier",
        sa.Column("value", SORTED, primary_key=True),
        _key("authority_id"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_authority_identifier_authority_id", "authority_identifier", ["authority_id"]
    )


def downgrade() -> None:
    """Drop the tables."""
    for name in ("answer", "question", "identifier", "key", "name"):
        op.drop_table(f"authority_{name}")
    op.drop_table("authority")
    op.drop_table("authority_list")


def _key(name: str) -> sa.Column[Any]:
    return sa.Column(name, KEY, primary_key=True, autoincrement=False)


def _column(name: str, kind: Any, comment: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, comment=comment)
