"""Corrections in words, and as files for the library whose records they are about."""
