"""intake: formats, batches, cuts, proof and keys of programmes.

No table is copied: SQLite would drop the old one under the feet of those that refer to it.
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')


def _add_reference(table: str, name: str, kind: 'sa.types.TypeEngine[str]', target: str) -> None:
    """A nullable column with a foreign key, which SQLite only takes in the column's own words."""
    other, key = target.split('.')
    constraint = op.f(f'fk_{table}_{name}')
    if op.get_bind().dialect.name == 'sqlite':
        compiled = kind.compile(dialect=op.get_bind().dialect)
        op.execute(
            f'ALTER TABLE {table} ADD COLUMN {name} {compiled} '
            f'CONSTRAINT {constraint} REFERENCES {other} ({key})'
        )
        return
    op.add_column(table, sa.Column(name, kind, nullable=True))
    op.create_foreign_key(constraint, table, other, [name], [key])


def upgrade() -> None:
    op.create_table('api_tokens',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('token_sha256', sa.String(length=64), nullable=False),
    sa.Column('acts_as', sa.String(length=64), nullable=False),
    sa.Column('scopes', JSON, nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.String(length=64), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['acts_as'], ['caseworkers.login'], name=op.f('fk_api_tokens_acts_as')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_tokens')),
    sa.UniqueConstraint('name', name=op.f('uq_api_tokens_name')),
    sa.UniqueConstraint('token_sha256', name=op.f('uq_api_tokens_token_sha256'))
    )
    op.create_table('batch_decisions',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('batch_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.String(length=64), nullable=False),
    sa.Column('details', JSON, nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['batches.id'], name=op.f('fk_batch_decisions_batch_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_batch_decisions'))
    )
    op.create_index(op.f('ix_batch_decisions_batch_id'), 'batch_decisions', ['batch_id'], unique=False)

    op.create_table('cut_proposals',
    sa.Column('source_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('before', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('score', sa.Double(), nullable=False),
    sa.Column('reasons', JSON, nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('decided_by', sa.String(length=64), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['source_id'], ['sources.id'], name=op.f('fk_cut_proposals_source_id')),
    sa.PrimaryKeyConstraint('source_id', 'before', name=op.f('pk_cut_proposals'))
    )
    op.create_table('transfer_notes',
    sa.Column('source_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.String(length=64), nullable=False),
    sa.Column('note', JSON, nullable=False),
    sa.ForeignKeyConstraint(['source_id'], ['sources.id'], name=op.f('fk_transfer_notes_source_id')),
    sa.PrimaryKeyConstraint('source_id', 'number', name=op.f('pk_transfer_notes'))
    )
    op.create_table('bad_scans',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('document_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('page_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('reported_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reported_by', sa.String(length=64), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by', sa.String(length=64), nullable=True),
    sa.Column('outcome', sa.Text(), nullable=True),
    sa.Column('rescan_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_bad_scans_document_id')),
    sa.ForeignKeyConstraint(['page_id'], ['pages.id'], name=op.f('fk_bad_scans_page_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bad_scans'))
    )
    op.create_index(op.f('ix_bad_scans_document_id'), 'bad_scans', ['document_id'], unique=False)

    op.create_table('quality_checks',
    sa.Column('page_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('batch_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('reason', sa.String(length=12), nullable=False),
    sa.Column('drawn_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('result', sa.String(length=8), nullable=True),
    sa.Column('remark', sa.Text(), nullable=True),
    sa.Column('checked_by', sa.String(length=64), nullable=True),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['batch_id'], ['batches.id'], name=op.f('fk_quality_checks_batch_id')),
    sa.ForeignKeyConstraint(['page_id'], ['pages.id'], name=op.f('fk_quality_checks_page_id')),
    sa.PrimaryKeyConstraint('page_id', name=op.f('pk_quality_checks'))
    )
    op.create_index('ix_quality_checks_batch_id', 'quality_checks', ['batch_id', 'result'], unique=False)

    op.add_column('batches', sa.Column('profile', sa.String(length=64), nullable=True))
    _add_reference('batches', 'site_id', sa.String(length=64), 'sites.id')
    op.add_column('batches', sa.Column('operator', sa.String(length=200), nullable=True))
    op.add_column('batches', sa.Column('device', sa.String(length=200), nullable=True))
    op.add_column('batches', sa.Column('sheets_reported', sa.Integer(), nullable=True))
    op.add_column('batches', sa.Column('state', sa.String(length=20), server_default='open', nullable=False))
    op.add_column('batches', sa.Column('version', sa.Integer(), server_default='1', nullable=False))

    op.add_column('document_versions', sa.Column('action', sa.String(length=20), server_default='cut', nullable=False))
    op.add_column('document_versions', sa.Column('change_id', sa.Uuid(as_uuid=False), nullable=True))
    op.add_column('document_versions', sa.Column('undoes', sa.Uuid(as_uuid=False), nullable=True))
    op.add_column('document_pages', sa.Column('reason', sa.String(length=12), nullable=True))
    op.add_column('findings', sa.Column('pages_version', sa.Integer(), server_default='1', nullable=False))
    op.create_index(op.f('ix_document_versions_change_id'), 'document_versions', ['change_id'], unique=False)

    _add_reference('documents', 'merged_into', sa.Uuid(as_uuid=False), 'documents.id')
    op.add_column('documents', sa.Column('paper', sa.String(length=12), nullable=True))
    op.add_column('documents', sa.Column('paper_place', sa.String(length=200), nullable=True))
    op.add_column('documents', sa.Column('paper_by', sa.String(length=64), nullable=True))

    op.add_column('pages', sa.Column('kind', sa.String(length=12), server_default='page', nullable=False))
    op.add_column('pages', sa.Column('skew', sa.Double(), server_default='0', nullable=False))
    op.add_column('pages', sa.Column('ink', sa.Double(), nullable=True))
    op.add_column('pages', sa.Column('codes', JSON, server_default='[]', nullable=False))
    op.add_column('pages', sa.Column('remarks', JSON, server_default='[]', nullable=False))
    op.add_column('pages', sa.Column('read_turn', sa.Integer(), server_default='0', nullable=False))
    op.add_column('pages', sa.Column('asked_turn', sa.Integer(), nullable=True))
    waits = sa.text('asked_turn IS NOT NULL')
    op.create_index('ix_pages_asked_turn', 'pages', ['asked_turn'], unique=False, sqlite_where=waits, postgresql_where=waits)

    _add_reference('sources', 'parent_id', sa.Uuid(as_uuid=False), 'sources.id')
    op.add_column('sources', sa.Column('form', sa.String(length=20), server_default='paper', nullable=False))
    op.add_column('sources', sa.Column('reading_sha256', sa.String(length=64), nullable=True))
    op.add_column('sources', sa.Column('parts', JSON, server_default='[]', nullable=False))
    op.add_column('sources', sa.Column('given', JSON, server_default='{}', nullable=False))
    op.add_column('sources', sa.Column('remarks', JSON, server_default='[]', nullable=False))
    op.create_index(op.f('ix_sources_parent_id'), 'sources', ['parent_id'], unique=False)


def downgrade() -> None:
    raise NotImplementedError('Restore the backup that was made before the upgrade.')
