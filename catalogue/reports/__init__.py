"""Figures for those who answer for the libraries: counted once for a period, and then kept."""
