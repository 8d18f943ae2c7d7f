"""The rules by which records are judged; ``crosswalks.check`` is the way in.

What may stand where is in ``crosswalks/tables``; the modules here only know how to read it.
"""
