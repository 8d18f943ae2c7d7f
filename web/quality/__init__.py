"""The words for what is wrong with records, for commands, reports and screens alike."""
