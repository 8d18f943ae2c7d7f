"""Deliveries of files that are checked before they count: taken in, looked at, applied or dropped.

``spool`` keeps the files, ``rows`` what is known of each, ``forecast`` works out what one would do.
"""
