"""The sections of ``lienthong.toml``: frozen values, each with what it has to be and what it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalogue.model import HubIdentity
from catalogue.tickets.rules import Rules as ReportRules
from harvester.model import FileLimits, HttpSettings
from hub import wanted
from hub.wanted import setting
from provider.dumps.rules import Rules as DumpRules
from scheduler.alerts.rules import Rules
from scheduler.joining.rules import Rules as JoiningRules
from web.liverules import LiveRules

_HUB = HubIdentity()
_HTTP = HttpSettings()
_RULES = Rules()
_JOINING = JoiningRules()
_DUMPS = DumpRules()
_REPORTS = ReportRules()
_LIVE = LiveRules()


@dataclass(frozen=True, slots=True, kw_only=True)
class Public:
    """How the hub names itself to those who read from it."""

    base_url: str = setting("", wanted.base_url)
    domain: str = setting(_HUB.domain, wanted.domain)
    admin_email: str = setting(_HUB.admin_email, wanted.email)
    name: str = setting(_HUB.name, wanted.text)
    hub_code: str = setting(_HUB.code, wanted.text)
    language: str = setting("", wanted.language)
    cataloguing_language: str = setting(_HUB.cataloguing_language, wanted.marc_language)
    operator: str = setting("", wanted.anything)
    about_vi: str = setting("", wanted.anything)
    about_en: str = setting("", wanted.anything)


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """Where the catalogue is kept; an empty URL is the SQLite file of the instance folder."""

    url: str = setting("", wanted.database_url)
    read_url: str = setting("", wanted.database_url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """How this hub goes out to its members; times in seconds."""

    allow_networks: tuple[str, ...] = setting(_HTTP.allow_networks, wanted.networks)
    connect_timeout: float = setting(_HTTP.connect_timeout, wanted.seconds)
    read_timeout: float = setting(_HTTP.read_timeout, wanted.seconds)
    total_timeout: float = setting(_HTTP.total_timeout, wanted.seconds)
    max_page_bytes: int = setting(_HTTP.max_page_bytes, wanted.positive)
    retries: int = setting(_HTTP.retries, wanted.count)
    first_wait: float = setting(_HTTP.first_wait, wanted.seconds)
    longest_wait: float = setting(_HTTP.longest_wait, wanted.seconds)
    min_rate: int = setting(_HTTP.min_rate, wanted.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """Where and for how long the answers of sources are kept; 0 is for ever, and any size."""

    store: str = setting("folder", wanted.raw_store)
    keep_days: int = setting(0, wanted.count)
    keep_gb: float = setting(0.0, wanted.amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """What files may be taken from where."""

    folders: tuple[str, ...] = setting((), wanted.folders)
    max_bytes: int = setting(FileLimits().file_bytes, wanted.positive)


@dataclass(frozen=True, slots=True, kw_only=True)
class Serve:
    """Where the web server listens."""

    host: str = setting("127.0.0.1", wanted.text)
    port: int = setting(8080, wanted.port)
    threads: int = setting(8, wanted.positive)
    proxies: int = setting(0, wanted.count)
    idle_minutes: int = setting(60, wanted.positive)
    requests_per_minute: int = setting(0, wanted.count)
    searches_per_minute: int = setting(300, wanted.count)
    metrics: tuple[str, ...] = setting(("127.0.0.0/8", "::1/128"), wanted.networks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """How much live searches of the public may take of the hub, and of members' servers."""

    per_minute: int = setting(_LIVE.per_minute, wanted.count)
    at_once: int = setting(_LIVE.at_once, wanted.positive)
    per_server: int = setting(_LIVE.per_server, wanted.positive)
    seconds: int = setting(_LIVE.seconds, wanted.positive)


@dataclass(frozen=True, slots=True, kw_only=True)
class Oai:
    """What OAI-PMH says of the hub and its records beside the records."""

    rights: str = setting("", wanted.address)
    icon: str = setting("", wanted.address)
    icon_link: str = setting("", wanted.address)
    friends: bool = setting(False, wanted.choice)


