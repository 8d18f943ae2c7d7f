"""SRU 1.1, 1.2 and 2.0 as a server: a request in, XML bytes out, without a web framework.

What is found is what ``provider.lookup`` finds for Z39.50, too. Start reading at
``respond.respond``.
"""
