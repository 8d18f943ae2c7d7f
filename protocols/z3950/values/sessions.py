"""Messages that begin, guard and end a session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from protocols.z3950.values.common import Bits, External, IntUnit, OtherInfo, Wrapped
from protocols.z3950.values.records import DiagRec


class OpenAuthentication(Wrapped[str]):
    """Who it is, in words that both sides have agreed on: often user/password."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IdPass:
    """Who it is, by user and password."""

    group_id: str | None = None
    user_id: str | None = None
    password: str | None = None


@dataclass(frozen=True, slots=True)
class Anonymous:
    """Nobody in particular."""


IdAuthentication: TypeAlias = OpenAuthentication | IdPass | Anonymous | External


@dataclass(frozen=True, slots=True, kw_only=True)
class InitializeRequest:
    """The first message of a client: what it can do (Z39.50 s3.2.1.1)."""

    reference_id: bytes | None = None
    protocol_version: Bits
    options: Bits
    preferred_message_size: int
    exceptional_record_size: int
    id_authentication: IdAuthentication | None = None
    implementation_id: str | None = None
    implementation_name: str | None = None
    implementation_version: str | None = None
    user_information_field: External | None = None
    other_info: tuple[OtherInfo, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InitializeResponse:
    """The first message of a server: what both can do, and whether it will (Z39.50 s3.2.1.1)."""

    reference_id: bytes | None = None
    protocol_version: Bits
    options: Bits
    preferred_message_size: int
    exceptional_record_size: int
    result: bool
    implementation_id: str | None = None
    implementation_name: str | None = None
    implementation_version: str | None = None
    user_information_field: External | None = None
    other_info: tuple[OtherInfo, ...] | None = None


class Challenge(Wrapped[bytes]):
    """A question that only who is allowed can answer."""

    __slots__ = ()


SecurityChallenge: TypeAlias = Challenge | External


class ChallengeAnswer(Wrapped[bytes]):
    """The answer to such a question."""

    __slots__ = ()


SecurityChallengeResponse: TypeAlias = ChallengeAnswer | External


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessControlRequest:
    """A server asks who it is in the middle of the session (Z39.50 s3.2.5.1)."""

    reference_id: bytes | None = None
    security_challenge: SecurityChallenge
    other_info: tuple[OtherInfo, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessControlResponse:
    """A client says who it is (Z39.50 s3.2.5.1)."""

    reference_id: bytes | None = None
    security_challenge_response: SecurityChallengeResponse | None = None
    diagnostic: DiagRec | None = None
    other_info: tuple[OtherInfo, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceControlRequest:
    """A server says what a request costs, and may ask whether to go on (Z39.50 s3.2.6.1)."""

    reference_id: bytes | None = None
    suspended_flag: bool | None = None
    resource_report: External | None = None
    partial_results_available: int | None = None
    response_required: bool
    triggered_request_flag: bool | None = None
    other_info: tuple[OtherInfo, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceControlResponse:
    """A client says whether to go on (Z39.50 s3.2.6.1)."""

    reference_id: bytes | None = None
    continue_flag: bool
    result_set_wanted: bool | None = None
    other_info: tuple[OtherInfo, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerResourceControlRequest:
    """A client asks how far its request is, or to end it; it is not answered (s3.2.6.2)."""

    reference_id: bytes | None = None
    requested_action: int
    pref_resource_report_format: str | None = None
    result_set_wanted: bool | None = None
    other_info: tuple[OtherInfo, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceReportRequest:
    """A client asks what something cost (Z39.50 s3.2.6.3)."""

    reference_id: bytes | None = None
    op_id: bytes | None = None
    pref_resource_report_format: str | None = None
    other_info: tuple[OtherInfo, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceReportResponse:
    """A server says what something cost (Z39.50 s3.2.6.3)."""

    reference_id: bytes | None = None
    resource_report_status: int
    resource_report: External | None = None
    other_info: tuple[OtherInfo, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """What somebody may do with a task."""

    user_id: str
    allowable_functions: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendedServicesRequest:
    """A client asks for a task such as an update or a loan (Z39.50 s3.2.9.1)."""

    reference_id: bytes | None = None
    function: int
    package_type: str
    package_name: str | None = None
    user_id: str | None = None
    retention_time: IntUnit | None = None
    permissions: tuple[Permission, ...] | None = None
    description: str | None = None
    task_specific_parameters: External | None = None
    wait_action: int
    elements: str | None = None
    other_info: tuple[OtherInfo, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendedServicesResponse:
    """A server says what became of a task (Z39.50 s3.2.9.1)."""

    reference_id: bytes | None = None
    operation_status: int
    diagnostics: tuple[DiagRec, ...] | None = None
    task_package: External | None = None
    other_info: tuple[OtherInfo, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """Either side ends the session, or agrees to its end (Z39.50 s3.2.11.1)."""

    reference_id: bytes | None = None
    close_reason: int
    diagnostic_information: str | None = None
    resource_report_format: str | None = None
    resource_report: External | None = None
    other_info: tuple[OtherInfo, ...] | None = None
