"""A hub moved from SQLite into PostgreSQL."""
