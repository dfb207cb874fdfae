"""ZIP archives: their members as files under numbers.  Names are for showing, never paths."""

from __future__ import annotations

import contextlib
import errno
import shutil
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from eakte.domain.conversion import Member, Unfolded
from eakte.domain.pages import Remark
from eakte.errors import EngineError, IntakeError
from eakte.recognition.formats import SourceFormat, detect
from eakte.recognition.limits import Limits

_ENCRYPTED = 0x1
_SMALL = 1_000_000
"""Below, the ratio says nothing: a blank page packs to a thousandth."""

_LONGEST_NAME = 500
_BLOCK = 1 << 20
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    IndexError,
    OverflowError,
)


def unfold(path: Path, folder: Path, limits: Limits) -> Unfolded | None:
    """The members of the ZIP at ``path`` in ``folder``; None where it is no ZIP.

    A member that is encrypted, damaged or too large comes with its problem instead of its bytes.
    Raises ``IntakeError`` (``empty``, ``damaged``, ``too_large``) where the archive is refused as a
    whole, ``EngineError`` where ``folder`` can't take the bytes.
    """
    if detect(path) is not SourceFormat.ZIP:
        return None
    return unpack(path, folder, limits)


def unpack(path: Path, folder: Path, limits: Limits) -> Unfolded:
    """The same for a file that is known to be a ZIP."""
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [one for one in archive.infolist() if not one.is_dir()]
            wanted = [one for one in infos if not _is_litter(one.filename)]
            _refuse(wanted, path.stat().st_size, limits)
            unpacker = _Unpacker(archive, folder, limits)
            members = tuple(unpacker.take(info, n) for n, info in enumerate(wanted, start=1))
    except _FAULTS as error:
        raise IntakeError(
            f"Das ZIP-Archiv ist beschädigt ({error}).",
            remedy="Bitte noch einmal schicken lassen.",
            reason="damaged",
        ) from error
    left_out = len(infos) - len(wanted)
    remark = Remark(
        code="members_left_out",
        message=f"{left_out} Verwaltungsdateien des Betriebssystems im Archiv blieben außer Acht.",
    )
    return Unfolded(members=members, remarks=(remark,) if left_out else ())


def shown_name(name: str) -> str:
    """A member's name fit for a screen: one line, forward slashes, not endless."""
    plain = "".join(
        char for char in name.replace("\\", "/") if unicodedata.category(char)[0] != "C"
    )
    return plain[:_LONGEST_NAME] or "ohne Namen"


def _refuse(infos: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    if not infos:
        raise IntakeError(
            "Das ZIP-Archiv ist leer.", remedy="Bitte noch einmal schicken lassen.", reason="empty"
        )
    if len(infos) > limits.members:
        raise IntakeError(
            f"Das ZIP-Archiv enthält {len(infos)} Dateien; entpackt werden höchstens "
            f"{limits.members}.",
            remedy="Bitte in kleineren Archiven einreichen.",
            reason="too_large",
        )
    if sum(one.compress_size for one in infos) > size:
        raise IntakeError(
            "Das ZIP-Archiv ist eine Falle: seine Dateien überlappen sich.",
            remedy="Bitte nicht öffnen und die IT-Sicherheit verständigen.",
            reason="bomb",
        )


def _is_litter(name: str) -> bool:
    """What macOS and Windows add by themselves."""
    plain = name.replace("\\", "/")
    return plain.startswith("__MACOSX/") or plain.rpartition("/")[2] in (".DS_Store", "Thumbs.db")


@dataclass(slots=True)
class _Unpacker:
    archive: zipfile.ZipFile
    folder: Path
    limits: Limits
    unpacked: int = 0

    def take(self, info: zipfile.ZipInfo, number: int) -> Member:
        """The member's bytes in a file named by its number, or why not."""
        name = shown_name(info.filename)
        problem = self._problem(info)
        if problem is None:
            path = self.folder / f"{number:05d}"
            problem = self._copy(info, path)
            if problem is None:
                return Member(name=name, size=info.file_size, path=path)
            path.unlink(missing_ok=True)
        return Member(name=name, size=info.file_size, problem=problem)

    def _problem(self, info: zipfile.ZipInfo) -> tuple[str, str] | None:
        if info.flag_bits & _ENCRYPTED:
            return "encrypted", (
                "Die Datei ist im ZIP-Archiv mit einem Kennwort geschützt. "
                "Bitte um eine ungeschützte Fassung bitten."
            )
        if info.file_size > max(_SMALL, info.compress_size * self.limits.ratio):
            return "bomb", (
                f"Die Datei würde beim Entpacken mehr als das {self.limits.ratio}-Fache ihrer "
                "Größe einnehmen und wurde nicht entpackt."
            )
        if self.unpacked + info.file_size > self.limits.unpacked_bytes:
            return "too_large", (
                "Das ZIP-Archiv ist entpackt größer als "
                f"{self.limits.unpacked_bytes // 1_000_000} MB; diese Datei wurde nicht mehr "
                "entpackt. Bitte einzeln einreichen."
            )
        return None

    def _copy(self, info: zipfile.ZipInfo, path: Path) -> tuple[str, str] | None:
        try:
            with self.archive.open(info) as packed, _writing(path) as file:
                shutil.copyfileobj(packed, file, _BLOCK)
                self.unpacked += file.tell()
        except (*_FAULTS, OSError) as error:
            if isinstance(error, OSError) and error.errno != errno.EINVAL:
                raise
            return "damaged", f"Die Datei ist im ZIP-Archiv beschädigt ({error})."
        return None


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[IO[bytes]]:
    """A full disk is not the archive's fault."""
    try:
        with path.open("wb") as file:
            yield file
    except OSError as error:
        if error.errno == errno.EINVAL:  # the archive names a place before its beginning
            raise
        raise EngineError(
            f"Der Zwischenspeicher nimmt nichts mehr auf ({error.strerror}).",
            remedy="Bitte Platz schaffen; das Archiv wird dann entpackt.",
        ) from error
