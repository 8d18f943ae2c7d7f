"""Checks of members' OAI-PMH servers that were asked for on a page: asked once, kept for a while.

``scheduler.validations`` carries them out; words are chosen when one is read (``web.validation``).
"""
