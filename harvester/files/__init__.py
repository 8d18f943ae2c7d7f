"""Files as sources: a folder, an address or an inbox, read page by page like any repository."""
