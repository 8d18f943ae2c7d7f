"""What records are: their values, their formats, maps between schemas, Vietnamese text, checks.

Pure functions of bytes and values; nothing here knows a network, a database or a screen.
"""
