"""Applications of libraries that want to join: only the tables and their SQL.

``scheduler.joining`` checks, harvests and reminds.
"""
