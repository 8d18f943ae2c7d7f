"""What hangs together by pairs, found by all machines together.

Large stars and small stars in turn (Kiveris and others, "Connected Components in MapReduce and
Beyond", 2014): each record's neighbours are hung on the lowest of them, until nothing changes. No
machine holds the neighbours of a record, whatever their number: only the lowest is looked for, and
joined. Each round writes at most as many pairs as there were, and there are about as many rounds as
the logarithm of the longest way within a component.
"""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as sql

from catalogue.cluster.apart.spark.tables import Tables


def heads(tables: Tables, pairs: DataFrame) -> DataFrame:
    """Return id and head of every record of a pair: the lowest one that it hangs together with.

    Pairs are of columns a and b, in either order.
    """
    edges = tables.kept("edges.0", _downward(pairs.select("a", "b")))
    known = _sum(edges)
    number = 0
    while True:
        number += 1
        turned = tables.kept(f"edges.{number}", _small_star(_large_star(edges)))
        found = _sum(turned)
        tables.drop(f"edges.{number - 1}")
        edges = turned
        if found == known:
            break
        known = found
    members = edges.select(sql.col("a").alias("id"), sql.col("b").alias("head"))
    own = edges.select(sql.col("b").alias("id"), sql.col("b").alias("head"))
    return members.union(own).distinct()


def _downward(pairs: DataFrame) -> DataFrame:
    """Return pairs with the higher record first, each once."""
    low, high = sql.least("a", "b"), sql.greatest("a", "b")
    apart = pairs.where(sql.col("a") != sql.col("b"))
    return apart.select(high.alias("a"), low.alias("b")).distinct()


def _large_star(edges: DataFrame) -> DataFrame:
    """Hang the higher neighbours of each record on the lowest of itself and all its neighbours."""
    both = edges.union(edges.select(sql.col("b").alias("a"), sql.col("a").alias("b")))
    lowest = both.groupBy("a").agg(sql.least(sql.min("b"), sql.col("a")).alias("lowest"))
    higher = both.where(sql.col("b") > sql.col("a")).join(lowest, "a")
    return _downward(higher.select(sql.col("b").alias("a"), sql.col("lowest").alias("b")))


def _small_star(edges: DataFrame) -> DataFrame:
    """Hang the lower neighbours of each record, and itself, on the lowest of them."""
    lowest = edges.groupBy("a").agg(sql.min("b").alias("lowest"))
    lower = edges.join(lowest, "a").select(sql.col("b").alias("a"), sql.col("lowest").alias("b"))
    return _downward(lower.union(lowest.select("a", sql.col("lowest").alias("b"))))


def _sum(edges: DataFrame) -> tuple[int, int]:
    """Return how many pairs there are, and what tells them from others."""
    # Whole numbers of any size: a sum of such hashes outgrows 64 bits.
    told = sql.sum(sql.xxhash64("a", "b").cast("decimal(38,0)"))
    count, total = edges.agg(sql.count("*"), told).collect()[0]
    return int(count), int(total or 0)
