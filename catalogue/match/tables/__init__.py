"""The words and codes that matching knows, as TSV files a librarian can read and correct."""
