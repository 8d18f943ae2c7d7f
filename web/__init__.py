"""Shows: the screens, and the HTTP doors to what the provider answers.

One folder per screen group, each with the same file names: ``views`` (the addresses), modules that
prepare what is shown, ``templates``. Every string a person reads is English here and Vietnamese by
``translations``; nothing is fetched from other hosts, and nothing needs a script.
"""
