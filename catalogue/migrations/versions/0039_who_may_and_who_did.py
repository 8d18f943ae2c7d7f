"""Members who sign in, second factors, tickets that let in once, and what people changed.

Going down, members can no longer sign in, second factors and open invitations are forgotten, and
so is what people changed.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
PASSWORD, ROLE = "Argon2 hash", "viewer, cataloguer, operator, admin"
INVITED = "Argon2 hash; empty until an invitation is taken up"
TEXTS = {
    "mail": "address for a forgotten password; or empty",
    "factor": "sealed secret of the second factor; empty = none",
    "recovery": "JSON: hashes of codes not used up",
}
STEP = "RFC 6238 time step of the last code that was taken"
TRIGGER = "audit_only_grows"


def _column(name: str, kind: Any, comment: str | None = None, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, comment=comment, **more)


def _key() -> sa.Column[Any]:
    return sa.Column("id", KEY, primary_key=True, autoincrement=True)


def upgrade() -> None:
    """Make the columns and tables."""
    _accounts()
    _tickets()
    _audit()


def _accounts() -> None:
    # Without a batch: SQLite cannot make a table anew that others name.
    op.add_column(
        "user_account", sa.Column("library_id", KEY, nullable=True, comment="whose a member is")
    )
    for name, comment in TEXTS.items():
        op.add_column("user_account", _column(name, sa.Text, comment, server_default=""))
    op.add_column("user_account", _column("factor_step", sa.BigInteger, STEP, server_default="0"))
    _comments((PASSWORD, INVITED), (ROLE, f"{ROLE}, member"))


def _comments(password: tuple[str, str], role: tuple[str, str]) -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name, (before, after) in (("password", password), ("role", role)):
            op.alter_column(
                "user_account", name, existing_type=sa.Text, existing_comment=before, comment=after
            )


def _tickets() -> None:
    op.create_table(
        "account_ticket",
        _key(),
        _column("kind", sa.Text, "invitation, reset or setup"),
        sa.Column(
            "user_id",
            KEY,
            sa.ForeignKey("user_account.id", name="fk_account_ticket_user_id_user_account"),
            nullable=True,
            comment="null for setup",
        ),
        _column("digest", sa.Text, "SHA-256 of the token"),
        _column("made", sa.BigInteger, "epoch seconds"),
        _column("expires", sa.BigInteger, "epoch seconds"),
        sa.UniqueConstraint("digest", name="uq_account_ticket_digest"),
    )
    op.create_index("ix_account_ticket_user_id", "account_ticket", ["user_id"])


def _audit() -> None:
    op.create_table(
        "audit",
        _key(),
        _column("at", sa.BigInteger, "epoch seconds"),
        _column("who", sa.Text, "user, or the account of a command line"),
        _column("way", sa.Text, "web or command"),
        _column("address", sa.Text, "where it was asked from"),
        _column("act", sa.Text, "endpoint, or command"),
        _column("kind", sa.Text, "table of what was changed; or empty"),
        _column("object", sa.Text, "what is changed, by its name"),
        _column("before", sa.Text, "JSON: what differs, as it was; or empty"),
        _column("after", sa.Text, "JSON: the same as it is; or empty"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_who_id", "audit", ["who", "id"])
    op.create_index("ix_audit_kind_object_id", "audit", ["kind", "object", "id"])
    _only_grows()


def _only_grows() -> None:
    """Have the database itself refuse that a row is changed."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {TRIGGER}() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'rows of audit are not changed'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE ON audit"
            f" FOR EACH ROW EXECUTE FUNCTION {TRIGGER}()"
        )
    else:
        op.execute(
            f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE ON audit"
            " BEGIN SELECT RAISE(ABORT, 'rows of audit are not changed'); END"
        )


def downgrade() -> None:
    """Drop them; members may no longer sign in."""
    op.drop_table("audit")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP FUNCTION {TRIGGER}()")
    op.drop_table("account_ticket")
    op.execute("UPDATE user_account SET role = 'viewer', active = false WHERE role = 'member'")
    for name in ("library_id", "factor_step", *TEXTS):
        op.drop_column("user_account", name)
    _comments((INVITED, PASSWORD), (f"{ROLE}, member", ROLE))
