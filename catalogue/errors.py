"""What the catalogue refuses, each with what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from crosswalks.errors import Error


class CatalogueError(Error):
    """The catalogue could not do this: {reason}"""


class WrongUse(CatalogueError):
    """This cannot be done: {reason}"""

    wrong_use: ClassVar[bool] = True


class DatabaseUnreachable(CatalogueError):
    """The database cannot be reached: {reason}. Check database.url in instance/lienthong.toml or
    LIENTHONG_DATABASE_URL.
    """


class SchemaOutdated(CatalogueError):
    """The database has schema {found}, this version needs {wanted}. Run: lienthong db upgrade"""


class LeaseLost(CatalogueError):
    """Another worker has taken over job {job}; nothing of this page was written. Nothing is lost
    and nothing has to be done; see how the other one fares with: lienthong runs list
    """


class WorkerGone(CatalogueError):
    """The process that harvested ended without a word. What it had stored is kept, and the next
    harvest goes on from there.
    """


class SourceChanged(CatalogueError):
    """Source {name} was given other settings while it was harvested, and nothing of this page was
    written. Harvest it again.
    """


class PageOutdated(CatalogueError):
    """Record {name} has changed since this page was compared with the catalogue, and nothing of the
    page was written. Harvest the source again.
    """


class CrosswalksChanged(CatalogueError):
    """Crosswalks were published while records were mapped, and nothing of these was written. Do it
    again.
    """


class NoSuchCrosswalkVersion(WrongUse):
    """There is no version {version} of crosswalk {name}. See its versions with:
    lienthong crosswalk show {name}
    """


class LeadsElsewhere(WrongUse):
    """Crosswalk {name} has to map from {source} to {target}. Give another name to one that does
    not.
    """


class NothingDrafted(WrongUse):
    """There is no draft of crosswalk {name}. Make one with: lienthong crosswalk edit {name}"""


class NoSuchProblem(WrongUse):
    """There is no problem {number} any more: the record was delivered or mapped anew since. Look at
    the list of problems again.
    """


class NoSuchCrosswalkDraft(WrongUse):
    """No draft {number} of crosswalk {name} was ever kept. See its drafts on its page."""


class DraftChanged(WrongUse):
    """Somebody else kept another draft of crosswalk {name}, or published it, after this page was
    opened; nothing was changed. Look at what is there now, and decide again.
    """


class CrosswalkEffectUnknown(WrongUse):
    """What this text of crosswalk {name} would do is not known, or no longer holds. Have it worked
    out on its page, look at it, and publish then.
    """


class SavedTestsFailed(CatalogueError):
    """Saved tests of crosswalk {name} fail, and nothing was published: {titles}. See the difference
    with: lienthong crosswalk test {name}
    """

    def __init__(self, *, name: str, failed: Sequence[Any]) -> None:
        self.failed = failed
        titles = ", ".join(f"{each.crosswalk}/{each.title}" for each in failed)
        super().__init__(name=name, titles=titles)


class NeedsDecision(CatalogueError):
    """Run {run} waits for a person. See why with: lienthong runs show {run}"""


class WouldDelete(NeedsDecision):
    """Run {run} would delete {deleted} of {live} live records ({share} %, where {limit} % may go by
    themselves), and has deleted none of them. Ask the library whether they are really gone. Delete
    them with: lienthong runs approve {run}; keep them with: lienthong runs discard {run}
    """


class SourceShrank(NeedsDecision):
    """The complete list of run {run} holds {listed} live records, where the last good one held
    {before} ({share} % fewer, where {limit} % may be missing). Ask the library whether its list is
    whole. Take it as it is with: lienthong runs approve {run}; or leave all as it was with:
    lienthong runs discard {run}
    """


class ListDoubtful(NeedsDecision):
    """{absent} records are missing from the complete list of run {run}, but the list has gaps in
    which they may have been lost; none was deleted. Delete them with: lienthong runs approve {run};
    keep them with: lienthong runs discard {run}
    """


class CannotMap(NeedsDecision):
    """{unmapped} of {tried} records of run {run} cannot be read or mapped ({share} %, where
    {limit} % may be). They are in quarantine; see why with: lienthong records quarantine list. What
    else it holds is carried out with: lienthong runs approve {run}; dropped with: lienthong runs
    discard {run}
    """


class StoppedUnmapped(NeedsDecision):
    """Run {run} stopped early: {unmapped} of its first {tried} records cannot be read or mapped
    ({share} %, where {limit} % may be). See why with: lienthong records quarantine list. Correct
    crosswalk or encoding of the source; or go on all the same with: lienthong runs approve {run}
    """


class TakenOver(CatalogueError):
    """Run {later} has judged anew what this run held. There is nothing left to decide here; see:
    lienthong runs show {later}
    """


class NothingToDecide(WrongUse):
    """Run {run} does not wait for a decision. See which do with: lienthong runs list"""


class DecidedOtherwise(WrongUse):
    """Run {run} was decided otherwise already, and that cannot be taken back. Harvest the source
    again to see what it says now.
    """


class DecisionOutdated(WrongUse):
    """Source {name} was given other settings since run {run}, so what that run held counts no more.
    Harvest the source again.
    """


class NotInQuarantine(WrongUse):
    """Record {name} is not in quarantine. See what is with: lienthong records quarantine list"""


class NoSuchSource(WrongUse):
    """There is no source named {name}. See the list with: lienthong sources list"""


class NoSuchRecord(WrongUse):
    """There is no record {name}. See a source's records with:
    lienthong records list --source NAME
    """


class NoSuchCluster(WrongUse):
    """There is no cluster {name}. Find one with: lienthong search WORDS"""


class NoSuchLibrary(WrongUse):
    """There is no library with the code {code}. See the list with: lienthong libraries list"""


class BadLibraryCode(WrongUse):
    """{code} cannot be a library code: use 1 to 16 letters A-Z, a-z, digits or hyphens; 'union' and
    'live' are reserved.
    """


class NameTaken(WrongUse):
    """The name {name} is taken already. Choose another name."""


class PagesGone(CatalogueError):
    """{missing} of the {pages} pages of run {run} are no longer kept, or damaged; what the others
    hold was read again. Fetch everything anew with: lienthong harvest {source} --full
    """


class NoSuchRun(WrongUse):
    """There is no run {run}. See the list with: lienthong runs list"""


class WindowReversed(WrongUse):
    """This maintenance window would be over already, or before it begins. Give an end that comes
    after its beginning and is still to come.
    """


class BadOption(WrongUse):
    """{option} of source {source} cannot be {value}. It must be {wanted}."""


class BadCredentials(WrongUse):
    """Credentials {name} cannot be kept. They need {wanted}."""


class NoSuchCredentials(WrongUse):
    """There are no credentials named {name}. Keep them first, with:
    lienthong sources credentials set {name}
    """


class CredentialsInUse(WrongUse):
    """Credentials {name} are still named by these sources: {sources}. Change these first."""


class CredentialsSealed(CatalogueError):
    """Credentials {name} cannot be opened with the secret.key of this hub. Bring the key back from
    the backup, or set them again: lienthong sources credentials set {name}
    """


class PolicyError(WrongUse):
    """The matching policy cannot be used: {reason}"""


class PolicyUnreadable(PolicyError):
    """The matching policy cannot be read at line {line}: "{text}". Write name = figure, one in each
    line, texts in quotation marks and lists in square brackets.
    """


class PolicyUnknown(PolicyError):
    """The matching policy names {name}, which matching does not know. Did you mean {close}?"""


class PolicyIncomplete(PolicyError):
    """The matching policy does not say {names}. Take these lines from the policy.toml that comes
    with the program.
    """


class PolicyNoNumber(PolicyError):
    """{name} of the matching policy cannot be {value}. It must be a number from {least} to
    {most}, without quotation marks; a whole one for numbers of records.
    """


class PolicyNoText(PolicyError):
    """{name} of the matching policy cannot be {value}. It must be a text in quotation marks, or a
    list of them where the policy.toml that comes with the program has a list.
    """


class PolicyNoName(PolicyError):
    """A matching policy cannot be called {value}. In version = "..." write 1 to 40 letters, digits,
    hyphens or dots, without spaces.
    """


class PolicyNoIsbn(PolicyError):
    """{name} of the matching policy lists {value}, which is no ISBN. Write ISBNs of 13 or 10
    characters in quotation marks.
    """


class PolicyNoNames(PolicyError):
    """{name} of the matching policy lists “{value}”, which does not say whose names are the same.
    Write two names or more with = between them, and each name once. Have the list made with:
    lienthong policy names --as VERSION
    """


class PolicyOutOfOrder(PolicyError):
    """In the matching policy {low} ({less}) is above {high} ({more}). It must not be: lower the one
    or raise the other.
    """


class NoSuchPolicy(WrongUse):
    """There is no matching policy {version}. These are there: {known}."""


class PolicyTaken(WrongUse):
    """There is a matching policy {version} already, and what was kept is never changed. Give yours
    another name: version = "..." in its first lines.
    """


class PolicyInUse(WrongUse):
    """The matching policy {version} is or was in use, or came with the program: it is kept. Only
    one that was never in use can be thrown away.
    """


class EffectUnknown(WrongUse):
    """Nobody has seen yet what the matching policy {version} would do. Look first:
    lienthong policy effect {version}
    """


class EffectOutdated(WrongUse):
    """What the matching policy {version} would do was worked out anew, or while another policy was
    in use. Look at it again: lienthong policy effect {version}
    """


class NoSuchDecision(WrongUse):
    """There is no decision {number}. See which there are: lienthong clusters history"""


class SameRecord(WrongUse):
    """{name} is one record: nothing is to be decided about it alone. Name two."""


class DecidedSince(WrongUse):
    """Decision {number} is not the last word on this pair: {later} is. Take that back first, with:
    lienthong clusters undo {later}
    """


class NotStanding(WrongUse):
    """Decision {number} was taken back already, or only took another back. If it is to hold after
    all, decide it anew.
    """


class NoSuchEvent(WrongUse):
    """Nothing in the history of clusters has the number {number}. See what has:
    lienthong clusters events CLUSTER
    """


class NothingToRevert(WrongUse):
    """Event {number} leaves nothing to take back: its records are already where they were before,
    or they are gone, or which they were was not kept. Look at the cluster as it is now.
    """


class TooManyTogether(WrongUse):
    """More than {most} records hang together here, too many to work out what to decide. Decide
    about pairs of them, or ask their libraries what these records are.
    """


class BusyPlacing(CatalogueError):
    """Records are being placed just now, and nothing was decided. Try again in a moment."""


class ChangedMeanwhile(CatalogueError):
    """{one} and {other} are not what they were when you looked: one of them was delivered anew, or
    somebody decided about them. Nothing was kept. Look at them again, then decide.
    """


class ContradictsVerdicts(WrongUse):
    """This cannot stand beside what was decided before: {path}. Take one of these back first, or
    decide it anew.
    """


class ViewNotSearched(CatalogueError):
    """View {view} cannot be searched: there is none of that name, or it was not indexed yet. A
    worker does that by itself; to do it now, run: lienthong db reindex
    """


class NoteChanged(WrongUse):
    """The note on source {name} was changed meanwhile by {author}, and nothing was kept. Look at
    what stands there now, and write yours then.
    """


class SettingsChanged(WrongUse):
    """The settings of source {name} were changed by somebody else meanwhile, and nothing was kept.
    Open them again, and change them then.
    """
