"""One master record of many: what the members of a cluster say, each thing once, and who holds it.

``master`` is a pure function of the members and the hub's name, the same in any order of members.
"""

from catalogue.merge.copies import holdings
from catalogue.merge.origins import origins
from catalogue.merge.preliminary import preliminary
from catalogue.merge.ranking import is_echo, numbers_of
from catalogue.merge.record import master
from catalogue.merge.values import PLACEHOLDER_ID, PLACEHOLDER_STAMP, Listed, Master, Member

__all__ = [
    "PLACEHOLDER_ID",
    "PLACEHOLDER_STAMP",
    "Listed",
    "Master",
    "Member",
    "holdings",
    "is_echo",
    "master",
    "numbers_of",
    "origins",
    "preliminary",
]
