"""``eakte check`` notices whatever was changed behind the product's back."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import delete, make_url, select, text, update

from eakte.bootstrap import Product, open_product
from eakte.models import (
    AuditHead,
    AuditRow,
    Document,
    DocumentPage,
    Page,
    PageWords,
    PostboxEntry,
    Source,
)
from eakte.repositories.checks import Problem
from tests.conftest import need_postgres
from tests.letters import letters
from tests.plain_intake import take_in
from tests.prepared import Prepared, postgres_database, settings_for


@dataclass(frozen=True)
class Filled:
    """A product with three letters delivered, and their documents."""

    product: Product
    sources: list[Source]
    documents: list[Document]

    def problems(self) -> list[Problem]:
        return list(self.product.services.checking.run())

    def found(self) -> set[tuple[str, str]]:
        return {(one.check, one.subject) for one in self.problems()}

    def change(self, *statements: object) -> None:
        """Behind the product's back: by SQL, without an audit row."""
        with self.product.database.engine.begin() as connection:
            for statement in statements:
                connection.execute(statement)  # type: ignore[call-overload]

    def blob(self, sha256: str) -> Path:
        with self.product.store.local_path(sha256) as path:
            return path


Houses = Callable[[str], tuple[Path, str]]
"""By engine: a data folder and the URL of its database, to be copied."""


@pytest.fixture(scope="module")
def houses(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Houses]:
    """The small authority with three letters delivered, made once on each engine."""
    made: dict[str, tuple[Path, str]] = {}
    with ExitStack() as databases:

        def filled_house(engine: str) -> tuple[Path, str]:
            if engine not in made:
                folder = tmp_path_factory.mktemp("filled")
                if engine == "sqlite":
                    prepared.copy_sqlite(folder / "eakte.db")
                    url = f"sqlite:///{folder / 'eakte.db'}"
                else:
                    template = prepared.postgres_template()
                    url = databases.enter_context(postgres_database(template))
                home = shutil.copytree(prepared.home(engine), folder / "home")
                product = open_product(settings_for(home, url))
                take_in(product, letters(3))
                product.database.close()
                made[engine] = home, url
            return made[engine]

        yield filled_house


@pytest.fixture(params=["sqlite", "postgresql"])
def product(request: pytest.FixtureRequest, houses: Houses, tmp_path: Path) -> Iterator[Product]:
    """A copy for this test alone."""
    with ExitStack() as databases:
        if request.param == "sqlite":
            home, url = houses("sqlite")
            shutil.copyfile(url.removeprefix("sqlite:///"), tmp_path / "eakte.db")
            url = f"sqlite:///{tmp_path / 'eakte.db'}"
        else:
            need_postgres()
            home, url = houses("postgresql")
            url = databases.enter_context(postgres_database(make_url(url).database))
        shutil.copytree(home, tmp_path / "home")
        made = open_product(settings_for(tmp_path / "home", url))
        yield made
        made.database.close()


@pytest.fixture
def filled(product: Product) -> Filled:
    with product.database.read() as session:
        return Filled(
            product,
            list(session.scalars(select(Source).order_by(Source.name))),
            list(session.scalars(select(Document).order_by(Document.created_at))),
        )


def test_a_house_in_order_has_no_problems(filled: Filled):
    filled.product.services.checking.write_head()
    assert filled.problems() == []


def test_a_changed_byte_in_the_store_is_noticed(filled: Filled):
    source = filled.sources[1]
    path = filled.blob(source.sha256)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(content)
    assert filled.found() == {("store", f"source {source.id}")}


@pytest.mark.parametrize("kind", ["source", "archive copy", "page"])
def test_a_missing_blob_is_noticed(filled: Filled, kind: str):
    source = filled.sources[0]
    with filled.product.database.read() as session:
        page = session.scalars(select(Page).where(Page.source_id == source.id)).one()
    sha256, subject = {
        "source": (source.sha256, f"source {source.id}"),
        "archive copy": (source.archive_sha256, f"archive copy {source.id}"),
        "page": (page.preview_sha256, f"page {page.id}"),
    }[kind]
    assert sha256 is not None
    filled.blob(sha256).unlink()
    assert filled.found() == {("store", subject)}


def test_every_thing_that_shares_a_missing_blob_is_named(filled: Filled):
    first, second = filled.sources[:2]
    filled.change(update(Source).where(Source.id == second.id).values(sha256=first.sha256))
    filled.blob(first.sha256).unlink()
    assert {("store", f"source {first.id}"), ("store", f"source {second.id}")} <= filled.found()


def test_a_deleted_page_is_noticed(filled: Filled):
    source = filled.sources[0]
    with filled.product.database.read() as session:
        page = session.scalars(select(Page).where(Page.source_id == source.id)).one()
    filled.change(
        delete(DocumentPage).where(DocumentPage.page_id == page.id),
        delete(PageWords).where(PageWords.page_id == page.id),
        delete(Page).where(Page.id == page.id),
    )
    found = filled.found()
    assert ("custody", f"source {source.id}") in found


