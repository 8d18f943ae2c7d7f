"""Sets by type and region of library, subject and material: all clusters are made anew.

Going up, a record of each cluster waits, so that its cluster is made anew in the background with
the sets it is in. Going down, the memberships are taken away; what older versions know stays.
"""

from __future__ import annotations

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

# A rev below 0: its content is what it was, its cluster is made again (holdings.touched).
ALL = """
    INSERT INTO dirty (policy_id, record_id, rev)
    SELECT p.id, r.id, -1 - r.rev
    FROM (SELECT MIN(record_id) AS id FROM member GROUP BY cluster_id) one
    JOIN record r ON r.id = one.id
    JOIN policy p ON p.live
    WHERE NOT EXISTS (SELECT 1 FROM dirty d WHERE d.policy_id = p.id AND d.record_id = r.id)
"""
NEW = "SELECT id FROM oai_set WHERE spec <> 'library' AND spec NOT LIKE 'library:%'"


def upgrade() -> None:
    """Have clusters made anew."""
    op.execute(ALL.replace(":", r"\:"))


def downgrade() -> None:
    """Forget the sets, and the forms that are made when asked for."""
    op.execute(f"DELETE FROM item_set WHERE set_id IN ({NEW})".replace(":", r"\:"))
    op.execute(f"DELETE FROM oai_set WHERE id IN ({NEW})".replace(":", r"\:"))
    op.execute("DELETE FROM form WHERE prefix NOT IN ('marc21', 'oai_dc')")
