"""Text to findings: what a document is and whose, each suggestion with its evidence."""
