"""Frozen values of the field, standard library only.  Nothing here does I/O."""
