"""What is told of sources: looking for what changed, and sending it to those who asked for it.

It runs beside the worker, in a thread of its own: no mail waits for a long harvest, and no harvest
for a mail server.
"""
