"""A search index of fields, phrases, headings and exact forms, in the place of a list of words.

Going up, all clusters wait to be indexed, which is done in the background; going down, the list of
words is empty until the clusters are placed again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
TEXTS = (
    *("title", "variant", "series", "person", "corporate", "meeting", "responsible", "subject"),
    *("named", "region", "genre", "publisher", "place", "note", "abstract"),
)
CODES = (
    *("isbn", "issn", "lccn", "number", "control", "dewey", "callnumber", "classed"),
    *("language", "material", "library", "opening", "opening_m"),
)
# Tokens come ready made, letters other than ASCII among them: this tokenizer breaks none of them.
SQLITE = (
    "CREATE VIRTUAL TABLE search_text USING fts5("
    + ", ".join((*TEXTS, *(f"{name}_m" for name in TEXTS), *CODES))
    + ", columnsize=0, tokenize='ascii')",
)
# What is counted must lie close together: tokens are kept out of line. PostgreSQL does so only with
# rows of more than 2 kB, which the padding makes them; compressed, it takes some 40 bytes.
POSTGRESQL = (
    "ALTER TABLE search_document ADD COLUMN padding text NOT NULL DEFAULT repeat(' ', 2100)",
    "ALTER TABLE search_document ADD COLUMN tokens tsvector NOT NULL DEFAULT ''",
    "ALTER TABLE search_document ALTER COLUMN padding SET STORAGE MAIN",
    "ALTER TABLE search_document ALTER COLUMN tokens SET STORAGE EXTERNAL",
    "ALTER TABLE search_document SET (toast_tuple_target = 128)",
    # Of ten times as many words it is known then how frequent they are.
    "ALTER TABLE search_document ALTER COLUMN tokens SET STATISTICS 1000",
    "CREATE INDEX ix_search_document_tokens ON search_document USING gin (tokens)",
)
SHAPES = {
    ("search_shown", "ix_search_shown_cluster_id"): "500000 1",
    ("search_document", "ix_search_document_work_id"): "500000 1",
    ("search_document", "ix_search_document_year"): "500000 5000",
    ("search_document", "ix_search_document_changed"): "500000 500",
    ("search_heading", "sqlite_autoindex_search_heading_1"): "1000000 80000 1 1",
    ("search_heading", "ix_search_heading_field_key"): "1000000 80000 1",
    ("search_heading_of", "search_heading_of"): "4000000 4 1",
    ("search_heading_of", "ix_search_heading_of_document_id"): "4000000 8 2 2 1",
}
OLD_SQLITE = """
CREATE VIRTUAL TABLE search_words USING fts5(
    words, content='search_row', content_rowid='id', tokenize='unicode61 remove_diacritics 0'
);;
CREATE TRIGGER search_row_added AFTER INSERT ON search_row BEGIN
    INSERT INTO search_words(rowid, words) VALUES (new.id, new.words);
END;;
CREATE TRIGGER search_row_removed AFTER DELETE ON search_row BEGIN
    INSERT INTO search_words(search_words, rowid, words) VALUES ('delete', old.id, old.words);
END;;
CREATE TRIGGER search_row_changed AFTER UPDATE OF words ON search_row BEGIN
    INSERT INTO search_words(search_words, rowid, words) VALUES ('delete', old.id, old.words);
    INSERT INTO search_words(rowid, words) VALUES (new.id, new.words);
END
"""
OLD_POSTGRESQL = (
    "CREATE INDEX ix_search_row_words ON search_row USING gin (string_to_array(words, ' '))"
)
OLD_ROW = sa.text(
    "INSERT INTO search_row (view_id, cluster_id, title, author, year, libraries, words)"
    " VALUES (:view, :cluster, :title, :author, :year, :libraries, :words)"
)
OLD_SHAPE = ("search_row", "sqlite_autoindex_search_row_1", "500000 500000 1")


def upgrade() -> None:
    """Make the index, and have all clusters wait for it."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    _drop_words(is_sqlite=is_sqlite)
    _make_tables()
    for statement in SQLITE if is_sqlite else POSTGRESQL:
        op.execute(sa.text(statement.replace(":", r"\:")))
    if is_sqlite:
        for (table, index), shape in SHAPES.items():
            op.get_bind().exec_driver_sql(
                "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", (table, index, shape)
            )
    op.execute("INSERT INTO search_view (view_id, ready) SELECT id, true FROM view")
    op.execute(
        "INSERT INTO search_waiting (cluster_id) SELECT DISTINCT cluster_id FROM item"
        " WHERE NOT deleted"
    )


def _drop_words(*, is_sqlite: bool) -> None:
    if is_sqlite:
        for name in ("search_row_added", "search_row_removed", "search_row_changed"):
            op.execute(f"DROP TRIGGER {name}")
        op.execute("DROP TABLE search_words")
        op.execute("DELETE FROM sqlite_stat1 WHERE tbl = 'search_row'")
    op.drop_table("search_row")


