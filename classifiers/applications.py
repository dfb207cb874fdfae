"""Who applies: name and address off the main form, for a provisional case file.

Only what stands behind or under the form's own labels is read.  Where the name or the postcode is
not certain there is no answer, and the application goes to the clearing desk.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from classifiers.form_fields import Field, fields_on
from classifiers.layout import lines_of
from eakte.domain.findings import Sender
from eakte.domain.pages import PageText

_FORM_PAGES = 3


def applicant(pages: Iterable[PageText]) -> Sender | None:
    """The applicant as the form's labels say; None below certainty about name and postcode.

    The first labels count: partners and children come later on the form.
    """
    fields: dict[str, Field] = {}
    for number, page in enumerate(pages, start=1):
        if number > _FORM_PAGES:
            break
        for field in fields_on(number, lines_of(page, first=number == 1)):
            fields.setdefault(field.name, field)
    return _sender(fields)


def _sender(fields: dict[str, Field]) -> Sender | None:
    if not {"first_name", "last_name", "postcode"} <= fields.keys():
        return None
    born = fields.get("birth_date")
    return Sender(
        first_name=fields["first_name"].value,
        last_name=fields["last_name"].value,
        postcode=fields["postcode"].value,
        street=fields["street"].value if "street" in fields else "",
        city=fields["city"].value if "city" in fields else "",
        birth_date=date.fromisoformat(born.value) if born else None,
        evidence=tuple(fields[name].evidence for name in sorted(fields)),
    )
