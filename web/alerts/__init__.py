"""The words for what is told of sources, for mail, webhooks, commands and screens alike."""
