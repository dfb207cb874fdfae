"""The electronic file of a municipal job centre: what the product does once paper has become bytes.

Imports run one way (``docs/architecture.md``); import-linter holds it.
"""

__version__ = "0.1.0"
