"""reading: what letters say, rules that are tried, absences that are entered here.

No table is copied: SQLite would drop the old one under the feet of those that refer to it.
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')


def upgrade() -> None:
    """Each part of the schema in a function of its own."""
    _add_the_clearing_desk()
    _absences()


def downgrade() -> None:
    """The same parts, last one first."""
    _drop_the_clearing_desk()
    _no_absences()


def _absences() -> None:
    """Absences and responsibilities that are entered here, beside what the register says."""
    op.add_column('absences', sa.Column('origin', sa.String(length=10), nullable=False, server_default='register'))
    op.add_column('absences', sa.Column('entered_by', sa.String(length=80), nullable=False, server_default=''))
    op.add_column('absences', sa.Column('begun_on', sa.Date(), nullable=True))
    op.add_column('absences', sa.Column('version', sa.Integer(), nullable=False, server_default='1'))
    op.drop_index('ix_absences_login_starts', table_name='absences')
    op.create_index('ix_absences_login_starts', 'absences', ['login', 'starts', 'origin'], unique=True)
    op.create_table('local_changes',
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('said', JSON, nullable=False),
    sa.Column('changed_by', sa.String(length=80), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('kind', 'key', name=op.f('pk_local_changes'))
    )
    op.create_table('handovers',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('from_login', sa.String(length=64), nullable=False),
    sa.Column('to_login', sa.String(length=64), nullable=False),
    sa.Column('function', sa.String(length=40), nullable=True),
    sa.Column('with_protected', sa.Boolean(), nullable=False),
    sa.Column('with_post', sa.Boolean(), nullable=False),
    sa.Column('effective', sa.Date(), nullable=False),
    sa.Column('made_by', sa.String(length=80), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('files', sa.Integer(), nullable=True),
    sa.Column('entries', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['from_login'], ['caseworkers.login'], name=op.f('fk_handovers_from_login')),
    sa.ForeignKeyConstraint(['to_login'], ['caseworkers.login'], name=op.f('fk_handovers_to_login')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handovers'))
    )
    op.create_index('ix_handovers_done_at', 'handovers', ['done_at', 'effective'], unique=False)


def _no_absences() -> None:
    op.drop_table('handovers')
    op.drop_table('local_changes')
    op.execute("DELETE FROM absences WHERE origin <> 'register'")
    op.drop_index('ix_absences_login_starts', table_name='absences')
    op.create_index('ix_absences_login_starts', 'absences', ['login', 'starts'], unique=True)
    for column in ('version', 'begun_on', 'entered_by', 'origin'):
        op.drop_column('absences', column)


def _add_the_clearing_desk() -> None:
    """Who looks at what, the words of the register, corrections kept as examples."""
    op.create_table('desk_looks',
    sa.Column('login', sa.String(length=64), nullable=False),
    sa.Column('document_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_desk_looks_document_id')),
    sa.ForeignKeyConstraint(['login'], ['caseworkers.login'], name=op.f('fk_desk_looks_login')),
    sa.PrimaryKeyConstraint('login', name=op.f('pk_desk_looks'))
    )
    op.create_index(op.f('ix_desk_looks_document_id'), 'desk_looks', ['document_id'], unique=False)
    term = sa.String(length=64).with_variant(sa.String(length=64, collation='C'), 'postgresql')
    op.create_table('register_terms',
    sa.Column('term', term, nullable=False),
    sa.Column('case_file_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.ForeignKeyConstraint(['case_file_id'], ['case_files.id'], name=op.f('fk_register_terms_case_file_id')),
    sa.PrimaryKeyConstraint('term', 'case_file_id', name=op.f('pk_register_terms'))
    )
    op.create_index(op.f('ix_register_terms_case_file_id'), 'register_terms', ['case_file_id'], unique=False)
    op.create_table('examples',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('document_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('suggested', sa.String(length=100), nullable=False),
    sa.Column('score', sa.Float(), nullable=False),
    sa.Column('label', sa.String(length=100), nullable=False),
    sa.Column('findings', JSON, nullable=False),
    sa.Column('rule_version', sa.Integer(), nullable=True),
    sa.Column('pages', sa.LargeBinary(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('delete_after', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_examples_document_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_examples')),
    sa.UniqueConstraint('document_id', 'kind', name=op.f('uq_examples_document_id_kind'))
    )
    op.create_index('ix_examples_delete_after', 'examples', ['delete_after'], unique=False)


def _drop_the_clearing_desk() -> None:
    op.drop_table('examples')
    op.drop_table('register_terms')
    op.drop_table('desk_looks')
