"""Files as sources: a folder, an address or an inbox, read page by page like any repository."""

from harvester.files.reader import FilesReader

__all__ = ["FilesReader"]
