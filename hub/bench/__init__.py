"""``lienthong bench line``: made-up members, the whole line over them, and what it cost.

Nothing here knows the hub that a person runs: each measure makes one of its own and takes it away.
"""
