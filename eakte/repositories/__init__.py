"""Every SELECT of the product, each with its Reader.

Repositories are thin classes over one session; they never commit. A query that a reader may not
see answers as if the thing did not exist.
"""
