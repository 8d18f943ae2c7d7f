"""The whole partition worked out apart from the hub, on as many machines as there are.

* ``exporting`` writes one snapshot of all that counts into Parquet files.
* ``spark`` works the partition out from them, and writes it into Parquet files. Nothing but this
  needs PySpark or Java, and it needs no database.
* ``arriving`` gives what these say in place of ``whole.work_out``.
* ``judged`` gives the digests by which two partitions are known to be the same.

Which records meet, what is thought of them and how their components are cut is told by the same
functions as in a hub: only what brings them together is another.
"""
