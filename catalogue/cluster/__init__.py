"""Clusters: which records are one manifestation, the same in whatever order they came."""
