"""Sets of OAI-PMH that staff define by a query: ``defining`` keeps them, ``members`` fills them."""
