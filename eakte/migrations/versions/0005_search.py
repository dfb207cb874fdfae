"""search: what people keep of their searches, and what the index was made with.

Each part of the schema has a function of its own.
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')


def upgrade() -> None:
    """Each part of the schema in a function of its own."""
    _saved_searches()
    _index_facts()


def downgrade() -> None:
    """The same parts, last one first."""
    _no_index_facts()
    _no_saved_searches()


def _saved_searches() -> None:
    """Searches that somebody keeps to ask them again."""
    op.create_table('saved_searches',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('login', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('filters', JSON, nullable=False),
    sa.Column('starred', sa.Boolean(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('looked_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['login'], ['caseworkers.login'], name=op.f('fk_saved_searches_login')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_searches'))
    )
    op.create_index('ix_saved_searches_login_name', 'saved_searches', ['login', 'name'], unique=True)


def _no_saved_searches() -> None:
    op.drop_index('ix_saved_searches_login_name', table_name='saved_searches')
    op.drop_table('saved_searches')


def _index_facts() -> None:
    """What the index was made with."""
    op.create_table('index_facts',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_index_facts'))
    )


def _no_index_facts() -> None:
    op.drop_table('index_facts')
