"""Groups of libraries, their contacts and agreements; types of libraries get codes.

Going up, mail addresses that alerts of one library write to become contacts of that library, and a
type that the law knows gets its code: what its libraries delivered waits to be placed again, since
the set named after the words gives way to that of the code. Going down, groups, agreements and what
else was kept of contacts are lost, alerts keep their addresses, types keep their codes, and what
was in sets of groups or of another library's old code waits to be placed again.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
TABLES = ("contact_channel", "contact", "agreement", "library_group_member", "library_group")
# As the program named types when they got codes: folded words by code.
WORDS = {
    "national": ("national library", "thư viện quốc gia", "quốc gia"),
    "public": ("public library", "public libraries", "thư viện công cộng", "công cộng"),
    "special": (
        *("special library", "special libraries", "specialised", "specialized library"),
        *("thư viện chuyên ngành", "chuyên ngành"),
    ),
    "armed-forces": (
        *("armed forces", "military", "thư viện lực lượng vũ trang nhân dân"),
        *("lực lượng vũ trang", "lực lượng vũ trang nhân dân", "thư viện quân đội"),
    ),
    "university": (
        *("academic", "academic library", "university library", "university libraries"),
        *("thư viện đại học", "đại học", "thư viện trường đại học"),
    ),
    "school": ("school library", "trường học", "thư viện trường học", "thư viện trường phổ thông"),
    "community": (
        *("community library", "private library", "thư viện cộng đồng", "cộng đồng"),
        "thư viện cá nhân",
    ),
    "foreign": ("foreign library", "thư viện nước ngoài", "nước ngoài"),
}
CODES = {word: code for code, words in WORDS.items() for word in (code, *words)}
WAITS = """
    INSERT INTO dirty (policy_id, record_id, rev)
    SELECT p.id, r.id, -1 - r.rev
    FROM record r JOIN source s ON s.id = r.source_id JOIN policy p ON p.live
    WHERE {which} AND NOT EXISTS
        (SELECT 1 FROM dirty d WHERE d.policy_id = p.id AND d.record_id = r.id)
"""
IN_GROUPS = """EXISTS (SELECT 1 FROM library_group_member m WHERE m.library_id = s.library_id)
    OR EXISTS (SELECT 1 FROM library old WHERE old.successor_id = s.library_id)"""
GROUPED = "SELECT id FROM oai_set WHERE spec = 'group' OR spec LIKE 'group~:%' ESCAPE '~'"


def upgrade() -> None:
    """Make the tables, contacts of what alerts know, and codes of types."""
    _groups()
    _contacts()
    op.create_table(
        "agreement",
        _key(),
        _to("agreement", "library_id", "library"),
        _text("number", "as it is written on it"),
        _text("signed", "ISO date or empty"),
        _text("scope", "what was agreed, in words"),
        _text("valid_from", "ISO date; empty = when it was signed"),
        _text("valid_to", "ISO date, the last day; empty = open"),
        _text("reference", "where the document is kept"),
        _text("note"),
        sa.UniqueConstraint("library_id", "number", name="uq_agreement_library_id_number"),
    )
    _take_addresses()
    _give_codes()


def _groups() -> None:
    op.create_table(
        "library_group",
        _key(),
        _text("code", "code in URLs, sets, databases"),
        _text("name_vi", "its name in Vietnamese"),
        _text("name_en", "its name in English"),
        _text(
            "basis",
            "what they have in common: function, field, region, project; empty = else",
        ),
        sa.UniqueConstraint("code", name="uq_library_group_code"),
    )
    op.create_table(
        "library_group_member",
        _to("library_group_member", "group_id", "library_group", primary_key=True),
        _to("library_group_member", "library_id", "library", primary_key=True),
    )
    op.create_index("ix_library_group_member_library_id", "library_group_member", ["library_id"])


def _contacts() -> None:
    op.create_table(
        "contact",
        _key(),
        _to("contact", "library_id", "library"),
        _text("name"),
        _text("role", "in words of staff: director, systems, ..."),
        _text("mail", "mail address or empty"),
        _text("phone"),
        _text("notes"),
        sa.UniqueConstraint("library_id", "name", name="uq_contact_library_id_name"),
    )
    op.create_table(
        "contact_channel",
        _to("contact_channel", "channel_id", "alert_channel", primary_key=True),
        _to("contact_channel", "contact_id", "contact"),
    )
    op.create_index("ix_contact_channel_contact_id", "contact_channel", ["contact_id"])


def _take_addresses() -> None:
    """Make contacts of the mail addresses of libraries that alerts write to."""
    its = "kind = 'mail' AND library_id IS NOT NULL"
    op.execute(
        "INSERT INTO contact (library_id, name, role, mail, phone, notes)"
        f" SELECT DISTINCT library_id, target, '', target, '', '' FROM alert_channel WHERE {its}"
    )
    op.execute(
        "INSERT INTO contact_channel (channel_id, contact_id)"
        " SELECT a.id, c.id FROM alert_channel a"
        " JOIN contact c ON c.library_id = a.library_id AND c.mail = a.target"
        " WHERE a.kind = 'mail'"
    )
    op.execute(f"UPDATE alert_channel SET target = '' WHERE {its}")


def _give_codes() -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, kind FROM library WHERE kind <> ''")).all()
    for library, kind in rows:
        code = CODES.get(" ".join(kind.casefold().replace("-", " ").split()), kind)
        code = CODES.get(kind.casefold(), code)
        if code == kind:
            continue
        connection.execute(
            sa.text("UPDATE library SET kind = :kind WHERE id = :id"),
            {"kind": code, "id": library},
        )
        connection.execute(sa.text(WAITS.format(which="s.library_id = :id")), {"id": library})


def downgrade() -> None:
    """Give alerts their addresses back, empty the sets of groups, and drop the tables."""
    op.execute(WAITS.format(which=f"({IN_GROUPS})"))
    op.execute(
        "UPDATE alert_channel SET target = (SELECT c.mail FROM contact c"
        " JOIN contact_channel l ON l.contact_id = c.id WHERE l.channel_id = alert_channel.id)"
        " WHERE id IN (SELECT channel_id FROM contact_channel)"
    )
    op.execute(f"DELETE FROM item_set WHERE set_id IN ({GROUPED})".replace(":", r"\:"))
    op.execute(f"DELETE FROM oai_set WHERE id IN ({GROUPED})".replace(":", r"\:"))
    for table in TABLES:
        op.drop_table(table)


def _key() -> sa.Column[Any]:
    return sa.Column("id", KEY, primary_key=True, autoincrement=True)


def _text(name: str, comment: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False, comment=comment)


def _to(table: str, column: str, target: str, **options: Any) -> sa.Column[Any]:
    foreign = sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{column}_{target}")
    return sa.Column(column, KEY, foreign, **{"nullable": False} | options)
