"""What people changed: who, when, from where, what, and how it was before.

Nobody who changes something has to think of it. While somebody acts (``acting``), each writing
transaction is followed (``trail``), and what it changes in the tables that people edit
(``watched``) is written down within the same transaction.
"""
