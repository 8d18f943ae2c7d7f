"""What the values of Vietnamese records mean: names, imprints, editions, numbers, extents, dates.

Each module reads one kind of value into a frozen structure whose words are word_keys: it says what
is there and what is not sure, and never guesses. What it cannot read it keeps as leftover words, so
that nothing is compared as if it had not been said.
"""
