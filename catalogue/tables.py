"""The tables of the catalogue, the same on SQLite and PostgreSQL.

Only Alembic creates or changes them in a real database (catalogue/migrations); these classes say
what each column means and give the statements their typed columns. Rows that are derived from
records and written by the thousand (keys, edges, items, forms) carry no foreign keys: they can be
made again.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.base import Base, Key, key, only, to
from catalogue.clockwork_tables import ClockworkRow
from catalogue.cluster_tables import (
    ClusterRow,
    DeadKeyRow,
    EdgeRow,
    MatchKeyRow,
    MemberRow,
)
from catalogue.consumer_tables import ConsumerRow, TakenListRow, UsageRow
from catalogue.holding_tables import (
    HoldingDeliveryRow,
    HoldingKeyRow,
    HoldingListRow,
    HoldingRow,
)
from catalogue.policy_tables import LargeComponentRow, PolicyVersionRow
from catalogue.search_tables import (
    DocumentRow,
    HeadingOfRow,
    HeadingRow,
    SearchedViewRow,
    ShownRow,
    UnsearchedRow,
    WordRow,
)
from catalogue.set_tables import QuerySetRow
from catalogue.succession_tables import SuccessionClueRow, SuccessionPairRow, SuccessionRow
from catalogue.verdict_tables import QuestionRow, VerdictEventRow, VerdictRow
from catalogue.view_tables import (
    ClockRow,
    EventRecordRow,
    EventRow,
    FormRow,
    ItemRow,
    ItemSetRow,
    MasterRow,
    SetRow,
    ViewRow,
)
from catalogue.waiting_tables import HeldRow, QuarantineRow
from catalogue.work_tables import PreliminaryRow, WorkDirtyRow, WorkKeyRow, WorkMemberRow

__all__ = [
    "Base",
    "ClockRow",
    "ClockworkRow",
    "ClusterRow",
    "ConsumerRow",
    "DeadKeyRow",
    "DocumentRow",
    "EdgeRow",
    "EventRecordRow",
    "EventRow",
    "FormRow",
    "HeadingOfRow",
    "HeadingRow",
    "HeldRow",
    "HoldingDeliveryRow",
    "HoldingKeyRow",
    "HoldingListRow",
    "HoldingRow",
    "ItemRow",
    "ItemSetRow",
    "Key",
    "LargeComponentRow",
    "MasterRow",
    "MatchKeyRow",
    "MemberRow",
    "PolicyVersionRow",
    "PreliminaryRow",
    "QuarantineRow",
    "QuerySetRow",
    "QuestionRow",
    "SearchedViewRow",
    "SetRow",
    "ShownRow",
    "SuccessionClueRow",
    "SuccessionPairRow",
    "SuccessionRow",
    "TakenListRow",
    "UnsearchedRow",
    "UsageRow",
    "VerdictEventRow",
    "VerdictRow",
    "ViewRow",
    "WordRow",
    "WorkDirtyRow",
    "WorkKeyRow",
    "WorkMemberRow",
    "key",
    "only",
    "to",
]


class LibraryRow(Base):
    """A member library. Codes are for ever: a merged library points at its successor."""

    __tablename__ = "library"
    id: Mapped[int] = key()
    code: Mapped[str] = mapped_column(Text, unique=True, comment="code in URLs, sets, databases")
    name: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[str] = mapped_column(Text, default="", comment="type of library")
    region: Mapped[str] = mapped_column(Text, default="")
    sharing_level: Mapped[str] = mapped_column(Text, comment="hub, members, public, international")
    valid_from: Mapped[str] = mapped_column(Text, default="", comment="ISO date or empty")
    valid_to: Mapped[str] = mapped_column(Text, default="", comment="ISO date or empty")
    successor_id: Mapped[int | None] = to("library.id")
    standing: Mapped[str] = mapped_column(
        Text, server_default="member", comment="joining, member, suspended, withdrawn"
    )
    fields: Mapped[str] = mapped_column(
        Text,
        server_default="",
        comment="fields it shares beyond the hub's staff, as 1XX 245; empty = all",
    )
    licence: Mapped[str] = mapped_column(
        Text,
        server_default="",
        comment="code of the licence of its records; empty = none was stated",
    )
    rights: Mapped[str] = mapped_column(
        Text, server_default="", comment="its rights statement, in its own words"
    )


class LibraryAliasRow(Base):
    """Another code by which a library is known: ISIL, MARC organisation code, an old code."""

    __tablename__ = "library_alias"
    alias: Mapped[str] = mapped_column(Text, primary_key=True)
    library_id: Mapped[int] = to("library.id", index=True)


class SourceRow(Base):
    """A configured endpoint of a library."""

    __tablename__ = "source"
    id: Mapped[int] = key()
    code: Mapped[str] = mapped_column(Text, unique=True, comment="the name staff gave it")
    library_id: Mapped[int] = to("library.id", index=True)
    settings: Mapped[str] = mapped_column(Text, comment="JSON: protocol, url, prefix, sets, ...")
    weight: Mapped[int] = mapped_column(Integer, default=0, comment="higher = preferred base")
    checkpoint: Mapped[str] = mapped_column(Text, default="{}", comment="JSON of the reader")
    generation: Mapped[int] = mapped_column(Integer, default=0, comment="of list and mapping")
    deletions: Mapped[str] = mapped_column(
        Text, default="", comment="no, transient or persistent, as it said last"
    )
    list_run: Mapped[int] = mapped_column(
        BigInteger, default=0, comment="run that began the complete list under way; 0 = none is"
    )
    list_done: Mapped[bool] = mapped_column(
        Boolean, default=False, comment="that list came whole, and is not compared yet"
    )
    reconciled: Mapped[int] = mapped_column(
        BigInteger, default=0, comment="epoch seconds: last compared with its complete list"
    )
    decided: Mapped[str] = mapped_column(
        Text,
        default="",
        comment="JSON: what encoding auto was decided to be, and on what; empty = nothing yet",
    )
    shown: Mapped[str] = mapped_column(
        Text, default="", comment="JSON: the evidence that the records of all runs gave, pooled"
    )
    stage: Mapped[str] = mapped_column(Text, server_default="live", comment="live, test")


class JobRow(Base):
    """The queue: every kind of background work, claimed under a lease with a fencing token."""

    __tablename__ = "job"
    id: Mapped[int] = key()
    kind: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text, comment="one running job per key")
    payload: Mapped[str] = mapped_column(Text, default="{}")
    state: Mapped[str] = mapped_column(Text, comment="queued, running, done, failed")
    priority: Mapped[int] = mapped_column(Integer, default=0)
    due: Mapped[int] = mapped_column(BigInteger, default=0, comment="epoch seconds")
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    lease_token: Mapped[int] = mapped_column(BigInteger, default=0, comment="fencing token")
    lease_until: Mapped[int] = mapped_column(BigInteger, default=0, comment="epoch seconds")
    owner: Mapped[str] = mapped_column(Text, default="", comment="boot, process and its start")
    stopping: Mapped[bool] = mapped_column(
        Boolean, default=False, comment="somebody wants it to end"
    )
    __table_args__ = (
        Index("uq_job_key_running", "key", unique=True, **only("state = 'running'")),
        Index("uq_job_key_queued", "key", unique=True, **only("state = 'queued'")),
        Index("ix_job_state_due", "state", "due"),
    )


class RunRow(Base):
    """One harvest of one source, as history."""

    __tablename__ = "run"
    id: Mapped[int] = key()
    job_id: Mapped[int] = to("job.id", index=True)
    source_id: Mapped[int] = to("source.id")
    status: Mapped[str] = mapped_column(Text)
    started: Mapped[int] = mapped_column(BigInteger, comment="epoch milliseconds")
    finished: Mapped[int | None] = mapped_column(BigInteger, comment="epoch milliseconds")
    delivered: Mapped[int] = mapped_column(BigInteger, default=0)
    added: Mapped[int] = mapped_column(BigInteger, default=0)
    changed: Mapped[int] = mapped_column(BigInteger, default=0)
    unchanged: Mapped[int] = mapped_column(BigInteger, default=0)
    deleted: Mapped[int] = mapped_column(BigInteger, default=0)
    quarantined: Mapped[int] = mapped_column(BigInteger, default=0)
    held: Mapped[int] = mapped_column(BigInteger, default=0)
    absent: Mapped[int] = mapped_column(BigInteger, default=0)
    pages: Mapped[int] = mapped_column(BigInteger, default=0)
    message: Mapped[str] = mapped_column(Text, default="")
    code: Mapped[str] = mapped_column(Text, default="", comment="of the message")
    details: Mapped[str] = mapped_column(Text, default="{}", comment="JSON: what the message names")
    options: Mapped[str] = mapped_column(
        Text, default="{}", comment="JSON: what it was asked for besides the usual"
    )
    replays: Mapped[int | None] = mapped_column(Key, comment="the run whose pages it read again")
    absent_held: Mapped[int] = mapped_column(
        BigInteger, default=0, comment="of held: not delivered, but missing from the complete list"
    )
    generation: Mapped[int] = mapped_column(Integer, default=0, comment="of the source's settings")
    decision: Mapped[str] = mapped_column(
        Text, default="", comment="approved or discarded by a person"
    )
    decided: Mapped[int | None] = mapped_column(BigInteger, comment="epoch milliseconds")
    accepts: Mapped[bool] = mapped_column(
        Boolean,
        default=False,
        comment="a person said to go on although many records cannot be mapped",
    )
    listed: Mapped[int | None] = mapped_column(
        BigInteger, comment="live records of the complete list it ended"
    )
    __table_args__ = (
        Index("ix_run_source_id_id", "source_id", "id"),
        Index("ix_run_running", "source_id", "id", **only("status = 'running'")),
        Index("ix_run_waiting", "source_id", "id", **only("status = 'waiting'")),
        # Conservation: no delivered record is left out of account.
        CheckConstraint(
            "delivered + absent_held = added + changed + unchanged + deleted + quarantined + held"
            " AND unchanged >= 0 AND held >= absent_held",
            name="ck_run_conserved",
        ),
    )


class RawPageRow(Base):
    """Where an answer of a source is kept as it came."""

    __tablename__ = "raw_page"
    run_id: Mapped[int] = mapped_column(Key, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, comment="page of the list")
    hash: Mapped[str] = mapped_column(Text, index=True, comment="its name in the raw store")
    url: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger, comment="bytes")


class RawBlobRow(Base):
    """A page as it came, where pages are kept in the database and not in a folder."""

    __tablename__ = "raw_blob"
    name: Mapped[str] = mapped_column(Text, primary_key=True, comment="SHA-256 of the page, in hex")
    body: Mapped[bytes] = mapped_column(LargeBinary, comment="zstd")
    put: Mapped[int] = mapped_column(BigInteger, comment="epoch seconds, the last time")


class DeliveryRow(Base):
    """What a run did with one delivered record; an unchanged one leaves no row."""

    __tablename__ = "delivery"
    run_id: Mapped[int] = mapped_column(Key, primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, comment="order in the run")
    """Less than 0 for what was not delivered but found missing: the record's key."""
    identifier: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(
        Text, comment="added, changed, deleted, quarantined, absent"
    )
    raw_hash: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(Text, comment="applied, held, quarantined, dropped")
    raw: Mapped[bytes | None] = mapped_column(
        LargeBinary, comment="zstd; only a refused version of a record that stays live"
    )


