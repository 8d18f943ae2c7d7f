"""One file per command group; each turns words into calls and answers into lines."""
