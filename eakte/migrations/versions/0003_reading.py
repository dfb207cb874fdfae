"""reading: what letters say, rules that are tried, absences that are entered here.

No table is copied: SQLite would drop the old one under the feet of those that refer to it.
"""

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Each part of the schema in a function of its own."""


def downgrade() -> None:
    """The same parts, last one first."""
