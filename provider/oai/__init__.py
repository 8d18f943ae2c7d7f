"""OAI-PMH 2.0 as a repository: a request in, XML bytes out, without a web framework.

The list order is (stamp, key) and a page is stored bytes pasted together, so the last page of
twenty million records costs what the first did. Start reading at ``respond.respond``.
"""
