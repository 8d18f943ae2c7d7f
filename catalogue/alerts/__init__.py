"""What has to be told of sources, and to whom: only the tables and their SQL.

``scheduler.alerts`` decides and sends.
"""
