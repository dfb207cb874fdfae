"""Reading copies: a PDF made of what has no pages of its own (mails, office files, texts).

Runs in OCR processes only, never in the web process; opens files, never the database.
"""
