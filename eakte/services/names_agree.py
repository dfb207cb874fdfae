"""Whether what somebody typed is the surname of a person in the register, as a second fact."""

from __future__ import annotations

from eakte.language.names import name_parts
from eakte.models import PersonRow
from eakte.repositories.register import NAME_SEPARATOR


def is_called(person: PersonRow, typed: str) -> bool:
    """Whether ``typed`` is what the person is or was called; half of a double name is enough.

    ``Mueller`` is ``Müller``. What holds no name agrees with nobody.
    """
    wanted = set(name_parts(typed))
    names = (person.last_name, *person.former_names.split(NAME_SEPARATOR))
    return bool(wanted) and any(wanted <= set(name_parts(name)) for name in names)
