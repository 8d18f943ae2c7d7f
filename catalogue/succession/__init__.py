"""One source taking over from another: which records are one, and old ones that go on as new ones.

A record that goes on keeps its key, and with it its cluster, its verdicts and its holdings; what
its source calls it, and what it says, are those of the new system from then on.
"""
