"""What becomes of the records, as tables; each is on disk before the next is begun."""

from __future__ import annotations

from functools import partial, reduce
from pathlib import Path
from typing import NamedTuple

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as sql

from catalogue.cluster.apart.files import RECORDS, VERDICTS
from catalogue.cluster.apart.spark import cutting, deciding, meeting, preparing
from catalogue.cluster.apart.spark.joining import heads
from catalogue.cluster.apart.spark.tables import Tables, as_ddl, worked
from catalogue.match import DEPTH, Decision, Policy


class Found(NamedTuple):
    """What was worked out, as tables."""

    groups: DataFrame
    """id, rev, head, source, identifier: a row for each record."""
    links: DataFrame
    """a, b, decision, score, reasons."""
    dead: DataFrame
    """key, size."""
    large: DataFrame
    """record, size: the first record of each component above the component cap."""

    def ordered(self) -> dict[str, DataFrame]:
        """Return the tables as they are written."""
        links = self.links.select("a", "b", "decision", "score", "reasons")
        return {
            "groups": self.groups.orderBy("id"),
            "links": links.orderBy("a", "b"),
            "dead": self.dead.orderBy("key"),
            "large": self.large.orderBy("record"),
        }


class Stages:
    """The stages, in their order."""

    def __init__(self, tables: Tables, policy: Policy) -> None:
        self._tables = tables
        self._policy = policy

    def prepare(self, export: Path) -> None:
        """Take features and keys from the exported records."""
        records = self._tables.read(export / "records", as_ddl(RECORDS))
        take = partial(preparing.prepare, policy=self._policy)
        self._records = self._tables.kept("records", worked(records, take, preparing.PREPARED))
        said = self._tables.read(export / "verdicts", as_ddl(VERDICTS))
        for end in ("a", "b"):
            said = said.join(self._records.select(_as("id", end)), end, "left_semi")
        self._said = self._tables.kept("said", said.select("a", "b", "decision"))

    def meet(self) -> tuple[DataFrame, DataFrame]:
        """Return the pairs that may be links, and the dead keys; splits these level by level."""
        held = self._records.select("id", sql.explode("keys").alias("key"))
        pairs: list[DataFrame] = []
        dead: list[DataFrame] = []
        burdens: DataFrame | None = None
        for level in range(DEPTH + 1):
            sizes = self._sizes(held, level)
            crowded = sizes.where(sql.col("size") > self._policy.block_cap)
            pairs.append(self._pairs(held, sizes, level))
            burdens = self._burdens(held.join(crowded, "key", "left_semi"), burdens, level)
            narrower = self._narrower(burdens, level)
            dead.append(_named(narrower, crowded))
            held = narrower.select("id", sql.explode("keys").alias("key"))
        return reduce(DataFrame.union, pairs).distinct(), reduce(DataFrame.union, dead)

    def _sizes(self, held: DataFrame, level: int) -> DataFrame:
        sizes = held.groupBy("key").agg(sql.count("*").alias("size"))
        return self._tables.kept(f"sizes.{level}", sizes.where(sql.col("size") > 1))

    def _pairs(self, held: DataFrame, sizes: DataFrame, level: int) -> DataFrame:
        usable = sizes.where(sql.col("size") <= self._policy.block_cap)
        known = self._records.select("id", "traits", "title", "imprint")
        rows = held.join(usable, "key", "left_semi").join(known, "id")
        blocks = rows.select("key", *known.columns).repartition("key")
        meet = partial(meeting.meet, policy=self._policy)
        found = worked(blocks.sortWithinPartitions("key", "id"), meet, meeting.PAIRS)
        return self._tables.kept(f"pairs.{level}", found)

    def _burdens(self, held: DataFrame, before: DataFrame | None, level: int) -> DataFrame:
        """Return for each record that holds a dead key all that it holds, a list for each level."""
        now = held.groupBy("id").agg(sql.collect_list("key").alias("now"))
        if before is None:
            found = now.select("id", sql.array("now").alias("dead"))
        else:
            lists = sql.concat("dead", sql.array("now")).alias("dead")
            found = now.join(before, "id").select("id", lists)
        return self._tables.kept(f"burdens.{level}", found)

    def _narrower(self, burdens: DataFrame, level: int) -> DataFrame:
        rows = burdens.join(self._records.select("id", "features"), "id")
        found = worked(rows.select("id", "features", "dead"), preparing.narrow, preparing.NARROWER)
        return self._tables.kept(f"narrower.{level}", found)

    def decide(self, pairs: DataFrame) -> DataFrame:
        """Return the links."""
        names = ("source", "identifier", "features")
        rows = pairs
        for end in ("a", "b"):
            told = (_as(name, f"{end}_{name}") for name in names)
            rows = rows.join(self._records.select(_as("id", end), *told), end)
        columns = [f"{end}_{name}" for end in ("a", "b") for name in names]
        decide = partial(deciding.decide, policy=self._policy)
        found = worked(rows.select("a", "b", *columns), decide, deciding.LINKS)
        return self._tables.kept("links", found)

    def join(self, links: DataFrame) -> DataFrame:
        """Return id and head of all that hangs together by links, or by what people said."""
        pairs = (_same(table).select("a", "b") for table in (links, self._said))
        return self._tables.kept("heads", heads(self._tables, reduce(DataFrame.union, pairs)))

    def cut(self, links: DataFrame, head: DataFrame) -> tuple[DataFrame, DataFrame]:
        """Return all records with their clusters, and the components that are too large."""
        size = head.groupBy("head").agg(sql.count("*").alias("size"))
        large = size.where(sql.col("size") > self._policy.component_cap)
        todo = self._tables.kept("todo", self._todo(_same(links), head, size))
        rows = self._components(_same(links), head, todo)
        cut = partial(cutting.cut_up, policy=self._policy)
        parted = self._tables.kept("parted", worked(rows, cut, cutting.CLUSTERS))
        # What is a cluster as it is, and what was cut; all others stand alone.
        clusters = head.join(todo, "head", "left_anti").select("id", "head").union(parted)
        records = self._records.select("id", "rev", "source", "identifier")
        own = sql.coalesce("head", "id").alias("head")
        groups = records.join(clusters, "id", "left").select(
            "id", "rev", own, "source", "identifier"
        )
        return groups, large.select(_as("head", "record"), "size")

    def _todo(self, same: DataFrame, head: DataFrame, size: DataFrame) -> DataFrame:
        """Return the heads of components that are no cluster as they are (``cutting.simple``)."""
        known = ((sql.count("*")).alias("links"), sql.max("weak").alias("weak"))
        linked = _at(same, "a", head).groupBy("head").agg(*known)
        spoken = _at(self._said, "a", head).select("head")
        spoken = spoken.union(_at(self._said, "b", head).select("head")).distinct()
        told = size.join(linked, "head", "left").join(
            spoken.select("head", sql.lit(True).alias("spoken")), "head", "left"
        )
        whole = sql.col("links") * 2 == sql.col("size") * (sql.col("size") - 1)
        simple = whole & ~sql.col("weak") & sql.col("spoken").isNull() & _within(self._policy)
        return told.where(~sql.coalesce(simple, sql.lit(False))).select("head")

    def _components(self, same: DataFrame, head: DataFrame, todo: DataFrame) -> DataFrame:
        """Return the rows of components, those of each together, as ``cutting`` reads them."""
        hanging = head.join(todo, "head", "left_semi")
        records = hanging.join(self._records, "id").select(
            "head",
            _kind(cutting.RECORD),
            _as("id", "a"),
            *_nothing("b", "score", "decision"),
            "source",
            "identifier",
            "features",
        )
        links = _at(same, "a", hanging).select(
            "head",
            _kind(cutting.LINK),
            "a",
            "b",
            "score",
            *_nothing("decision", "source", "identifier", "features"),
        )
        other = hanging.select(_as("id", "b"), _as("head", "theirs"))
        said = _at(self._said, "a", hanging).join(other, "b")
        said = said.where(sql.col("head") == sql.col("theirs")).select(
            "head",
            _kind(cutting.SAID),
            "a",
            "b",
            *_nothing("score"),
            "decision",
            *_nothing("source", "identifier", "features"),
        )
        rows = records.union(links).union(said).repartition("head")
        return rows.sortWithinPartitions("head", "kind", "a", "b")


_TYPES = {"b": "bigint", "score": "double"}


def _nothing(*names: str) -> list[Column]:
    return [sql.lit(None).cast(_TYPES.get(name, "string")).alias(name) for name in names]


def _kind(kind: int) -> Column:
    return sql.lit(kind).alias("kind")


def _as(name: str, other: str) -> Column:
    return sql.col(name).alias(other)


def _within(policy: Policy) -> Column:
    return sql.col("size") <= policy.component_cap


def _same(table: DataFrame) -> DataFrame:
    return table.where(sql.col("decision") == Decision.SAME.value)


def _at(table: DataFrame, end: str, head: DataFrame) -> DataFrame:
    """Return rows with the component that the record at one end is in."""
    return table.join(head.select(_as("id", end), "head"), end)


def _named(narrower: DataFrame, crowded: DataFrame) -> DataFrame:
    """Return dead keys as they are written, and how many records hold each."""
    each = sql.explode(sql.arrays_zip("dead", "names")).alias("each")
    names = narrower.select(each).select(_as("each.dead", "key"), _as("each.names", "name"))
    found = names.distinct().join(crowded, "key")
    return found.select(_as("name", "key"), "size")
