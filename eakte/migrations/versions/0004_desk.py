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
    _counter()
    _figures()
    _file_moves()
    _postbox()
    _file_windows()
    _annotations()
    _accounts()
    _speed()
    _settings()


def downgrade() -> None:
    """Every part again, in an order of its own: settings and speed first, the postbox last."""
    _no_settings()
    _no_speed()
    _no_file_moves()
    _no_figures()
    _no_counter()
    _no_misfilings()
    _no_accounts()
    _no_annotations()
    _no_file_windows()
    _no_postbox()


def _file_windows() -> None:
    """Windows beside the Fachverfahren, calls that wait for one, visits to case files."""
    op.create_table('file_windows',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('login', sa.String(length=64), nullable=False),
    sa.Column('session_sha256', sa.String(length=64), nullable=False),
    sa.Column('follows', sa.Boolean(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('call_seq', sa.Integer(), nullable=False),
    sa.Column('called_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('case_file_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('document_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('typed', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['login'], ['caseworkers.login'], name=op.f('fk_file_windows_login')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_file_windows'))
    )
    op.create_index('ix_file_windows_login', 'file_windows', ['login'], unique=False)
    op.create_index('ix_file_windows_called_at', 'file_windows', ['called_at'], unique=False)
    op.create_table('waiting_calls',
    sa.Column('login', sa.String(length=64), nullable=False),
    sa.Column('called_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('case_file_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('typed', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['login'], ['caseworkers.login'], name=op.f('fk_waiting_calls_login')),
    sa.PrimaryKeyConstraint('login', name=op.f('pk_waiting_calls'))
    )
    op.create_table('case_file_visits',
    sa.Column('login', sa.String(length=64), nullable=False),
    sa.Column('case_file_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('before', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['case_file_id'], ['case_files.id'], name=op.f('fk_case_file_visits_case_file_id')),
    sa.ForeignKeyConstraint(['login'], ['caseworkers.login'], name=op.f('fk_case_file_visits_login')),
    sa.PrimaryKeyConstraint('login', 'case_file_id', name=op.f('pk_case_file_visits'))
    )


def _no_file_windows() -> None:
    op.drop_table('case_file_visits')
    op.drop_table('waiting_calls')
    op.drop_table('file_windows')


def _annotations() -> None:
    """Notes, highlights and stamps on pages."""
    op.create_table('annotations',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('page_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('x0', sa.Double(), nullable=False),
    sa.Column('y0', sa.Double(), nullable=False),
    sa.Column('x1', sa.Double(), nullable=False),
    sa.Column('y1', sa.Double(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('author', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('case_file_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('removed_by', sa.String(length=64), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['case_file_id'], ['case_files.id'], name=op.f('fk_annotations_case_file_id')),
    sa.ForeignKeyConstraint(['page_id'], ['pages.id'], name=op.f('fk_annotations_page_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_annotations'))
    )
    op.create_index(op.f('ix_annotations_case_file_id'), 'annotations', ['case_file_id'], unique=False)
    op.create_index(op.f('ix_annotations_page_id'), 'annotations', ['page_id'], unique=False)


def _no_annotations() -> None:
    op.drop_index(op.f('ix_annotations_page_id'), table_name='annotations')
    op.drop_index(op.f('ix_annotations_case_file_id'), table_name='annotations')
    op.drop_table('annotations')


def _postbox() -> None:
    """Actions that can be taken back, kept filters, Wiedervorlagen of teams.

    Wiedervorlagen are copied on SQLite: no other table refers to them.
    """
    op.create_table('desk_deeds',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('round_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('login', sa.String(length=64), nullable=False),
    sa.Column('on_behalf_of', sa.String(length=64), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('document_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('entry_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('entry_version', sa.Integer(), nullable=False),
    sa.Column('document_version', sa.Integer(), nullable=False),
    sa.Column('before', JSON, nullable=False),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_desk_deeds_document_id')),
    sa.ForeignKeyConstraint(['login'], ['caseworkers.login'], name=op.f('fk_desk_deeds_login')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_desk_deeds'))
    )
    op.create_index('ix_desk_deeds_login_at', 'desk_deeds', ['login', 'at'], unique=False)
    op.create_index(op.f('ix_desk_deeds_round_id'), 'desk_deeds', ['round_id'], unique=False)
    op.create_index(op.f('ix_desk_deeds_document_id'), 'desk_deeds', ['document_id'], unique=False)
    op.create_table('kept_filters',
    sa.Column('login', sa.String(length=64), nullable=False),
    sa.Column('postbox', sa.String(length=64), nullable=False),
    sa.Column('kept_on', sa.Date(), nullable=False),
    sa.Column('filter', JSON, nullable=False),
    sa.ForeignKeyConstraint(['login'], ['caseworkers.login'], name=op.f('fk_kept_filters_login')),
    sa.PrimaryKeyConstraint('login', 'postbox', name=op.f('pk_kept_filters'))
    )
    with op.batch_alter_table('wiedervorlagen') as batch:
        batch.alter_column('login', existing_type=sa.String(length=64), nullable=True)
        batch.add_column(sa.Column('team_id', sa.String(length=64), nullable=True))
        batch.add_column(sa.Column('done_by', sa.String(length=64), nullable=True))
        batch.add_column(sa.Column('done_for', sa.String(length=64), nullable=True))
        batch.create_foreign_key(op.f('fk_wiedervorlagen_team_id'), 'teams', ['team_id'], ['id'])
    op.create_index('ix_wiedervorlagen_team_id_due', 'wiedervorlagen', ['team_id', 'due'], unique=False)


def _no_postbox() -> None:
    op.drop_index('ix_wiedervorlagen_team_id_due', table_name='wiedervorlagen')
    op.execute("DELETE FROM wiedervorlagen WHERE login IS NULL")
    with op.batch_alter_table('wiedervorlagen') as batch:
        batch.drop_constraint(op.f('fk_wiedervorlagen_team_id'), type_='foreignkey')
        batch.drop_column('done_for')
        batch.drop_column('done_by')
        batch.drop_column('team_id')
        batch.alter_column('login', existing_type=sa.String(length=64), nullable=False)
    op.drop_table('kept_filters')
    op.drop_table('desk_deeds')


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


def _counter() -> None:
    """Receipts for papers handed in at the counter."""
    op.create_table('counter_receipts',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('number', sa.String(length=12), nullable=False),
    sa.Column('case_file_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('what', sa.String(length=400), nullable=False),
    sa.Column('sheets', sa.Integer(), nullable=True),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.String(length=64), nullable=False),
    sa.Column('document_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by', sa.String(length=64), nullable=True),
    sa.Column('closed_why', sa.String(length=400), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['case_file_id'], ['case_files.id'], name=op.f('fk_counter_receipts_case_file_id')),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_counter_receipts_document_id')),
    sa.ForeignKeyConstraint(['made_by'], ['caseworkers.login'], name=op.f('fk_counter_receipts_made_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_counter_receipts')),
    sa.UniqueConstraint('number', name=op.f('uq_counter_receipts_number'))
    )
    op.create_index(op.f('ix_counter_receipts_case_file_id'), 'counter_receipts', ['case_file_id'], unique=False)
    op.create_index(op.f('ix_counter_receipts_document_id'), 'counter_receipts', ['document_id'], unique=False)
    op.create_index('ix_counter_receipts_open', 'counter_receipts', ['made_at'], unique=False, postgresql_where=sa.text('found_at IS NULL AND closed_at IS NULL'), sqlite_where=sa.text('found_at IS NULL AND closed_at IS NULL'))


def _no_counter() -> None:
    op.drop_index('ix_counter_receipts_open', table_name='counter_receipts')
    for column in ('document_id', 'case_file_id'):
        op.drop_index(f'ix_counter_receipts_{column}', table_name='counter_receipts')
    op.drop_table('counter_receipts')


def _figures() -> None:
    """What days brought, and the indexes by which a day is counted."""
    op.create_table('daily_figures',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('team_id', sa.String(length=64), nullable=False),
    sa.Column('postbox', sa.String(length=64), nullable=False),
    sa.Column('site_id', sa.String(length=64), nullable=False),
    sa.Column('arrived', sa.Integer(), nullable=False),
    sa.Column('finished', sa.Integer(), nullable=False),
    sa.Column('machine', sa.Integer(), nullable=False),
    sa.Column('cleared', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('day', 'team_id', 'postbox', name=op.f('pk_daily_figures'))
    )
    op.create_index('ix_postbox_entries_arrived_at', 'postbox_entries', ['arrived_at'], unique=False)
    op.create_index('ix_postbox_entries_done_at', 'postbox_entries', ['done_at'], unique=False, postgresql_where=sa.text('done_at IS NOT NULL'), sqlite_where=sa.text('done_at IS NOT NULL'))


def _no_figures() -> None:
    for column in ('done_at', 'arrived_at'):
        op.drop_index(f'ix_postbox_entries_{column}', table_name='postbox_entries')
    op.drop_table('daily_figures')


def _file_moves() -> None:
    """Single files that go to another caseworker or site on a day."""
    op.create_table('file_moves',
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('case_file_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('to_site', sa.String(length=64), nullable=True),
    sa.Column('function', sa.String(length=40), nullable=True),
    sa.Column('to_login', sa.String(length=64), nullable=True),
    sa.Column('keep', JSON, nullable=False),
    sa.Column('keep_team', sa.String(length=64), nullable=True),
    sa.Column('effective', sa.Date(), nullable=False),
    sa.Column('made_by', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('entries', sa.Integer(), nullable=True),
    sa.Column('reminders', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['case_file_id'], ['case_files.id'], name=op.f('fk_file_moves_case_file_id')),
    sa.ForeignKeyConstraint(['to_site'], ['sites.id'], name=op.f('fk_file_moves_to_site')),
    sa.ForeignKeyConstraint(['to_login'], ['caseworkers.login'], name=op.f('fk_file_moves_to_login')),
    sa.ForeignKeyConstraint(['keep_team'], ['teams.id'], name=op.f('fk_file_moves_keep_team')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_file_moves'))
    )
    op.create_index(op.f('ix_file_moves_case_file_id'), 'file_moves', ['case_file_id'], unique=False)
    op.create_index('ix_file_moves_done_at', 'file_moves', ['done_at', 'effective'], unique=False)
    op.create_table('kept_vorgaenge',
    sa.Column('vorgang_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('team_id', sa.String(length=64), nullable=False),
    sa.Column('kept_by', sa.String(length=64), nullable=False),
    sa.Column('kept_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['team_id'], ['teams.id'], name=op.f('fk_kept_vorgaenge_team_id')),
    sa.PrimaryKeyConstraint('vorgang_id', name=op.f('pk_kept_vorgaenge'))
    )


def _no_file_moves() -> None:
    op.drop_table('kept_vorgaenge')
    for index in ('done_at', 'case_file_id'):
        op.drop_index(f'ix_file_moves_{index}', table_name='file_moves')
    op.drop_table('file_moves')


def _accounts() -> None:
    """Accounts kept on a screen: locked by hand, a password to be changed, the last sign-in."""
    op.add_column('accounts', sa.Column('must_change', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('accounts', sa.Column('signed_in_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('accounts', sa.Column('blocked_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('accounts', sa.Column('blocked_by', sa.String(length=64), nullable=True))
    op.add_column('accounts', sa.Column('password_by', sa.String(length=64), nullable=True))
    op.add_column('accounts', sa.Column('awaits_second', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('user_sessions', sa.Column('must_change', sa.Boolean(), nullable=False, server_default=sa.false()))


def _no_accounts() -> None:
    with op.batch_alter_table('user_sessions') as batch:
        batch.drop_column('must_change')
    with op.batch_alter_table('accounts') as batch:
        for column in ('awaits_second', 'password_by', 'blocked_by', 'blocked_at', 'signed_in_at', 'must_change'):
            batch.drop_column(column)


def _speed() -> None:
    """What every open page asks every second must not grow with the archive."""
    op.create_index('ix_sources_changed_at', 'sources', ['changed_at'], unique=False)
    op.create_index('ix_responsibilities_case_file_id_login', 'responsibilities', ['case_file_id', 'login', 'function'], unique=False)
    op.create_index('ix_case_files_provisional', 'case_files', ['opened_at'], unique=False,
                    sqlite_where=sa.text('provisional = 1'), postgresql_where=sa.text('provisional'))


def _no_speed() -> None:
    op.drop_index('ix_case_files_provisional', table_name='case_files')
    op.drop_index('ix_responsibilities_case_file_id_login', table_name='responsibilities')
    op.drop_index('ix_sources_changed_at', table_name='sources')


def _settings() -> None:
    """Settings that the administration changed while the product ran."""
    op.create_table('setting_changes',
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('login', sa.String(length=64), nullable=False),
    sa.Column('before', sa.String(length=40), nullable=False),
    sa.Column('after', sa.String(length=40), nullable=False),
    sa.Column('from_file', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.String(length=400), nullable=False),
    sa.Column('decided_by', sa.String(length=200), nullable=False),
    sa.PrimaryKeyConstraint('key', 'number', name=op.f('pk_setting_changes'))
    )


def _no_settings() -> None:
    op.drop_table('setting_changes')
