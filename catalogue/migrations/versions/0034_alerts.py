"""What has to be told of sources, to whom, and what became of each message.

Going down, alerts, channels and messages are forgotten; the sources are as they were.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
TABLES = (
    "alert_seen",
    "alert_message",
    "alert_scope",
    "alert_channel",
    "alert",
    "alert_known",
    "alert_watch",
)
QUEUED = sa.text("state = 'queued'")


def _column(name: str, kind: Any, comment: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, comment=comment)


def _key() -> sa.Column[Any]:
    return sa.Column("id", KEY, primary_key=True, autoincrement=True)


def _to(table: str, column: str, target: str, **options: Any) -> sa.Column[Any]:
    name = f"fk_{table}_{column}_{target}"
    return sa.Column(column, KEY, sa.ForeignKey(f"{target}.id", name=name), **options)


def _keyed(table: str, column: str, target: str) -> sa.Column[Any]:
    return _to(table, column, target, primary_key=True, autoincrement=False)


def upgrade() -> None:
    """Make the tables."""
    _watch()
    _alerts()
    _channels()
    _messages()


def _watch() -> None:
    op.create_table(
        "alert_watch",
        _keyed("alert_watch", "source_id", "source"),
        _column("since", sa.BigInteger, "first looked at; epoch seconds"),
        _column("seen_run", sa.BigInteger, "the newest run judged; 0 = none"),
        _column("failing", sa.Boolean),
        _column("silent", sa.Boolean),
        _column("waiting", sa.Boolean, "a run waits for a person"),
        sa.Column(
            "listed",
            sa.BigInteger,
            nullable=True,
            comment="records of a complete list that later ones are measured by",
        ),
        _column(
            "expires",
            sa.BigInteger,
            "end of the certificate that was told of, epoch seconds; 0 = none was",
        ),
        _column("probed", sa.BigInteger, "when its certificate was last looked at, epoch seconds"),
    )
    op.create_table(
        "alert_known",
        _keyed("alert_known", "source_id", "source"),
        sa.Column("code", sa.Text, primary_key=True),
    )


def _alerts() -> None:
    op.create_table(
        "alert",
        _key(),
        _column("at", sa.BigInteger, "epoch seconds"),
        _column("kind", sa.Text, "see catalogue.alerts.model"),
        _column("severity", sa.Text, "info, warning or error"),
        _to("alert", "source_id", "source", nullable=True),
        sa.Column("run_id", KEY, nullable=True, comment="the run that showed it"),
        _column("details", sa.Text, "JSON: what its sentence names"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_alert_source_id_id", "alert", ["source_id", "id"])
    op.create_index("ix_alert_at", "alert", ["at"])
    op.create_table(
        "alert_seen",
        _keyed("alert_seen", "user_id", "user_account"),
        _column("alert_id", KEY),
    )


def _channels() -> None:
    op.create_table(
        "alert_channel",
        _key(),
        _column("name", sa.Text),
        _column("kind", sa.Text, "mail or webhook"),
        _column("target", sa.Text, "mail address or URL"),
        _column("language", sa.Text, "vi or en"),
        _column("severity", sa.Text, "told from here on: info, warning, error; empty = no alerts"),
        _to("alert_channel", "library_id", "library", nullable=True),
        _column("digest", sa.Text, "daily, weekly or empty"),
        _column("salt", sa.Text, "what the key of its signatures is made of"),
        _column("created", sa.BigInteger, "epoch seconds"),
        sa.UniqueConstraint("name", name="uq_alert_channel_name"),
    )
    op.create_index("ix_alert_channel_library_id", "alert_channel", ["library_id"])
    op.create_table(
        "alert_scope",
        _keyed("alert_scope", "channel_id", "alert_channel"),
        _keyed("alert_scope", "source_id", "source"),
    )


def _messages() -> None:
    op.create_table(
        "alert_message",
        _key(),
        _to("alert_message", "channel_id", "alert_channel", nullable=False),
        _column("kind", sa.Text, "alerts or digest"),
        sa.Column("period", sa.Text, nullable=True, comment="of a digest: its day or week"),
        _column("token", sa.Text, "names it to the receiver, the same at each try"),
        _column("payload", sa.Text, "JSON: what it tells"),
        _column("state", sa.Text, "queued, sent or failed"),
        _column("created", sa.BigInteger, "epoch seconds"),
        _column("attempts", sa.Integer),
        _column("tried", sa.BigInteger, "last, epoch seconds; 0 = never"),
        _column("message", sa.Text, "why the last try failed, in English"),
        _column("code", sa.Text, "of the message"),
        _column("details", sa.Text, "JSON: what the message names"),
        sa.UniqueConstraint("channel_id", "period", name="uq_alert_message_channel_id_period"),
        sa.UniqueConstraint("token", name="uq_alert_message_token"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_alert_message_channel_id_id", "alert_message", ["channel_id", "id"])
    op.create_index(
        "ix_alert_message_queued",
        "alert_message",
        ["channel_id"],
        sqlite_where=QUEUED,
        postgresql_where=QUEUED,
    )


def downgrade() -> None:
    """Drop them, and what the queue holds for them."""
    for table in TABLES:
        op.drop_table(table)
    op.execute(
        "UPDATE job SET state = 'failed' WHERE kind IN ('alerts', 'message') AND state = 'queued'"
    )
