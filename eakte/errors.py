"""The errors a person may meet: one sentence that names the thing, and one that says what to do.

Every error the product raises on purpose is an :class:`EakteError`.  It knows no HTTP and no exit
code of its own accord beyond ``exit_code``; ``web/errors.py`` and ``eakte/cli`` map it.
"""

from typing import ClassVar


class EakteError(Exception):
    """Root of all deliberate errors.

    ``message`` names the thing that failed, ``remedy`` says what the reader can do about it; both
    are plain sentences in the language of the reader (German for the desk and the operator).
    ``retryable`` is true where the same call may succeed later without anyone changing anything.
    ``code`` is a stable short name for programs.
    """

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 3
    retryable: ClassVar[bool] = False

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class SettingsError(EakteError):
    """A setting or a configuration file is wrong; nothing was started."""

    code = "settings"


class RuleError(SettingsError):
    """A rule file is wrong: the message names file, key and what is expected.

    ``file`` is its name, ``line`` counts from 1; empty and None where no single place is wrong.
    """

    code = "rules"

    def __init__(
        self,
        message: str,
        *,
        remedy: str = "",
        file: str = "",
        key: str = "",
        line: int | None = None,
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.file = file
        self.key = key
        self.line = line


class RegisterError(EakteError):
    """A register file was refused as a whole; nothing was changed."""

    code = "register"


class NotFound(EakteError):
    """Unknown, or not allowed: from outside the two look the same."""

    code = "not_found"


class NotPermitted(EakteError):
    """The reader is known but has no right to this action."""

    code = "not_permitted"


class Conflict(EakteError):
    """Somebody else changed the thing meanwhile; the message says who did what."""

    code = "conflict"


class Unusable(EakteError):
    """What was sent can't be taken as it is; the message names the field, nothing was kept."""

    code = "unusable"


class ServiceMissing(EakteError):
    """A program, model or service that is needed is not there."""

    code = "service_missing"


class Unavailable(EakteError):
    """A part is down for now (search, database); the rest of the product works."""

    code = "unavailable"
    retryable = True


class Busy(Unavailable):
    """Somebody else is at it for the moment; nothing is broken."""


class IntakeError(EakteError):
    """This source can't become documents; it goes into quarantine with this reason."""

    code = "intake"
    exit_code = 1

    def __init__(self, message: str, *, remedy: str = "", reason: str = "intake") -> None:
        super().__init__(message, remedy=remedy)
        self.reason = reason


class EngineError(EakteError):
    """An engine (OCR, search, renderer) failed on valid input."""

    code = "engine"
    retryable = True


class Damaged(EakteError):
    """Stored bytes are not what was stored: custody is broken and ``eakte check`` will say so."""

    code = "damaged"
