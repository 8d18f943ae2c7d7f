"""What several messages share: wrapped alternatives, externals, numbers that stand for states.

How values stand for what ``schema.asn`` says: a SEQUENCE is a class of its name, with its elements
as fields (None where one that is OPTIONAL is absent); a CHOICE is a union of its name, with a class
for each alternative in the same order: the alternative's own class, or a ``Wrapped`` around what it
holds, or a class without fields for NULL. SEQUENCE OF is a tuple. Text keeps bytes that are no
UTF-8 as surrogates (PEP 383), so that nothing is lost; ``protocols.z3950.charsets`` reads these.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Generic, TypeAlias, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wrapped(Generic[T]):
    """What an alternative holds, in a class that says which alternative it is."""

    value: T


@dataclass(frozen=True, slots=True)
class Bits:
    """A BIT STRING: its octets, and how many bits at the end of the last one are not used."""

    octets: bytes = b""
    unused: int = 0

    @classmethod
    def of(cls, *numbers: int) -> Bits:
        """Return those bits set, in as few octets as can be; bit 0 is the first one."""
        if not numbers:
            return cls()
        count = max(numbers) + 1
        octets = (count + 7) // 8
        value = sum(1 << (8 * octets - 1 - number) for number in set(numbers))
        return cls(value.to_bytes(octets, "big"), 8 * octets - count)

    def __contains__(self, number: object) -> bool:
        if not isinstance(number, int) or not 0 <= number < len(self):
            return False
        return bool(self.octets[number // 8] >> (7 - number % 8) & 1)

    def __len__(self) -> int:
        return 8 * len(self.octets) - self.unused

    def __iter__(self) -> Iterator[int]:
        """Yield the numbers of the bits that are set."""
        return (number for number in range(len(self)) if number in self)


class SingleAsn1Type(Wrapped[bytes]):
    """An element in BER, as it was sent."""

    __slots__ = ()


class OctetAligned(Wrapped[bytes]):
    """Octets of whatever form the direct reference names: a MARC record, XML."""

    __slots__ = ()


class Arbitrary(Wrapped[Bits]):
    """Bits."""

    __slots__ = ()


Encoding: TypeAlias = SingleAsn1Type | OctetAligned | Arbitrary


@dataclass(frozen=True, slots=True, kw_only=True)
class External:
    """Something in a form that its object identifier names (X.208, clause 34)."""

    direct_reference: str | None = None
    indirect_reference: int | None = None
    data_value_descriptor: str | None = None
    encoding: Encoding


class StringValue(Wrapped[str]):
    """A name, where there may be a name or a number."""

    __slots__ = ()


class NumericValue(Wrapped[int]):
    """A number, where there may be a name or a number."""

    __slots__ = ()


StringOrNumeric: TypeAlias = StringValue | NumericValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit of measure."""

    unit_system: str | None = None
    unit_type: StringOrNumeric | None = None
    unit: StringOrNumeric | None = None
    scale_factor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IntUnit:
    """A number and what it counts."""

    value: int
    unit_used: Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class InfoCategory:
    """What a piece of other information is about."""

    category_type_id: str | None = None
    category_value: int


class CharacterInfo(Wrapped[str]):
    """Other information that is text."""

    __slots__ = ()


class BinaryInfo(Wrapped[bytes]):
    """Other information that is octets."""

    __slots__ = ()


class OidInfo(Wrapped[str]):
    """Other information that is an object identifier."""

    __slots__ = ()


Information: TypeAlias = CharacterInfo | BinaryInfo | External | OidInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherInfo:
    """A piece of information that a message has no place of its own for."""

    category: InfoCategory | None = None
    information: Information


class Option(IntEnum):
    """What two sides can agree on when they begin (Z39.50 s3.2.1.1.4)."""

    SEARCH = 0
    PRESENT = 1
    DELETE_SET = 2
    RESOURCE_REPORT = 3
    TRIGGER_RESOURCE_CONTROL = 4
    RESOURCE_CONTROL = 5
    ACCESS_CONTROL = 6
    SCAN = 7
    SORT = 8
    EXTENDED_SERVICES = 10
    LEVEL_1_SEGMENTATION = 11
    LEVEL_2_SEGMENTATION = 12
    CONCURRENT_OPERATIONS = 13
    NAMED_RESULT_SETS = 14
    ENCAPSULATION = 15
    RESULT_COUNT_IN_SORT = 16
    NEGOTIATION_MODEL = 17
    DUPLICATE_DETECTION = 18
    QUERY_104 = 19


class PresentStatus(IntEnum):
    """Whether all records that were asked for have come (Z39.50 s3.2.3.1.6)."""

    SUCCESS = 0
    PARTIAL_1 = 1
    PARTIAL_2 = 2
    PARTIAL_3 = 3
    PARTIAL_4 = 4
    FAILURE = 5


class ResultSetStatus(IntEnum):
    """What there is of a result set after a search that failed (Z39.50 s3.2.2.1.11)."""

    SUBSET = 1
    INTERIM = 2
    NONE = 3


class ScanStatus(IntEnum):
    """Whether all terms that were asked for have come (Z39.50 s3.2.8.1.6)."""

    SUCCESS = 0
    PARTIAL_1 = 1
    PARTIAL_2 = 2
    PARTIAL_3 = 3
    PARTIAL_4 = 4
    PARTIAL_5 = 5
    FAILURE = 6


class SortStatus(IntEnum):
    """Whether a result set was put in order (Z39.50 s3.2.7.1.6)."""

    SUCCESS = 0
    PARTIAL_1 = 1
    FAILURE = 2


class DeleteStatus(IntEnum):
    """Whether a result set was deleted (Z39.50 s3.2.4.1.4)."""

    SUCCESS = 0
    DID_NOT_EXIST = 1
    DELETED_BY_TARGET = 2
    SYSTEM_PROBLEM = 3
    ACCESS_NOT_ALLOWED = 4
    RESOURCE_CONTROL_AT_ORIGIN = 5
    RESOURCE_CONTROL_AT_TARGET = 6
    BULK_NOT_SUPPORTED = 7
    NOT_ALL_DELETED_ON_BULK = 8
    NOT_ALL_REQUESTED_DELETED = 9
    IN_USE = 10


class ExtendedStatus(IntEnum):
    """What became of a task (Z39.50 s3.2.9.1.12)."""

    DONE = 1
    ACCEPTED = 2
    FAILURE = 3


class CloseCause(IntEnum):
    """Why a side ends the session (Z39.50 s3.2.11.1.1)."""

    FINISHED = 0
    SHUTDOWN = 1
    SYSTEM_PROBLEM = 2
    COST_LIMIT = 3
    RESOURCES = 4
    SECURITY_VIOLATION = 5
    PROTOCOL_ERROR = 6
    LACK_OF_ACTIVITY = 7
    PEER_ABORT = 8
    UNSPECIFIED = 9
