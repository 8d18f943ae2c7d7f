"""The partition of a whole catalogue, worked out at once: what placing all of it would end in.

``work_out`` reads one snapshot and writes nothing to the database. The same keys, judgements,
verdicts and cut as a placement's; only how pairs are found is another, since a whole catalogue has
too many of them to ask ``decide`` about each:

* ``reading`` keeps each record's features in a file; what is compared most is taken from them as
  ``columns`` of numbers.
* ``blocks`` sorts the hashes of all keys, splits the keys that too many hold, and gives pairs.
* ``rejecting`` drops pairs that ``decide`` would drop, and says nothing of others.
* ``judging`` asks ``decide`` about the rest, once for any number of records of the same content.
* ``cutting`` cuts what the links hold together.

Pairs are parted among processes, never records: broad keys hold nearly all records together.
"""

from catalogue.cluster.whole.engine import Whole, work_out
from catalogue.cluster.whole.judging import SAME, Links
from catalogue.cluster.whole.reading import Catalogue

__all__ = ["SAME", "Catalogue", "Links", "Whole", "work_out"]
