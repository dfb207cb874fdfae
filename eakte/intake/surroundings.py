"""Whose fault it was: of what stood around a step, or of the thing the step works on.

A full disk or a database that went away passes: the work is taken up again.  Anything else would
fail the same way every time, so a person gets the thing with the reason.
"""

from __future__ import annotations

from dbos import error as dbos_errors
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from eakte.errors import EakteError, ServiceMissing

_AROUND = (
    OSError,
    OperationalError,
    InterfaceError,
    NoConnectionFree,
    dbos_errors.DBOSException,
)

FAILED = "failed"
_UNEXPECTED = (
    "Das Einlesen ist an einem unerwarteten Fehler gescheitert ({error}). "
    "Bitte die Administration verständigen; die Datei ist unverändert aufbewahrt."
)


def is_passing(error: BaseException) -> bool:
    """Whether the surroundings failed, so that the same work may succeed later.

    A missing program or language model is the machine's: nobody's post goes into quarantine for it.
    """
    if isinstance(error, EakteError):
        return error.retryable or isinstance(error, ServiceMissing)
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return isinstance(error, _AROUND)


def told_to_the_desk(error: Exception) -> tuple[str, str]:
    """Code and sentence for a source that can't be read, whatever it failed with."""
    if isinstance(error, EakteError):
        return error.code, str(error)
    return FAILED, _UNEXPECTED.format(error=type(error).__name__)
