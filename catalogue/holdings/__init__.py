"""Holdings without records: what a library says it has, in rows that are matched with the union.

A row never makes a cluster and says nothing of a master's content but where it is held. It hangs on
a record, its anchor, since clusters merge and split; it is matched again whenever a record that
could be meant by it is placed.
"""
