"""What both sides of a protocol share: names, codes, dates; no sockets and no storage."""
