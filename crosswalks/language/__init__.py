"""The crosswalk language: one rule a line, read aloud as "target comes from source, made so, if".

Text becomes a tree (``parse``), the tree becomes functions (``compile``); no text is ever run as
Python, and no rule can loop, open a file or reach a network.
"""
