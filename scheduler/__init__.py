"""When and who: the clock, the workers, and the line that strings the rooms together."""
