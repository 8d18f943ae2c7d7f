"""What the front door refuses, each with what to do next."""

from __future__ import annotations

from typing import ClassVar

from crosswalks.errors import Error


class HubError(Error):
    """This could not be done: {reason}"""


class WrongUse(HubError):
    """This cannot be done: {reason}"""

    wrong_use: ClassVar[bool] = True


class NothingAsked(WrongUse):
    """There is nothing to look for. Give words, with or without --field, or one query with --cql or
    --pqf.
    """


class NoQuery(WrongUse):
    """Say in one way what the set holds: --words WORDS, --cql QUERY or --pqf QUERY."""


class NoSearch(WrongUse):
    """Say in one way which records are meant: --words WORDS, --cql QUERY, --pqf QUERY or --set
    NAME.
    """


class UnknownName(WrongUse):
    """{given} is not NAME=VALUE, with one of these names: {known}"""


class UnknownSetting(WrongUse):
    """{where}: there is no setting {name}. The settings are listed in docs/reference.md."""


class BadSetting(WrongUse):
    """{where}: {value} cannot be {name}; it must be {wanted}."""


class UnreadableFile(WrongUse):
    """{path} cannot be read: {reason}"""


class UnknownCrosswalk(WrongUse):
    """There is no crosswalk named {name}. Choose one of: {known}"""


class UnknownEncoding(WrongUse):
    """This version does not read the encoding {name}. Leave it out, or choose one of: {known}"""


class UnreadSchema(WrongUse):
    """This version does not read the schema {name}. Choose one of: {known}"""


class UnwrittenSchema(WrongUse):
    """This version does not write the schema {name}. Choose one of: {known}"""


class UnknownInput(WrongUse):
    """{path} looks like none of the schemas that are read. Say which one it is with --from."""


class NothingConverted(HubError):
    """No record of {path} could be converted from {schema}."""


class DamagedArchive(HubError):
    """{path} is packed, and damaged: {reason}. Fetch or pack it again."""


class NothingToHarvest(WrongUse):
    """Name one or more sources, or say --all. See the list with: lienthong sources list"""


class FullOrPart(WrongUse):
    """--full asks for everything; --from, --until and --set for a part. Leave one or the other
    out.
    """


class ReconcileWhole(WrongUse):
    """--reconcile compares with the complete list; --until, --set, --limit and --dry-run do not
    read it. Leave one or the other out.
    """


class DatesReversed(WrongUse):
    """{start} is later than {until}, so nothing can lie between. Put the earlier date after
    --from and the later one after --until.
    """


class FolderClosed(WrongUse):
    """{path} is in none of the folders that may be named on these pages. Ask who runs this hub to
    add its folder to files.folders, or upload the files.
    """


class NotConfirmed(WrongUse):
    """Nothing was changed. Say --yes to apply these changes, or --dry-run only to see them."""


class BadVerdictFile(WrongUse):
    """Line {line} of the file of decisions cannot be taken. Give columns with the headings {wanted}
    and, if you like, reason: records as SOURCE/IDENTIFIER, a decision as same or different. Nothing
    was kept.
    """


class PolicyNotConfirmed(WrongUse):
    """Nothing was changed. Say --yes to put the policy {version} to use."""


class ResultOrPolicy(WrongUse):
    """--from is worked out by the policy in use; --policy names another. Leave one or the other
    out.
    """


class NoPassword(WrongUse):
    """There is nobody here to ask for the password. Give a file that has it in its first line with
    --password-from FILE; - is standard input.
    """


class PortBusy(HubError):
    """{host}:{port} cannot be listened on: {reason}. Choose another port (--port for the web,
    --z3950-port for Z39.50); 0 takes a free one.
    """


class NotTheDemo(HubError):
    """{path} was not made by the demo, so it is left alone. Move it away and start again."""


class DemoRunning(HubError):
    """A demo is running already in {path}. Stop it first, with Ctrl-C."""


class NothingToCheck(WrongUse):
    """Name a source, and the files to check for it; or a delivery that waits, with --again NUMBER.
    See what waits with: lienthong import list --open
    """


class DatabaseNotEmpty(WrongUse):
    """The database has tables already, and what is measured begins with an empty one. Name another
    with --database, or leave it out: then a SQLite file is made, and taken away at the end.
    """


class ReportThere(WrongUse):
    """{path} is there already. Name another folder with --output, or move the report away."""


class LineStopped(HubError):
    """The line did not get to its end: {reason}. What it had made is taken away. With the same
    options it can be repeated: report it to whoever looks after the program.
    """


class BasketUnreadable(WrongUse):
    """The records could not be put into {path}: {reason}. What is in the file was left as it is;
    name another file, or one of the format given with --format.
    """


class NoLiveTarget(WrongUse):
    """There is nothing to ask live: no source is searched over Z39.50 or SRU. Add one, or name an
    address: --target z3950://host:port/database or --target sru+https://host/path
    """


class NotInTheList(WrongUse):
    """There is no number {number} in the list, which has {count}. Pick from the numbers shown."""


class OneWayOnly(HubError):
    """Say by what is told: either --mail ADDRESS or --webhook URL."""

    wrong_use: ClassVar[bool] = True


class ExtraMissing(HubError):
    """The settings name a sign-in service ([oidc] issuer), and what it is spoken to with is not
    installed. Install it: pip install 'lienthong[oidc]'; or take the setting away.
    """

    wrong_use: ClassVar[bool] = True


class SettingMissing(HubError):
    """{name} is needed where {because} is set, and is empty. Add it to lienthong.toml or the
    environment.
    """

    wrong_use: ClassVar[bool] = True
