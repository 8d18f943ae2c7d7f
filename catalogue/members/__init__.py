"""What is known of members beside their codes: types, groups, contacts and agreements."""