class RecordRow(Base):
    """One record of one source. Rows are never removed: a deletion is a state."""

    __tablename__ = "record"
    id: Mapped[int] = key()
    source_id: Mapped[int] = to("source.id")
    identifier: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(
        Text, comment="active, deleted, quarantined, suppressed, waiting"
    )
    rev: Mapped[int] = mapped_column(BigInteger, comment="grows with each change of content")
    datestamp: Mapped[str] = mapped_column(Text, comment="as the source gave it")
    format: Mapped[str] = mapped_column(Text, comment="namespace or schema of raw")
    crosswalk_version: Mapped[str] = mapped_column(Text)
    seen_run: Mapped[int] = mapped_column(BigInteger, comment="last run that delivered it")
    raw_hash: Mapped[bytes] = mapped_column(LargeBinary)
    content_hash: Mapped[bytes] = mapped_column(LargeBinary, comment="of the pivot without 005")
    features_version: Mapped[int] = mapped_column(Integer)
    features: Mapped[str | None] = mapped_column(Text, comment="JSON for matching")
    parsed: Mapped[str | None] = mapped_column(Text, comment="JSON of the pivot record")
    raw: Mapped[bytes] = mapped_column(LargeBinary, comment="zstd of the bytes as delivered")
    refused: Mapped[bool] = mapped_column(Boolean, default=False, comment="a newer version was")
    own: Mapped[str | None] = mapped_column(
        Text, comment="as parsed: the library's own last version, where the hub's came back"
    )
    arrived: Mapped[int] = mapped_column(BigInteger, default=0, comment="this version; epoch s")
    stamp: Mapped[int | None] = mapped_column(BigInteger, comment="see catalogue.originals")
    listed: Mapped[bool] = mapped_column(Boolean, server_default=false(), comment="and given out")
    __table_args__ = (
        UniqueConstraint("source_id", "identifier"),
        Index("ix_record_source_id_id", "source_id", "id"),
        Index("ix_record_source_id_stamp", "source_id", "stamp", "id"),
        Index("ix_record_unstamped", "id", **only("stamp IS NULL")),
    )


