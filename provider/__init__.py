"""Gives: every protocol by which others take records from the hub, as framework-free responses.

Knows the catalogue it reads from and nothing of harvesting, web frameworks or screens.
"""
