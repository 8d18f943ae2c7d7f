"""The settings of one hub: ``instance/lienthong.toml``, each overridable from the environment.

Sections are frozen values; a name that does not exist or a value that cannot be is refused with
the file or variable it stands in, because a setting silently ignored is found out too late.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, NamedTuple, get_type_hints

from catalogue.model import HubIdentity
from harvester.model import FileLimits, HttpSettings
from hub import wanted
from hub.errors import BadSetting, UnknownSetting, UnreadableFile
from hub.wanted import setting
from provider.dumps.rules import Rules as DumpRules
from scheduler.alerts.rules import Rules
from scheduler.joining.rules import Rules as JoiningRules

FILE, PREFIX = "lienthong.toml", "LIENTHONG_"
_HIDDEN = "***"
"""Stands for a secret; also for an address that may hold one."""
ALIASES = {
    "LIENTHONG_DATABASE_URL": ("database", "url"),
    "LIENTHONG_DATABASE_READ_URL": ("database", "read_url"),
}
"""Short variables that win over all else."""


_HUB = HubIdentity()
_HTTP = HttpSettings()
_RULES = Rules()
_JOINING = JoiningRules()
_DUMPS = DumpRules()


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
class Scheduler:
    """When this hub works by itself."""

    time_zone: str = setting("Asia/Ho_Chi_Minh", wanted.time_zone)
    spread_minutes: int = setting(0, wanted.count)
    missed: str = setting("once", wanted.missed)
    prune: str = setting("daily 03:15", wanted.schedule)
    reindex: str = setting("", wanted.schedule)
    dump: str = setting("", wanted.schedule)
    report: str = setting("first of the month 02:15", wanted.schedule)
    relist: str = setting("", wanted.schedule)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting of one hub, and the folder it lives in."""

    folder: Path
    public: Public = field(default_factory=Public)
    database: Database = field(default_factory=Database)
    harvest: Harvest = field(default_factory=Harvest)
    raw: Raw = field(default_factory=Raw)
    files: Files = field(default_factory=Files)
    serve: Serve = field(default_factory=Serve)
    oai: Oai = field(default_factory=Oai)
    z3950: Z3950 = field(default_factory=Z3950)
    scheduler: Scheduler = field(default_factory=Scheduler)
    dumps: Dumps = field(default_factory=Dumps)
    alerts: Alerts = field(default_factory=Alerts)
    mail: Mail = field(default_factory=Mail)
    joining: Joining = field(default_factory=Joining)
    accounts: Accounts = field(default_factory=Accounts)
    oidc: Oidc = field(default_factory=Oidc)

    @property
    def database_url(self) -> str:
        """Return the database's URL: the one set, or the instance folder's own SQLite file."""
        return self.database.url or f"sqlite:///{self.folder.resolve() / 'lienthong.db'}"

    @property
    def raw_folder(self) -> Path:
        """Return the folder of the pages as delivered."""
        return self.folder / "raw"

    @property
    def dumps_folder(self) -> Path:
        """Return the folder of the dumps: the one set, or the instance folder's own."""
        return Path(self.dumps.folder or self.folder / "dumps").resolve()

    @property
    def incoming(self) -> Path:
        """Return the folder of what is uploaded: an inbox for each source."""
        return self.folder.resolve() / "incoming"

    @property
    def baskets(self) -> Path:
        """Return the folder of the records that staff have chosen to take along."""
        return self.folder.resolve() / "baskets"


SECTIONS: Mapping[str, type[Any]] = {
    "public": Public,
    "database": Database,
    "harvest": Harvest,
    "raw": Raw,
    "files": Files,
    "serve": Serve,
    "oai": Oai,
    "z3950": Z3950,
    "scheduler": Scheduler,
    "dumps": Dumps,
    "alerts": Alerts,
    "mail": Mail,
    "joining": Joining,
    "accounts": Accounts,
    "oidc": Oidc,
}


class Given(NamedTuple):
    """One value somebody set, and where it stands."""

    section: str
    name: str
    value: object
    where: str


class Setting(NamedTuple):
    """One setting as it holds."""

    section: str
    name: str
    value: str
    where: str
    """The file or variable it stands in; empty: as it comes."""


def instance_folder(environment: Mapping[str, str]) -> Path:
    """Return the folder of this hub: ``LIENTHONG_INSTANCE``, or ``instance`` here."""
    return Path(environment.get("LIENTHONG_INSTANCE") or "instance")


def load(environment: Mapping[str, str]) -> Settings:
    """Return the settings; the file first, then the environment, then its short aliases.

    Raises UnknownSetting, BadSetting or UnreadableFile, each naming the file or variable.
    """
    sections = {name: _section(SECTIONS[name], each) for name, each in _chosen(environment).items()}
    return Settings(folder=instance_folder(environment), **sections)


def effective(environment: Mapping[str, str]) -> Iterator[Setting]:
    """Yield every setting as it holds, with where it comes from; of a secret only that it is set.

    Raises what ``load`` raises.
    """
    for section, given in _chosen(environment).items():
        values = _section(SECTIONS[section], given)
        for one in fields(SECTIONS[section]):
            value, told = getattr(values, one.name), given.get(one.name)
            shown = _HIDDEN if one.metadata["check"].secret and value else _written(value)
            yield Setting(section, one.name, shown, told.where if told else "")


def _written(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _chosen(environment: Mapping[str, str]) -> dict[str, dict[str, Given]]:
    """Return what somebody set, by section and name: of several the one that wins."""
    chosen: dict[str, dict[str, Given]] = {name: {} for name in SECTIONS}
    file = instance_folder(environment) / FILE
    for given in (*_from_file(file), *_from_variables(environment)):
        chosen[_known(given).section][given.name] = given
    return chosen


def _from_file(path: Path) -> Iterator[Given]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UnreadableFile(path=path, reason=error) from error
    for section, table in tables.items():
        if not isinstance(table, dict):
            raise UnknownSetting(where=path, name=section)
        if section not in SECTIONS:
            raise UnknownSetting(where=path, name=f"[{section}]")
        for name, value in table.items():
            yield Given(section, name, value, str(path))


def _from_variables(environment: Mapping[str, str]) -> Iterator[Given]:
    for variable, value in sorted(environment.items()):
        if variable.startswith(PREFIX) and "__" in variable:
            section, _, name = variable.removeprefix(PREFIX).lower().partition("__")
            yield Given(section, name, value, variable)
    for variable, (section, name) in ALIASES.items():
        if environment.get(variable):
            yield Given(section, name, environment[variable], variable)


def _known(given: Given) -> Given:
    section = SECTIONS.get(given.section)
    if section is None or given.name not in {known.name for known in fields(section)}:
        raise UnknownSetting(where=given.where, name=f"[{given.section}] {given.name}")
    return given


def _section(section: type[Any], values: Mapping[str, Given]) -> Any:
    hints = get_type_hints(section)
    checks = {known.name: known.metadata["check"] for known in fields(section)}
    return section(
        **{name: _value(given, hints[name], checks[name]) for name, given in values.items()}
    )


def _value(given: Given, kind: type, check: wanted.Check) -> Any:
    try:
        return check.accept(wanted.convert(given.value, kind))
    except ValueError as error:
        raise BadSetting(
            where=given.where,
            value="***" if check.secret else repr(given.value),
            name=f"[{given.section}] {given.name}",
            wanted=check.wanted,
        ) from error
