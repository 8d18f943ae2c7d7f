"""What sources sign in with, encrypted; and the settings that came with it."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
NEW = {"connection", "listing", "guards", "paused"}
KINDS = "basic, bearer, header or query"


def upgrade() -> None:
    """Make the table; no source signs in yet."""
    op.create_table(
        "credentials",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False, comment=KINDS),
        sa.Column(
            "sealed", sa.LargeBinary, nullable=False, comment="encrypted by the key of the hub"
        ),
        sa.Column("made", sa.BigInteger, nullable=False, comment="epoch seconds"),
        sa.PrimaryKeyConstraint("id", name="pk_credentials"),
        sa.UniqueConstraint("name", name="uq_credentials_name"),
    )


def downgrade() -> None:
    """Take the table away, and with it all credentials: they have to be set again.

    So is what an earlier version knows nothing of and would stumble over: how sources are
    connected to, listed and guarded. None is paused any more.
    """
    op.drop_table("credentials")
    connection = op.get_bind()
    for key, settings in connection.execute(sa.text("SELECT id, settings FROM source")).all():
        told = {name: value for name, value in json.loads(settings).items() if name not in NEW}
        connection.execute(
            sa.text("UPDATE source SET settings = :settings WHERE id = :key"),
            {"settings": json.dumps(told, ensure_ascii=False), "key": key},
        )
