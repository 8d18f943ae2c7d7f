"""Z39.50 on the wire: bytes to messages and back."""
