"""A hub put aside as it was at one moment, while it goes on working, and put back."""
