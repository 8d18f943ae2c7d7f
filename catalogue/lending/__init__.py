"""How each library lends, whom readers ask there, and where its own catalogue shows a record."""
