"""How applications to join are worded, and the applicant's own page."""