def _make_tables() -> None:
    op.create_table(
        "search_document",
        sa.Column(
            "id",
            KEY,
            autoincrement=False,
            nullable=False,
            comment="by rank: the lower, the sooner it is shown (catalogue.search.ranking)",
        ),
        sa.Column(
            "work_id", KEY, nullable=False, comment="0: the cluster is all there is of its work"
        ),
        sa.Column("year", sa.Integer(), nullable=False, comment="of publication; 0: none"),
        sa.Column("changed", sa.Integer(), nullable=False, comment="as 20261127"),
        sa.Column("material", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column(
            "hidden",
            sa.Text(),
            nullable=False,
            comment="ids of the views that do not see it, a space around each",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_search_document"),
    )
    op.create_index("ix_search_document_work_id", "search_document", ["work_id"])
    op.create_index("ix_search_document_year", "search_document", ["year"])
    op.create_index("ix_search_document_changed", "search_document", ["changed"])
    op.create_table(
        "search_shown",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("cluster_id", KEY, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("libraries", sa.Text(), nullable=False, comment="codes, space separated"),
        sa.Column("title_order", SORTED, nullable=False, comment="by crosswalks.collation"),
        sa.Column("author_order", SORTED, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_shown"),
    )
    op.create_index("ix_search_shown_cluster_id", "search_shown", ["cluster_id"])
    _make_headings()
    op.create_table(
        "search_word",
        sa.Column("word", SORTED, nullable=False),
        sa.PrimaryKeyConstraint("word", name="pk_search_word"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "search_view",
        sa.Column("view_id", KEY, autoincrement=False, nullable=False),
        sa.Column("ready", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("view_id", name="pk_search_view"),
    )
    op.create_table(
        "search_waiting",
        sa.Column("cluster_id", KEY, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("cluster_id", name="pk_search_waiting"),
    )


def _make_headings() -> None:
    op.create_table(
        "search_heading",
        sa.Column(
            "id", KEY, autoincrement=False, nullable=False, comment="made of column and text"
        ),
        sa.Column("field", sa.Text(), nullable=False, comment="a column of the index"),
        sa.Column("text", SORTED, nullable=False),
        sa.Column("key", SORTED, nullable=False, comment="folded words"),
        sa.Column("exact", SORTED, nullable=False, comment="words with their marks"),
        sa.Column("order", SORTED, nullable=False, comment="by crosswalks.collation"),
        sa.PrimaryKeyConstraint("id", name="pk_search_heading"),
        sa.UniqueConstraint("field", "order", "text", name="uq_search_heading_field_order_text"),
    )
    op.create_index("ix_search_heading_field_key", "search_heading", ["field", "key"])
    op.create_table(
        "search_heading_of",
        sa.Column("heading_id", KEY, autoincrement=False, nullable=False),
        sa.Column("document_id", KEY, autoincrement=False, nullable=False),
        sa.Column("field", sa.Text(), nullable=False, comment="letter of the heading's column"),
        sa.Column("short", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("heading_id", "document_id", name="pk_search_heading_of"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_search_heading_of_document_id",
        "search_heading_of",
        ["document_id", "field", "short", "heading_id"],
    )


def downgrade() -> None:
    """Make the list of words again, of what the index holds."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    _make_words(is_sqlite=is_sqlite)
    if is_sqlite:
        op.execute("DROP TABLE search_text")
        op.execute("DELETE FROM sqlite_stat1 WHERE tbl LIKE 'search_%' AND tbl <> 'search_row'")
    for name in ("waiting", "view", "word", "heading_of", "heading", "shown", "document"):
        op.drop_table(f"search_{name}")


def _make_words(*, is_sqlite: bool) -> None:
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
        sa.PrimaryKeyConstraint("id", name="pk_search_row"),
        sa.UniqueConstraint("view_id", "cluster_id", name="uq_search_row_view_id_cluster_id"),
    )
    for statement in OLD_SQLITE.split(";;") if is_sqlite else (OLD_POSTGRESQL,):
        op.get_bind().exec_driver_sql(statement)
    _fill_words(is_sqlite=is_sqlite)
    if is_sqlite:
        op.get_bind().exec_driver_sql(
            "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", OLD_SHAPE
        )


def _fill_words(*, is_sqlite: bool) -> None:
    """Give each view that sees a document its row; what the index lacks, the row lacks too."""
    connection = op.get_bind()
    columns = (*TEXTS, *CODES[:-2])
    texts = " || ' ' || ".join(f"coalesce(t.{name}, '')" for name in columns)
    tokens, tables = (
        (texts, "JOIN search_text t ON t.rowid = s.id")
        if is_sqlite
        else ("array_to_string(tsvector_to_array(d.tokens), ' ')", "")
    )
    views = list(connection.exec_driver_sql("SELECT view_id FROM search_view").scalars())
    found = connection.exec_driver_sql(
        "SELECT s.cluster_id, s.title, s.author, d.year, s.libraries, d.hidden, "
        f"{tokens} FROM search_shown s JOIN search_document d ON d.id = s.id {tables}"
    )
    for cluster, title, author, year, libraries, hidden, held in found.all():
        words = _words(held, is_sqlite=is_sqlite)
        rows = [
            {
                "view": view,
                "cluster": cluster,
                "title": title,
                "author": author,
                "year": str(year or ""),
                "libraries": libraries,
                "words": " ".join(words),
            }
            for view in views
            if f" {view} " not in hidden
        ]
        if rows:
            connection.execute(OLD_ROW, rows)


def _words(held: str, *, is_sqlite: bool) -> list[str]:
    """Return the folded words: in PostgreSQL a small letter before each tells its column."""
    words = held.split()
    if not is_sqlite:
        words = [each[1:] for each in words if each[:1].islower()]
    return [word for word in dict.fromkeys(words) if word.isalnum()]
