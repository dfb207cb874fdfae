"""Page images and words: what is on the sheets of a source, and its archive copy.

Everything that opens a file from outside runs in the processes of :mod:`eakte.recognition.pool`;
the caller sees frozen values and bytes only.  Nothing here knows a database.
"""
