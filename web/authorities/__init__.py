"""Words for authorities that pages and commands share."""
