"""Templates: one environment, strict about names, with the German filters."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import jinja2
from starlette.responses import HTMLResponse

from web.assets import Assets
from web.presenters import german
from web.presenters.shell import Shell

TEMPLATES = Path(__file__).parent / "templates"
THEMES = ("light", "dark")


class Screens:
    """Renders templates to answers."""

    def __init__(self, assets: Assets, authority: str = "") -> None:
        self.assets = assets
        self.environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.globals["asset"] = assets.url
        self.environment.globals["authority"] = authority
        self.environment.filters.update(
            day=german.day,
            weekday=german.weekday,
            moment=german.moment,
            percent=german.percent,
            page_numbers=german.page_numbers,
            plural=german.plural,
        )

    def render(
        self, template: str, shell: Shell, values: Mapping[str, object], *, status: int = 200
    ) -> HTMLResponse:
        """The template as an answer; ``shell`` is the frame (empty for a fragment's needs)."""
        text = self.environment.get_template(template).render(values, shell=shell)
        return HTMLResponse(text, status_code=status)
