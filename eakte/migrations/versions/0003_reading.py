"""reading: what letters say, rules that are tried, absences that are entered here.

No table is copied: SQLite would drop the old one under the feet of those that refer to it.
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from eakte.language.addresses import address_key
revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), 'postgresql')


def upgrade() -> None:
    """Each part of the schema in a function of its own."""
    _absences()
    _add_the_clearing_desk()
    _rules()
    _facts()
    _identification()
    _joined_files()


def downgrade() -> None:
    """The same parts, last one first."""
    _no_joined_files()
    _no_identification()
    _no_facts()
    _drop_the_clearing_desk()
    _no_rules()
    _no_absences()


def _rules() -> None:
    """Rules in versions, proposals and trials of them; findings name the version."""
    op.create_table('rule_versions',
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('files', JSON, nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.String(length=64), nullable=False),
    sa.Column('origin', sa.String(length=12), nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_rule_versions'))
    )
    op.create_table('rule_activations',
    sa.Column('seq', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.String(length=64), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('trial_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('retired', JSON, nullable=False),
    sa.ForeignKeyConstraint(['version'], ['rule_versions.number'], name=op.f('fk_rule_activations_version')),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_rule_activations'))
    )
    op.create_table('rule_proposals',
    sa.Column('origin', sa.String(length=12), nullable=False),
    sa.Column('base', JSON, nullable=False),
    sa.Column('files', JSON, nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.String(length=64), nullable=False),
    sa.Column('dismissed', sa.String(length=64), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('origin', name=op.f('pk_rule_proposals'))
    )
    op.create_table('rule_trials',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('origin', sa.String(length=12), nullable=False),
    sa.Column('files', JSON, nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('against', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_by', sa.String(length=64), nullable=False),
    sa.Column('last_documents', sa.Integer(), nullable=False),
    sa.Column('since', sa.Date(), nullable=True),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('total', sa.Integer(), nullable=True),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('changed', sa.Integer(), nullable=False),
    sa.Column('cursor_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cursor_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('claimed_by', sa.String(length=80), nullable=True),
    sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('problem', sa.Text(), nullable=True),
    sa.Column('tally', JSON, nullable=False),
    sa.ForeignKeyConstraint(['against'], ['rule_versions.number'], name=op.f('fk_rule_trials_against')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rule_trials'))
    )
    op.create_index('ix_rule_trials_state', 'rule_trials', ['state'], unique=False)
    op.create_table('rule_trial_changes',
    sa.Column('trial_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('document_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('old', sa.String(length=60), nullable=False),
    sa.Column('new', sa.String(length=60), nullable=False),
    sa.Column('old_score', sa.Double(), nullable=False),
    sa.Column('new_score', sa.Double(), nullable=False),
    sa.Column('old_why', JSON, nullable=False),
    sa.Column('new_why', JSON, nullable=False),
    sa.Column('person', sa.String(length=8), nullable=True),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_rule_trial_changes_document_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['trial_id'], ['rule_trials.id'], name=op.f('fk_rule_trial_changes_trial_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('trial_id', 'document_id', name=op.f('pk_rule_trial_changes'))
    )
    op.create_index(op.f('ix_rule_trial_changes_document_id'), 'rule_trial_changes', ['document_id'], unique=False)
    op.add_column('findings', sa.Column('rules_version', sa.Integer(), nullable=True))


def _no_rules() -> None:
    op.drop_column('findings', 'rules_version')
    op.drop_table('rule_trial_changes')
    op.drop_table('rule_trials')
    op.drop_table('rule_proposals')
    op.drop_table('rule_activations')
    op.drop_table('rule_versions')


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
    sa.Column('score', sa.Double(), nullable=False),
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


def _facts() -> None:
    """Corrections of facts, and Vorgänge with their numbers and documents."""
    op.create_table('fact_corrections',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('document_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('value', sa.String(length=300), nullable=False),
    sa.Column('replaces', sa.String(length=300), nullable=False),
    sa.Column('given_by', sa.String(length=64), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_fact_corrections_document_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fact_corrections'))
    )
    op.create_index(op.f('ix_fact_corrections_document_id'), 'fact_corrections', ['document_id'], unique=False)
    op.create_table('vorgaenge',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('case_file_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_by', sa.String(length=64), nullable=False),
    sa.Column('opened_with', sa.Uuid(as_uuid=False), nullable=False),
    sa.ForeignKeyConstraint(['case_file_id'], ['case_files.id'], name=op.f('fk_vorgaenge_case_file_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_vorgaenge'))
    )
    op.create_index(op.f('ix_vorgaenge_case_file_id'), 'vorgaenge', ['case_file_id'], unique=False)
    op.create_table('vorgang_numbers',
    sa.Column('vorgang_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('number_key', sa.String(length=64), nullable=False),
    sa.Column('written', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['vorgang_id'], ['vorgaenge.id'], name=op.f('fk_vorgang_numbers_vorgang_id')),
    sa.PrimaryKeyConstraint('vorgang_id', 'number_key', name=op.f('pk_vorgang_numbers'))
    )
    op.create_index('ix_vorgang_numbers_number_key', 'vorgang_numbers', ['number_key'], unique=False)
    op.create_table('vorgang_documents',
    sa.Column('document_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('vorgang_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('attached_by', sa.String(length=64), nullable=False),
    sa.Column('attached_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('payload', JSON, nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_vorgang_documents_document_id')),
    sa.ForeignKeyConstraint(['vorgang_id'], ['vorgaenge.id'], name=op.f('fk_vorgang_documents_vorgang_id')),
    sa.PrimaryKeyConstraint('document_id', name=op.f('pk_vorgang_documents'))
    )
    op.create_index(op.f('ix_vorgang_documents_vorgang_id'), 'vorgang_documents', ['vorgang_id'], unique=False)


def _no_facts() -> None:
    for table in ('vorgang_documents', 'vorgang_numbers', 'vorgaenge', 'fact_corrections'):
        op.drop_table(table)


def _identification() -> None:
    """Addresses in one spelling, and what filed documents tell of later ones."""
    op.add_column('case_files', sa.Column('address_key', sa.String(length=120), server_default='', nullable=False))
    covers = sa.table('case_files', *(sa.column(name) for name in ('id', 'street', 'postcode', 'address_key')))
    connection = op.get_bind()
    rows = connection.execute(sa.select(covers.c.id, covers.c.street, covers.c.postcode)).all()
    keys = [{'row': row, 'key': address_key(street, postcode)} for row, street, postcode in rows]
    if keys:
        connection.execute(
            sa.update(covers).where(covers.c.id == sa.bindparam('row')).values(address_key=sa.bindparam('key')),
            keys,
        )
    op.create_index(op.f('ix_case_files_address_key'), 'case_files', ['address_key'], unique=False)
    op.create_table('known_references',
    sa.Column('key_hash', sa.String(length=64), nullable=False),
    sa.Column('document_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('person_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_known_references_document_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_known_references_person_id')),
    sa.PrimaryKeyConstraint('key_hash', 'document_id', name=op.f('pk_known_references'))
    )
    op.create_index(op.f('ix_known_references_document_id'), 'known_references', ['document_id'], unique=False)


def _no_identification() -> None:
    op.drop_table('known_references')
    op.drop_index(op.f('ix_case_files_address_key'), table_name='case_files')
    op.drop_column('case_files', 'address_key')


def _joined_files() -> None:
    """Which real file a provisional one was joined with.

    No foreign key: SQLite could add it only by copying the table.
    """
    op.add_column('case_files', sa.Column('joined_into', sa.Uuid(as_uuid=False), nullable=True))
    op.create_index(op.f('ix_case_files_joined_into'), 'case_files', ['joined_into'], unique=False)


def _no_joined_files() -> None:
    op.drop_index(op.f('ix_case_files_joined_into'), table_name='case_files')
    op.drop_column('case_files', 'joined_into')
