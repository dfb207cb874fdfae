"""Where bytes are kept: content-addressed, write-once, one file per kind of store."""
