"""desk: what people do beside the postbox.

Each part of the schema has a function of its own.
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')


def upgrade() -> None:
    """Each part of the schema in a function of its own."""
    _misfilings()


def downgrade() -> None:
    """The same parts, last one first."""
    _no_misfilings()


def _misfilings() -> None:
    """Documents that stood in a wrong file, and who could see them there."""
    op.create_table('misfilings',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('document_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('case_file_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('right_file_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('sub_file', sa.String(length=40), nullable=False),
    sa.Column('schlagwort', sa.String(length=60), nullable=True),
    sa.Column('pages', sa.Integer(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reported_by', sa.String(length=64), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('seen', JSON, nullable=False),
    sa.Column('lay_with', JSON, nullable=False),
    sa.Column('undone', JSON, nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_misfilings_document_id')),
    sa.ForeignKeyConstraint(['case_file_id'], ['case_files.id'], name=op.f('fk_misfilings_case_file_id')),
    sa.ForeignKeyConstraint(['right_file_id'], ['case_files.id'], name=op.f('fk_misfilings_right_file_id')),
    sa.ForeignKeyConstraint(['reported_by'], ['caseworkers.login'], name=op.f('fk_misfilings_reported_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_misfilings'))
    )
    op.create_index(op.f('ix_misfilings_document_id'), 'misfilings', ['document_id'], unique=False)
    op.create_index('ix_misfilings_found_at', 'misfilings', ['found_at'], unique=False)
    op.create_index('ix_misfilings_case_file_id', 'misfilings', ['case_file_id', 'found_at'], unique=False)


def _no_misfilings() -> None:
    for index in ('case_file_id', 'found_at', 'document_id'):
        op.drop_index(f'ix_misfilings_{index}', table_name='misfilings')
    op.drop_table('misfilings')
