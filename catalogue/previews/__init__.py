"""What the union would make of a source that is being tried out, and its library's word on it."""
