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

from crosswalks.errors import Error
from hub import wanted
from hub.errors import BadSetting, UnknownSetting, UnreadableFile
from hub.sections import (
    SECTIONS,
    Z3950,
    Accounts,
    Alerts,
    Backup,
    Database,
    Dumps,
    Files,
    Harvest,
    Joining,
    Live,
    Log,
    Mail,
    Oai,
    Oidc,
    Public,
    Raw,
    Scheduler,
    Serve,
    Tickets,
)

FILE, PREFIX = "lienthong.toml", "LIENTHONG_"
_HIDDEN = "***"
"""Stands for a secret; also for an address that may hold one."""
ALIASES = {
    "LIENTHONG_DATABASE_URL": ("database", "url"),
    "LIENTHONG_DATABASE_READ_URL": ("database", "read_url"),
}
"""Short variables that win over all else."""


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
    live: Live = field(default_factory=Live)
    oai: Oai = field(default_factory=Oai)
    z3950: Z3950 = field(default_factory=Z3950)
    log: Log = field(default_factory=Log)
    scheduler: Scheduler = field(default_factory=Scheduler)
    backup: Backup = field(default_factory=Backup)
    dumps: Dumps = field(default_factory=Dumps)
    alerts: Alerts = field(default_factory=Alerts)
    mail: Mail = field(default_factory=Mail)
    joining: Joining = field(default_factory=Joining)
    tickets: Tickets = field(default_factory=Tickets)
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
    def backup_folder(self) -> Path:
        """Return the folder of the backups: the one set, or one beside the instance folder."""
        return Path(self.backup.folder or f"{self.folder.resolve()}-backups").resolve()

    @property
    def incoming(self) -> Path:
        """Return the folder of what is uploaded: an inbox for each source."""
        return self.folder.resolve() / "incoming"

    @property
    def baskets(self) -> Path:
        """Return the folder of the records that staff have chosen to take along."""
        return self.folder.resolve() / "baskets"


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


def readable(environment: Mapping[str, str]) -> Settings | None:
    """Return the settings, None where they cannot be read: what needs them says what is wrong."""
    try:
        return load(environment)
    except Error:
        return None


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
