"""What is refused when the partition is worked out apart from the hub."""

from __future__ import annotations

from catalogue.errors import CatalogueError, WrongUse


class FolderTaken(WrongUse):
    """{path} is there already. Name another folder, or move this one away. A folder whose name ends
    in .part was left by a run that was broken off, unless one is under way.
    """


class NotExported(WrongUse):
    """{path} is no folder that lienthong clusters export made. Give one that it made, whole."""


class NotWorkedOut(WrongUse):
    """{path} is no folder that lienthong clusters spark made. Give one that it made, whole."""


class PartDamaged(CatalogueError):
    """{path} is missing or not as it was written. Nothing was done. Copy the folder again from
    where it was made, or make it again.
    """


class OtherRules(WrongUse):
    """{path} was made by version {version} of the program, whose rules of matching are others
    ({theirs}; here {ours}). Nothing was done. Make it again with this version.
    """


class OtherPolicy(WrongUse):
    """{path} was worked out by the policy {theirs}; in use is {ours}. Nothing was done. Export the
    records again, and have the clusters worked out by this policy.
    """


class OtherHub(WrongUse):
    """{path} was worked out from the records of another hub. Nothing was done. Give one that was
    worked out from an export of this hub.
    """


class SparkMissing(WrongUse):
    """PySpark is not installed here. Install it: pip install 'lienthong[spark]'. Only this command
    needs it; export and rebuild work without.
    """


class JavaMissing(WrongUse):
    """Spark needs Java 17 or newer, and there is none here, or it does not start. Install it, on
    Debian: apt install default-jre-headless
    """


class SparkFailed(CatalogueError):
    """Spark gave up: {reason}. Nothing was written. Look at its log above; where memory or disk was
    short, give it more, or more --partitions.
    """
