"""All that a view holds, as files to take away: whole, and what changed since.

A dump appears when it is complete, never before; what was begun and broke off goes on at the part
that was missing. A full dump and the deltas after it, applied in order, are the view.
"""
