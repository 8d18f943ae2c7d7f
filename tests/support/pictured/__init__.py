"""The pictures of the how-tos: which there are, the hub that they show, and the making of them.

After a change of screens they are made again, all or some, with ``make pictures``:

    PYTHONPATH=.:tests .venv/bin/python -m support.pictured [NAME...]
"""
