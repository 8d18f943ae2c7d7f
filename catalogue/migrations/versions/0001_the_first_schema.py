"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "cluster",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, comment="live or gone"),
        sa.Column("successor_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["cluster.id"], name=op.f("fk_cluster_successor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cluster")),
        sa.UniqueConstraint("public_id", name=op.f("uq_cluster_public_id")),
    )
    with op.batch_alter_table("cluster", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cluster_successor_id"), ["successor_id"], unique=False)

    op.create_table(
        "dead_key",
        sa.Column("policy_id", KEY, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False, comment="when it was last looked at"),
        sa.PrimaryKeyConstraint("policy_id", "key", name=op.f("pk_dead_key")),
    )
    op.create_table(
        "delivery",
        sa.Column("run_id", KEY, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False, comment="order in the run"),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column(
            "action", sa.Text(), nullable=False, comment="added, changed, deleted, quarantined"
        ),
        sa.Column("raw_hash", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, comment="applied, held, quarantined"),
        sa.Column(
            "raw",
            sa.LargeBinary(),
            nullable=True,
            comment="zstd; only a refused version of a record that stays live",
        ),
        sa.PrimaryKeyConstraint("run_id", "seq", name=op.f("pk_delivery")),
    )
    op.create_table(
        "dirty",
        sa.Column("policy_id", KEY, nullable=False),
        sa.Column("record_id", KEY, nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("policy_id", "record_id", name=op.f("pk_dirty")),
    )
    op.create_table(
        "edge",
        sa.Column("policy_id", KEY, nullable=False),
        sa.Column("a", KEY, nullable=False),
        sa.Column("b", KEY, nullable=False),
        sa.Column("decision", sa.Text(), nullable=False, comment="same or ask"),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False, comment="JSON list"),
        sa.PrimaryKeyConstraint("policy_id", "a", "b", name=op.f("pk_edge")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("edge", schema=None) as batch_op:
        batch_op.create_index("ix_edge_policy_id_b", ["policy_id", "b"], unique=False)

    op.create_table(
        "form",
        sa.Column("cluster_id", KEY, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False, comment="of the crosswalk that wrote it"),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("cluster_id", "hash", "prefix", name=op.f("pk_form")),
    )
    op.create_table(
        "hub_clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False, comment="epoch seconds"),
        sa.Column("closed", sa.BigInteger(), nullable=False, comment="all before it is final"),
        sa.Column("stamped", sa.BigInteger(), nullable=False, comment="stamp of the last change"),
        sa.Column(
            "turn", sa.BigInteger(), nullable=False, comment="how many placements were committed"
        ),
        sa.Column(
            "last_cluster", sa.BigInteger(), nullable=False, comment="highest cluster id given"
        ),
        sa.Column(
            "ticked", sa.BigInteger(), nullable=False, comment="wall clock at the last idle tick"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hub_clock")),
    )
    op.create_table(
        "item",
        sa.Column("view_id", KEY, nullable=False),
        sa.Column("cluster_id", KEY, nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False, comment="hub clock, epoch seconds"),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False, comment="names the master and its forms"),
        sa.PrimaryKeyConstraint("view_id", "cluster_id", name=op.f("pk_item")),
    )
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.create_index(
            "ix_item_view_id_stamp", ["view_id", "stamp", "cluster_id"], unique=False
        )

    op.create_table(
        "item_set",
        sa.Column("view_id", KEY, nullable=False),
        sa.Column("set_id", KEY, nullable=False),
        sa.Column("cluster_id", KEY, nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("view_id", "set_id", "cluster_id", name=op.f("pk_item_set")),
    )
    with op.batch_alter_table("item_set", schema=None) as batch_op:
        batch_op.create_index("ix_item_set_cluster_id", ["cluster_id"], unique=False)
        batch_op.create_index(
            "ix_item_set_view_id_set_id_stamp",
            ["view_id", "set_id", "stamp", "cluster_id"],
            unique=False,
        )

    op.create_table(
        "job",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="one running job per key"),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, comment="queued, running, done, failed"),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False, comment="epoch seconds"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_token", sa.BigInteger(), nullable=False, comment="fencing token"),
        sa.Column("lease_until", sa.BigInteger(), nullable=False, comment="epoch seconds"),
        sa.Column("owner", sa.Text(), nullable=False, comment="boot, process and its start"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_state_due", ["state", "due"], unique=False)
        batch_op.create_index(
            "uq_job_key_running",
            ["key"],
            unique=True,
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        )

    op.create_table(
        "library",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("code", sa.Text(), nullable=False, comment="code in URLs, sets, databases"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="type of library"),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column(
            "sharing_level",
            sa.Text(),
            nullable=False,
            comment="hub, members, public, international",
        ),
        sa.Column("valid_from", sa.Text(), nullable=False, comment="ISO date or empty"),
        sa.Column("valid_to", sa.Text(), nullable=False, comment="ISO date or empty"),
        sa.Column("successor_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["library.id"], name=op.f("fk_library_successor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library")),
        sa.UniqueConstraint("code", name=op.f("uq_library_code")),
    )
    op.create_table(
        "master",
        sa.Column("cluster_id", KEY, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False, comment="005: last change of content"),
        sa.Column("record", sa.Text(), nullable=False, comment="JSON of the record"),
        sa.Column("provenance", sa.Text(), nullable=False, comment="JSON: per field, its origins"),
        sa.Column("holdings", sa.Text(), nullable=False, comment="JSON"),
        sa.PrimaryKeyConstraint("cluster_id", "hash", name=op.f("pk_master")),
    )
    op.create_table(
        "match_key",
        sa.Column("policy_id", KEY, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("record_id", KEY, nullable=False),
        sa.Column(
            "rev", sa.BigInteger(), nullable=False, comment="of the record when it had this key"
        ),
        sa.PrimaryKeyConstraint("policy_id", "key", "record_id", name=op.f("pk_match_key")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("match_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_match_key_record_id"), ["record_id"], unique=False)

    op.create_table(
        "member",
        sa.Column("record_id", KEY, nullable=False),
        sa.Column("cluster_id", KEY, nullable=False),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_member")),
    )
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_cluster_id"), ["cluster_id"], unique=False)

    op.create_table(
        "oai_set",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("spec", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oai_set")),
        sa.UniqueConstraint("spec", name=op.f("uq_oai_set_spec")),
    )
    op.create_table(
        "policy",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy")),
        sa.UniqueConstraint("version", name=op.f("uq_policy_version")),
    )
    op.create_table(
        "raw_page",
        sa.Column("run_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="page of the list"),
        sa.Column("hash", sa.Text(), nullable=False, comment="its name in the raw store"),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False, comment="bytes"),
        sa.PrimaryKeyConstraint("run_id", "number", name=op.f("pk_raw_page")),
    )
    op.create_table(
        "search_row",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("view_id", KEY, nullable=False),
        sa.Column("cluster_id", KEY, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("year", sa.Text(), nullable=False),
        sa.Column("libraries", sa.Text(), nullable=False, comment="codes, space separated"),
        sa.Column("words", sa.Text(), nullable=False, comment="folded words, space separated"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_row")),
        sa.UniqueConstraint("view_id", "cluster_id", name=op.f("uq_search_row_view_id_cluster_id")),
    )
    op.create_table(
        "event",
        sa.Column("seq", KEY, autoincrement=True, nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.Column("cluster_id", KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False, comment="JSON"),
        sa.ForeignKeyConstraint(["cluster_id"], ["cluster.id"], name=op.f("fk_event_cluster_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_event")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_cluster_id"), ["cluster_id"], unique=False)

    op.create_table(
        "library_alias",
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("library_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["library_id"], ["library.id"], name=op.f("fk_library_alias_library_id")
        ),
        sa.PrimaryKeyConstraint("alias", name=op.f("pk_library_alias")),
    )
    with op.batch_alter_table("library_alias", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_library_alias_library_id"), ["library_id"], unique=False
        )

    op.create_table(
        "source",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("code", sa.Text(), nullable=False, comment="the name staff gave it"),
        sa.Column("library_id", KEY, nullable=False),
        sa.Column(
            "settings", sa.Text(), nullable=False, comment="JSON: protocol, url, prefix, sets, ..."
        ),
        sa.Column("crosswalk_version", sa.Text(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False, comment="higher = preferred base"),
        sa.Column("checkpoint", sa.Text(), nullable=False, comment="JSON of the reader"),
        sa.ForeignKeyConstraint(["library_id"], ["library.id"], name=op.f("fk_source_library_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("code", name=op.f("uq_source_code")),
    )
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_source_library_id"), ["library_id"], unique=False)

    op.create_table(
        "view",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("policy_id", KEY, nullable=False),
        sa.Column("audience", sa.Text(), nullable=False, comment="a sharing level"),
        sa.ForeignKeyConstraint(["policy_id"], ["policy.id"], name=op.f("fk_view_policy_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_view")),
        sa.UniqueConstraint("name", name=op.f("uq_view_name")),
    )
    op.create_table(
        "record",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("source_id", KEY, nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, comment="active, deleted, quarantined"),
        sa.Column(
            "rev", sa.BigInteger(), nullable=False, comment="grows with each change of content"
        ),
        sa.Column("datestamp", sa.Text(), nullable=False, comment="as the source gave it"),
        sa.Column("format", sa.Text(), nullable=False, comment="namespace or schema of raw"),
        sa.Column("crosswalk_version", sa.Text(), nullable=False),
        sa.Column(
            "seen_run", sa.BigInteger(), nullable=False, comment="last run that delivered it"
        ),
        sa.Column("raw_hash", sa.LargeBinary(), nullable=False),
        sa.Column(
            "content_hash", sa.LargeBinary(), nullable=False, comment="of the pivot without 005"
        ),
        sa.Column("features_version", sa.Integer(), nullable=False),
        sa.Column("features", sa.Text(), nullable=True, comment="JSON for matching"),
        sa.Column("parsed", sa.Text(), nullable=True, comment="JSON of the pivot record"),
        sa.Column(
            "raw", sa.LargeBinary(), nullable=False, comment="zstd of the bytes as delivered"
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_record_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record")),
        sa.UniqueConstraint("source_id", "identifier", name=op.f("uq_record_source_id_identifier")),
    )
    op.create_table(
        "run",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("job_id", KEY, nullable=False),
        sa.Column("source_id", KEY, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("started", sa.BigInteger(), nullable=False, comment="epoch milliseconds"),
        sa.Column("finished", sa.BigInteger(), nullable=True, comment="epoch milliseconds"),
        sa.Column("delivered", sa.BigInteger(), nullable=False),
        sa.Column("added", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.Column("unchanged", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.BigInteger(), nullable=False),
        sa.Column("quarantined", sa.BigInteger(), nullable=False),
        sa.Column("held", sa.BigInteger(), nullable=False),
        sa.Column("absent", sa.BigInteger(), nullable=False),
        sa.Column("pages", sa.BigInteger(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_run_job_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_run_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_run_job_id"), ["job_id"], unique=False)
        batch_op.create_index("ix_run_source_id_id", ["source_id", "id"], unique=False)

    op.create_table(
        "problem",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("source_id", KEY, nullable=False),
        sa.Column("run_id", KEY, nullable=False),
        sa.Column("record_id", KEY, nullable=True),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("sample", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_problem_record_id")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_problem_run_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_problem_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_problem")),
    )
    with op.batch_alter_table("problem", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_problem_record_id"), ["record_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_problem_run_id"), ["run_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_problem_source_id"), ["source_id"], unique=False)

    op.create_table(
        "verdict",
        sa.Column("a", KEY, nullable=False),
        sa.Column("b", KEY, nullable=False),
        sa.Column("decision", sa.Text(), nullable=False, comment="same or different"),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False, comment="epoch seconds"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["a"], ["record.id"], name=op.f("fk_verdict_a")),
        sa.ForeignKeyConstraint(["b"], ["record.id"], name=op.f("fk_verdict_b")),
        sa.PrimaryKeyConstraint("a", "b", name=op.f("pk_verdict")),
    )
    with op.batch_alter_table("verdict", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_verdict_b"), ["b"], unique=False)


def downgrade() -> None:
    """Remove the tables."""
    with op.batch_alter_table("verdict", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_verdict_b"))

    op.drop_table("verdict")
    with op.batch_alter_table("problem", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_problem_source_id"))
        batch_op.drop_index(batch_op.f("ix_problem_run_id"))
        batch_op.drop_index(batch_op.f("ix_problem_record_id"))

    op.drop_table("problem")
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.drop_index("ix_run_source_id_id")
        batch_op.drop_index(batch_op.f("ix_run_job_id"))

    op.drop_table("run")
    op.drop_table("record")
    op.drop_table("view")
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_source_library_id"))

    op.drop_table("source")
    with op.batch_alter_table("library_alias", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_library_alias_library_id"))

    op.drop_table("library_alias")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_cluster_id"))

    op.drop_table("event")
    op.drop_table("search_row")
    op.drop_table("raw_page")
    op.drop_table("policy")
    op.drop_table("oai_set")
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_member_cluster_id"))

    op.drop_table("member")
    with op.batch_alter_table("match_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_match_key_record_id"))

    op.drop_table("match_key")
    op.drop_table("master")
    op.drop_table("library")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_job_key_running",
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        )
        batch_op.drop_index("ix_job_state_due")

    op.drop_table("job")
    with op.batch_alter_table("item_set", schema=None) as batch_op:
        batch_op.drop_index("ix_item_set_view_id_set_id_stamp")
        batch_op.drop_index("ix_item_set_cluster_id")

    op.drop_table("item_set")
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.drop_index("ix_item_view_id_stamp")

    op.drop_table("item")
    op.drop_table("hub_clock")
    op.drop_table("form")
    with op.batch_alter_table("edge", schema=None) as batch_op:
        batch_op.drop_index("ix_edge_policy_id_b")

    op.drop_table("edge")
    op.drop_table("dirty")
    op.drop_table("delivery")
    op.drop_table("dead_key")
    with op.batch_alter_table("cluster", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cluster_successor_id"))

    op.drop_table("cluster")