@dataclass(frozen=True, slots=True, kw_only=True)
class Z3950:
    """Where the Z39.50 server listens, and whom it lets in; an empty host is that of [serve]."""

    host: str = setting("", wanted.anything)
    port: int = setting(9999, wanted.port)
    processes: int = setting(0, wanted.count)
    threads: int = setting(4, wanted.positive)
    sessions: int = setting(1000, wanted.positive)
    sessions_per_address: int = setting(200, wanted.positive)
    idle_seconds: float = setting(900.0, wanted.seconds)
    certificate: str = setting("", wanted.anything)
    key: str = setting("", wanted.anything)


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """How it is told what happens."""

    format: str = setting("text", wanted.log_form)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduler:
    """When this hub works by itself."""

    time_zone: str = setting("Asia/Ho_Chi_Minh", wanted.time_zone)
    spread_minutes: int = setting(0, wanted.count)
    missed: str = setting("once", wanted.missed)
    prune: str = setting("daily 03:15", wanted.schedule)
    reindex: str = setting("", wanted.schedule)
    dump: str = setting("", wanted.schedule)
    report: str = setting("first of the month 02:15", wanted.schedule)
    quality: str = setting("daily 04:15", wanted.schedule)
    relist: str = setting("", wanted.schedule)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """Where backups go, and how many stay; 0: all of them."""

    folder: str = setting("", wanted.anything)
    keep: int = setting(0, wanted.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dumps:
    """Which dumps are made by the clock, and how all are; an empty folder is the instance's own."""

    folder: str = setting("", wanted.anything)
    scheduled: tuple[str, ...] = setting(("public marcxml",), wanted.series)
    keep: int = setting(_DUMPS.keep, wanted.positive)
    full_days: int = setting(_DUMPS.full_days, wanted.positive)
    part_records: int = setting(_DUMPS.part_records, wanted.positive)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerts:
    """From when on people are told of a source."""

    silent_days: int = setting(_RULES.silent_days, wanted.positive)
    silent_rounds: int = setting(_RULES.silent_rounds, wanted.positive)
    shrink_percent: int = setting(_RULES.shrink_percent, wanted.percent)
    certificate_days: int = setting(_RULES.certificate_days, wanted.positive)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """The mail server that messages go out by; without a host no mail is sent."""

    host: str = setting("", wanted.anything)
    port: int = setting(587, wanted.port)
    tls: str = setting("starttls", wanted.encryption)
    credentials: str = setting("", wanted.anything)
    sender: str = setting("", wanted.sender)
    ca_bundle: str = setting("", wanted.anything)
    timeout: float = setting(30.0, wanted.seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """How libraries are taken in: working days for each state, and what a technical check reads."""

    asked_days: int = setting(_JOINING.asked_days, wanted.positive)
    survey_days: int = setting(_JOINING.survey_days, wanted.positive)
    check_days: int = setting(_JOINING.check_days, wanted.positive)
    fix_days: int = setting(_JOINING.fix_days, wanted.positive)
    agreed_days: int = setting(_JOINING.agreed_days, wanted.positive)
    holidays: tuple[str, ...] = setting(_JOINING.holidays, wanted.days)
    sample: int = setting(_JOINING.sample, wanted.positive)
    survey: str = setting(_JOINING.survey, wanted.anything)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tickets:
    """What readers may report, and for how many days the address of one is kept."""

    reports_per_minute: int = setting(_REPORTS.per_minute, wanted.positive)
    address_days: int = setting(_REPORTS.address_days, wanted.positive)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """How people sign in, and for how long it is kept what they changed; 0 days: for ever."""

    session_hours: int = setting(12, wanted.positive)
    second_factor: tuple[str, ...] = setting((), wanted.roles)
    reset_minutes: int = setting(60, wanted.positive)
    invitation_days: int = setting(7, wanted.positive)
    audit_days: int = setting(0, wanted.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Oidc:
    """A sign-in service that speaks OpenID Connect; without an issuer there is none."""

    issuer: str = setting("", wanted.issuer)
    client_id: str = setting("", wanted.anything)
    client_secret: str = setting("", wanted.secret)
    scopes: str = setting("openid profile email", wanted.text)
    button_vi: str = setting("", wanted.anything)
    button_en: str = setting("", wanted.anything)
    user_claim: str = setting("preferred_username", wanted.text)
    role_claim: str = setting("", wanted.anything)
    roles: tuple[str, ...] = setting((), wanted.given_roles)
    link_by_mail: bool = setting(False, wanted.choice)
    second_factor: tuple[str, ...] = setting((), wanted.values)
    ca_bundle: str = setting("", wanted.anything)


SECTIONS: Mapping[str, type[Any]] = {
    "public": Public,
    "database": Database,
    "harvest": Harvest,
    "raw": Raw,
    "files": Files,
    "serve": Serve,
    "live": Live,
    "oai": Oai,
    "z3950": Z3950,
    "log": Log,
    "scheduler": Scheduler,
    "backup": Backup,
    "dumps": Dumps,
    "alerts": Alerts,
    "mail": Mail,
    "joining": Joining,
    "tickets": Tickets,
    "accounts": Accounts,
    "oidc": Oidc,
}
