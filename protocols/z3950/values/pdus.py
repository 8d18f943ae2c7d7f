"""The messages themselves, all of them."""

from __future__ import annotations

from typing import TypeAlias

from protocols.z3950.values.searches import (
    DeleteResultSetRequest,
    DeleteResultSetResponse,
    PresentRequest,
    PresentResponse,
    ScanRequest,
    ScanResponse,
    SearchRequest,
    SearchResponse,
    Segment,
    SortRequest,
    SortResponse,
)
from protocols.z3950.values.sessions import (
    AccessControlRequest,
    AccessControlResponse,
    Close,
    ExtendedServicesRequest,
    ExtendedServicesResponse,
    InitializeRequest,
    InitializeResponse,
    ResourceControlRequest,
    ResourceControlResponse,
    ResourceReportRequest,
    ResourceReportResponse,
    TriggerResourceControlRequest,
)

Pdu: TypeAlias = (
    InitializeRequest
    | InitializeResponse
    | SearchRequest
    | SearchResponse
    | PresentRequest
    | PresentResponse
    | DeleteResultSetRequest
    | DeleteResultSetResponse
    | AccessControlRequest
    | AccessControlResponse
    | ResourceControlRequest
    | ResourceControlResponse
    | TriggerResourceControlRequest
    | ResourceReportRequest
    | ResourceReportResponse
    | ScanRequest
    | ScanResponse
    | SortRequest
    | SortResponse
    | Segment
    | ExtendedServicesRequest
    | ExtendedServicesResponse
    | Close
)
"""A message of either side."""
