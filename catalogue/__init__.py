"""What the hub keeps: records, clusters, views, the queue and the clock; the only room with SQL.

Others get values and ids. ``store`` takes pages in (T1), ``cluster`` places and publishes (T2),
``published`` gives out.
"""
