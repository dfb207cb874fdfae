"""Search engines, one a file, behind :class:`eakte.ports.SearchIndex`."""
