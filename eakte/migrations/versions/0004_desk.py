"""desk: what people do beside the postbox.

Each part of the schema has a function of its own.
"""

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Each part of the schema in a function of its own."""


def downgrade() -> None:
    """The same parts, last one first."""
