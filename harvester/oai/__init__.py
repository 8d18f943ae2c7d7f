"""OAI-PMH 2.0, the asking side: strict where others lose records in silence."""

from harvester.oai.reader import OaiReader

__all__ = ["OaiReader"]
