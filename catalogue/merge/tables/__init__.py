"""Which MARC 21 tags and codes the master record treats alike, as TSV files."""
