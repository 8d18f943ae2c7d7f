"""Libraries that want to join: the survey, the technical check, the test stream, reminders."""
