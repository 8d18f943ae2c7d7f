"""All tables there are, wherever they are written: for what goes through the whole database."""

from __future__ import annotations

from sqlalchemy import MetaData

from catalogue import (
    credential_tables,
    crosswalk_tables,
    daily_tables,
    people_tables,
    problem_tables,
    public_tables,
    report_tables,
    source_tables,
    tables,
)
from catalogue.alerts import tables as alert_tables
from catalogue.authorities import tables as authority_tables
from catalogue.improved import tables as improved_tables
from catalogue.intake import tables as intake_tables
from catalogue.joining import tables as joining_tables
from catalogue.lending import tables as lending_tables
from catalogue.members import tables as member_tables
from catalogue.membership import tables as membership_tables
from catalogue.overlays import tables as overlay_tables
from catalogue.previews import tables as preview_tables
from catalogue.quality import tables as quality_tables
from catalogue.tickets import tables as ticket_tables
from catalogue.validations import tables as validation_tables

_MODULES = (
    *(alert_tables, authority_tables, credential_tables, crosswalk_tables, daily_tables),
    *(improved_tables, intake_tables),
    *(lending_tables, ticket_tables),
    *(joining_tables, member_tables, membership_tables, overlay_tables, people_tables),
    *(problem_tables, public_tables, report_tables, source_tables, tables),
    *(quality_tables,),
    *(problem_tables, report_tables, source_tables, tables),
    *(preview_tables, validation_tables),
)
"""All of them share one Base; a module that nobody imported would be missed."""
METADATA: MetaData = _MODULES[0].Base.metadata
