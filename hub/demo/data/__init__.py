"""The facts the demo's catalogues are made of, as tables that a librarian can read and correct."""
