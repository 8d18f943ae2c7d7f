"""What is said of a repository that was validated."""
