"""Why tables and spreadsheets could not be taken, each with what a librarian may do next."""

from __future__ import annotations

from harvester.files.errors import FilesRefused


class TableRefused(FilesRefused):
    """{file} cannot be taken as a table. {reason}"""


class NoTableInFile(FilesRefused):
    """{file} has no sheet with rows in it, hidden sheets aside. Save the sheet with the list as the
    first one.
    """


class WorkbookLocked(FilesRefused):
    """{file} is a spreadsheet locked with a password. Ask the library to save it without one."""


class WorkbookNone(FilesRefused):
    """{file} is {looks}, not a spreadsheet. Ask the library for the list as .xlsx, .ods or .csv"""


class WorkbookTooLarge(FilesRefused):
    """{file} is a spreadsheet that takes more than {limit} when it is opened, perhaps for a single
    cell far down or to the right. Delete what stands there, or save it as CSV (UTF-8), which has no
    limit, or as several smaller ones.
    """


class WorkbookDamaged(FilesRefused):
    """{file} is a damaged spreadsheet: {reason}. Open it in Excel or LibreOffice, save it as a new
    .xlsx and take that.
    """
