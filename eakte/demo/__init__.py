"""A fictional authority, its post, and what a scanner makes of it.

For the demo, for tests that need labelled letters and for measurements.  Nothing here knows the
database, the pipeline or an engine: the register goes in through ``eakte register import`` and the
letters through the watched inbox, like anybody's.
"""
