"""What libraries get back: masters that are better than what they sent, for them to load."""
