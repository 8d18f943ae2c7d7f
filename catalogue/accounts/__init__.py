"""Accounts: what beside name and password lets somebody in."""
