"""German text analysis, once, for search, classifiers and matching."""
