"""The REST interface: a request in, JSON out, without a web framework.

What there is stands in one table (``endpoints``): requests are answered by it and the description
in OpenAPI is made of it, so that neither can say what the other does not. Start at
``respond.respond``.
"""
