"""Why files could not be taken, each with what a librarian may do next."""

from __future__ import annotations

from typing import ClassVar

from harvester.errors import HarvestError


class FilesRefused(HarvestError):
    """The files of the source could not be taken: {reason}"""


class BadFileAddress(FilesRefused):
    """{url} is not an address of files: {reason}. Write it as file:/folder or file:/folder/file, as
    http(s)://host/file, or as file: alone where everything is uploaded.
    """

    wrong_use: ClassVar[bool] = True


class NotForFiles(FilesRefused):
    """Files have neither sets nor prefixes, and are not asked for by date: leave out {what}."""

    wrong_use: ClassVar[bool] = True


class UnknownFileFormat(FilesRefused):
    """There is no format of files named {name}. Use one of: {known}"""

    wrong_use: ClassVar[bool] = True


class BadPlace(FilesRefused):
    """{text} is not a place where an identifier stands. Write a control field (001), a subfield
    (020$a), an element (dc:identifier) or the heading of a column, several with commas between.
    """

    wrong_use: ClassVar[bool] = True


class FileMissing(FilesRefused):
    """{file} is not there. Check the address of the source; if it lies on another machine, check
    that its disk is connected.
    """


class FileUnreadable(FilesRefused):
    """{file} cannot be read: {reason}. Check that the user who runs this hub may read it, and that
    its disk is sound.
    """


class NoRegularFile(FilesRefused):
    """{file} is neither a file nor a folder. Name the file itself, or the folder it lies in."""


class FileEmpty(FilesRefused):
    """{file} is empty. Ask the library to export it again."""


class FolderEmpty(FilesRefused):
    """{file} holds no files, and what lies there is the complete list: nothing is deleted for that.
    Put the files there; if they only bring changes: lienthong sources change NAME --delivers
    changes
    """


class UnknownContent(FilesRefused):
    """{file} is no file of records that we can read: it looks like {looks}. Ask the library for ISO
    2709, MARCXML, Dublin Core or a table; if it is one of these, name it: lienthong sources change
    NAME --format FORMAT
    """


class FileChanged(FilesRefused):
    """{file} changed while it was read. What came before is kept. Wait until it is completely there
    and harvest again: it is begun anew.
    """


class FileTooLarge(FilesRefused):
    """{file} has more than {limit} bytes. Ask the library for several smaller files, or raise
    files.max_bytes
    """


class RecordTooLong(FilesRefused):
    """{file} has no end of a record or line within {limit} bytes from {offset} on: it is damaged
    there, or no file of records. Ask the library to export it again.
    """


class ArchiveSwollen(FilesRefused):
    """{file} unpacks to more than {times} times its size, as no file of records does. Nothing of it
    is taken any more. Ask the library where it comes from.
    """


class ArchiveTooLarge(FilesRefused):
    """{file} unpacks to more than {limit} bytes. Ask the library for several smaller files."""


class ArchiveTooMany(FilesRefused):
    """{file} holds more than {limit} files. Ask the library for fewer, larger ones."""


class ArchiveNested(FilesRefused):
    """{file} is an archive inside an archive. Ask the library to pack its files only once."""


class ArchiveLocked(FilesRefused):
    """{file} is locked with a password. Ask the library for one without."""


class ArchiveDamaged(FilesRefused):
    """{file} is a damaged archive: {reason}. Ask the library to send it again."""


class DiskFull(FilesRefused):
    """There is no room left on the disk for what is kept while {file} is read. Make room and
    harvest again: it goes on where it stopped.
    """


class NoCompleteList(FilesRefused):
    """The files of {url} only bring changes, so there is no complete list to compare with. If they
    are one: lienthong sources change NAME --delivers whole
    """


class NotInFiles(FilesRefused):
    """No file of {url} has a record {identifier} now. It was perhaps removed, or came with a file
    that is gone.
    """
