"""``eakte text``, ``search``, ``check``, ``reindex``: looking at what is there."""

from __future__ import annotations

from typing import Annotated

import typer

from eakte.cli.opening import product_of
from eakte.cli.options import ConfigOption, JsonOption
from eakte.cli.output import hint, say, say_json
from eakte.domain.rights import Reader

OPERATOR = Reader(login="operator", name="Betrieb", is_system=True)


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("text")(text)
    app.command("search")(search)
    app.command("check")(check)
    app.command("reindex")(reindex)


def text(
    document_id: Annotated[str, typer.Argument(help="Kennung des Dokuments.")],
    *,
    config: ConfigOption = None,
) -> None:
    """Gibt den erkannten Text aus, Seitenvorschub zwischen den Seiten."""
    pages = product_of(config).services.documents.texts(OPERATOR, document_id)
    say("\f".join(page.text for page in pages))


def search(
    query: Annotated[str, typer.Argument(help="Was jemand in das Suchfeld schriebe.")],
    *,
    user: Annotated[str, typer.Option("--user", help="Mit wessen Rechten.")],
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000)] = 20,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Zeigt, was diese Person fände, das Beste zuerst."""
    services = product_of(config).services
    result = services.searching.search_audited(services.accounts.reader(user), query, limit)
    for sentence in result.hints:
        hint(sentence)
    for hit in result.hits:
        snippet = "".join(part for part, _ in hit.snippet)
        if as_json:
            say_json(
                {
                    "document_id": hit.document_id,
                    "page": hit.page,
                    "score": round(hit.score, 4),
                    "snippet": snippet,
                    "schlagwort": hit.schlagwort,
                    "aktenzeichen": hit.aktenzeichen,
                    "received": hit.received.isoformat(),
                }
            )
        else:
            say(
                f"{hit.document_id}  S. {hit.page}  {hit.received:%d.%m.%Y}  "
                f"{hit.schlagwort_title}  {hit.aktenzeichen or 'ohne Akte'}"
            )
            say(f"    {snippet}")
    if not as_json and not result.hits:
        say("Nichts gefunden.")


def check(*, as_json: JsonOption = False, config: ConfigOption = None) -> None:
    """Prüft Verbleib, Prüfsummen, Protokollkette und Index; ändert nichts."""
    checking = product_of(config).services.checking
    problems = 0
    for problem in checking.run(lambda what: hint(f"{what} …")):
        problems += 1
        if as_json:
            say_json(
                {
                    "check": problem.check,
                    "subject": problem.subject,
                    "problem": problem.problem,
                    "remedy": problem.remedy,
                }
            )
        else:
            say(f"{problem.check}: {problem.subject}: {problem.problem} {problem.remedy}")
    if problems:
        raise typer.Exit(1)
    if not as_json:
        say("Alles in Ordnung.")


def reindex(*, config: ConfigOption = None) -> None:
    """Baut den Volltextindex neu auf; der alte dient so lange weiter."""
    indexer = product_of(config).indexer
    indexer.take_up_settings()
    count = indexer.rebuild()
    say(f"{count} Dokumente sind im neuen Index.")