def test_a_document_without_its_page_is_noticed(filled: Filled):
    with filled.product.database.read() as session:
        listed = session.scalars(
            select(DocumentPage).where(DocumentPage.document_id == filled.documents[0].id)
        ).one()
    filled.change(delete(DocumentPage).where(DocumentPage.page_id == listed.page_id))
    assert ("custody", f"page {listed.page_id}") in filled.found()


def test_lost_words_of_a_page_are_noticed(filled: Filled):
    with filled.product.database.read() as session:
        page = session.scalars(select(Page)).first()
    assert page is not None
    filled.change(delete(PageWords).where(PageWords.page_id == page.id))
    assert filled.found() == {("custody", f"page {page.id}")}


def test_words_that_cannot_be_read_are_noticed(filled: Filled):
    with filled.product.database.read() as session:
        page = session.scalars(select(Page)).first()
    assert page is not None
    filled.change(update(PageWords).where(PageWords.page_id == page.id).values(words=b"damaged"))
    assert filled.found() == {("custody", f"page {page.id}")}


def test_a_document_that_lies_nowhere_is_noticed(filled: Filled):
    document = filled.documents[2]
    filled.change(delete(PostboxEntry).where(PostboxEntry.document_id == document.id))
    assert ("custody", f"document {document.id}") in filled.found()


def test_a_source_that_became_nothing_is_noticed(filled: Filled):
    source = filled.sources[0]
    filled.change(update(Source).where(Source.id == source.id).values(page_count=2))
    assert filled.found() == {("custody", f"source {source.id}")}


def test_an_edited_audit_row_is_noticed(filled: Filled):
    filled.change(update(AuditRow).where(AuditRow.seq == 3).values(actor="somebody"))
    assert filled.found() == {("audit", "row 3")}


def test_a_missing_audit_row_is_noticed(filled: Filled):
    filled.change(delete(AuditRow).where(AuditRow.seq == 4))
    assert ("audit", "row 4–4") in filled.found()


def test_a_cut_off_end_of_the_audit_trail_is_noticed(filled: Filled):
    with filled.product.database.read() as session:
        last, _ = filled.product.database.trail.head(session)
    filled.change(delete(AuditRow).where(AuditRow.seq > last - 2))
    assert filled.found() == {("audit", f"row {last}")}


def test_an_end_cut_off_together_with_its_head_is_noticed_by_the_head_outside(filled: Filled):
    checking = filled.product.services.checking
    with filled.product.database.read() as session:
        head = session.get(AuditHead, 1)
        assert head is not None
        earlier = (head.seq, head.mac, head.seal)
    take_in(filled.product, {"later.pdf": letters(4)["brief-003.pdf"]})
    checking.write_head()
    with filled.product.database.read() as session:
        last, _ = filled.product.database.trail.head(session)
    seq, mac, seal = earlier
    filled.change(
        delete(AuditRow).where(AuditRow.seq > seq),
        update(AuditHead).values(seq=seq, mac=mac, seal=seal),
    )
    assert filled.found() == {("audit", f"row {last}")}


def test_a_document_missing_in_the_index_is_noticed(filled: Filled):
    document = filled.documents[0]
    with filled.product.index.writer() as writer:
        writer.delete(document.id)
    assert filled.found() == {("index", f"document {document.id}")}


def test_a_document_that_only_the_index_knows_is_noticed(filled: Filled):
    document = filled.documents[0]
    filled.change(update(Document).where(Document.id == document.id).values(state="cut"))
    assert ("index", f"document {document.id}") in filled.found()


def test_a_document_that_the_index_is_about_to_learn_of_is_no_problem(filled: Filled):
    document = filled.documents[0]
    with filled.product.index.writer() as writer:
        writer.delete(document.id)
    with filled.product.database.write() as session:
        session.execute(
            text("INSERT INTO index_outbox (document_id, changed_at) VALUES (:id, :at)"),
            {"id": document.id.replace("-", ""), "at": filled.product.database.clock.now()},
        )
    assert filled.problems() == []


def test_a_right_that_the_index_does_not_know_of_is_noticed(filled: Filled):
    document = filled.documents[2]
    filled.change(delete(PostboxEntry).where(PostboxEntry.document_id == document.id))
    assert ("index", f"document {document.id}") in filled.found()


def test_a_schlagwort_that_the_index_does_not_know_of_is_noticed(filled: Filled):
    document = filled.documents[1]
    assert document.schlagwort != "miete"
    filled.change(update(Document).where(Document.id == document.id).values(schlagwort="miete"))
    assert filled.found() == {("index", f"document {document.id}")}


def test_bytes_that_no_row_knows_are_a_leftover_and_no_problem(filled: Filled):
    leftover = filled.product.store.put(b"stored, and then the power went")
    notes: list[str] = []
    assert list(filled.product.services.checking.run(notes.append)) == []
    assert any("1 " in note and "ohne Eintrag" in note for note in notes), notes
    assert leftover in set(filled.product.store.hashes())
