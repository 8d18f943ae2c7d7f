"""Reports in words: as tables, as files for spreadsheets, as charts; the same for all who ask."""
