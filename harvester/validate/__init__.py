"""A judge of OAI-PMH repositories: asks one as harvesters do, and in all the wrong ways as well.

``examine.validate`` strings the parts. ``asking`` asks and has each answer judged as it stands
(``wire``, ``envelope``, ``grammar``, ``payload``); ``walking`` goes through whole lists; the
others compare what was said at one place with what is said at another. What is wrong is a ``Found``
of a code (``codes``); its words are in ``web.validation``.
"""
