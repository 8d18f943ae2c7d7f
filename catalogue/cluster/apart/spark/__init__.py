"""The partition worked out on Spark, from exported Parquet files to Parquet files.

* ``session`` starts Spark; ``job`` is what the driver does: stage by stage, each written to disk.
* ``preparing``, ``meeting``, ``deciding`` and ``cutting`` are what workers do to rows: they call
  the functions that a hub calls.
* ``joining`` finds what hangs together without any machine seeing all of it.

A driver holds a manifest and a few figures. A worker holds, at a time, some thousand rows, the
records of one key (as many as the block cap), or one component with its links.
"""