class ProblemRow(Base):
    """Something wrong with a record, as found when it was last delivered."""

    __tablename__ = "problem"
    id: Mapped[int] = key()
    source_id: Mapped[int] = to("source.id")
    run_id: Mapped[int] = to("run.id")
    record_id: Mapped[int | None] = to("record.id", index=True)
    identifier: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)
    severity: Mapped[str] = mapped_column(Text)
    field: Mapped[str] = mapped_column(Text)
    sample: Mapped[str] = mapped_column(Text)
    detail: Mapped[str] = mapped_column(Text)
    __table_args__ = (
        Index("ix_problem_code_id", "code", "id"),
        Index("ix_problem_source_id_code_id", "source_id", "code", "id"),
        Index("ix_problem_run_id_code_id", "run_id", "code", "id"),
    )


class PolicyRow(Base):
    """A partition of the records by one version of the matching policy at a time."""

    __tablename__ = "policy"
    id: Mapped[int] = key()
    version: Mapped[str] = mapped_column(Text, unique=True)
    live: Mapped[bool] = mapped_column(Boolean)
    rules: Mapped[str] = mapped_column(
        Text,
        default="",
        server_default="",
        comment="of the program, by which all records were placed",
    )


class DirtyRow(Base):
    """A record that waits to be placed; removed only if its rev is still the one placed."""

    __tablename__ = "dirty"
    policy_id: Mapped[int] = mapped_column(Key, primary_key=True)
    record_id: Mapped[int] = mapped_column(Key, primary_key=True)
    rev: Mapped[int] = mapped_column(BigInteger)
    failed_rev: Mapped[int | None] = mapped_column(
        BigInteger, comment="the rev that could not be placed; another rev is tried again"
    )
