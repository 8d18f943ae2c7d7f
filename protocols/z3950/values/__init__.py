"""The messages of Z39.50 and what they hold, as frozen values."""
