"""What a worker takes from records: features, keys, and the narrower keys of crowded ones."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from catalogue.cluster.apart.spark.rows import (
    Batches,
    Row,
    batch,
    batched,
    lists,
    packed,
    rows,
    signed,
)
from catalogue.cluster.whole.blocks import narrower
from catalogue.cluster.whole.columns import digested
from catalogue.match import Features, Policy, features
from crosswalks import stored

PREPARED = pa.schema(
    [
        pa.field("id", pa.int64()),
        pa.field("rev", pa.int64()),
        pa.field("source", pa.string()),
        pa.field("identifier", pa.string()),
        pa.field("features", pa.string()),
        # What of it is compared with very many others, and its texts for that.
        pa.field("traits", pa.binary()),
        pa.field("title", pa.string()),
        pa.field("imprint", pa.string()),
        pa.field("keys", pa.list_(pa.int64())),
    ]
)
NARROWER = pa.schema(
    [
        pa.field("id", pa.int64()),
        pa.field("keys", pa.list_(pa.int64())),
        # Keys that are dead, by hash, and how they are written.
        pa.field("dead", pa.list_(pa.int64())),
        pa.field("names", pa.list_(pa.string())),
    ]
)


def prepare(batches: Batches, policy: Policy) -> Batches:
    """Take what is needed from records: rows as ``files.RECORDS`` in, as PREPARED out."""
    for part in batches:
        texts = [_features(text) for text in part.column(4).to_pylist()]
        made = digested(texts, policy)
        columns = [
            *part.columns[:4],
            texts,
            packed(made.columns),
            made.titles,
            made.imprints,
            lists(signed(made.keys), made.counts),
        ]
        yield batch(columns, PREPARED)


def _features(text: str | None) -> str:
    return "{}" if text is None else features(stored.from_json(text)).to_json()


def narrow(batches: Batches) -> Batches:
    """Give records the keys they carry in place of dead ones.

    Rows of id, features and the dead keys it holds, a list for each level, in; as NARROWER out.
    """
    yield from batched(map(_narrowed, rows(batches)), NARROWER)


def _narrowed(row: Row) -> Row:
    record, text, dead = row
    # Spark knows hashes with a sign.
    levels = [{key % 2**64 for key in level} for level in dead]
    found = narrower([Features.from_json(text)], levels)
    return (
        record,
        signed(found.keys).tolist(),
        signed(np.array([*found.names], np.uint64)).tolist(),
        [*found.names.values()],
    )
