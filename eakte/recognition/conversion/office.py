"""Office files through LibreOffice, one process a file, apart from everything else.

Every call has a profile of its own, in which macros never run and nothing is loaded from outside;
where the system allows it, the process has no network at all.  ``timeout`` ends it even if the OCR
process that waits for it is killed.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from pathlib import Path

from eakte.errors import IntakeError
from eakte.recognition.formats import SourceFormat

PACKAGES = "libreoffice-writer-nogui, libreoffice-calc-nogui und libreoffice-impress-nogui"

_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
{items}
</oor:items>
"""
_ITEM = (
    '<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">'
    "<value>{value}</value></prop></item>"
)
_SAFE = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Writer/Content/Update", "Link", "2"),
    ("Office.Calc/Content/Update", "Link", "2"),
    # A proxy that is not there: whatever would be fetched all the same is not.
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
    ("Inet/Settings", "ooInetNoProxy", ""),
)
_KILL_AFTER = 5
_ENDED = (124, 137, 143, -15, -9)
"""How the command ends where its time is over: said by `timeout`, or by a signal."""
_NOWHERE = "http://127.0.0.1:9"


def office_program() -> str | None:
    """Where LibreOffice is, None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def office_pdf(
    path: Path, source_format: SourceFormat, folder: Path, seconds: float, *, shut_off: bool = True
) -> Path:
    """``path`` as a PDF within ``folder``, which must be empty.

    ``shut_off``: without network, where the system allows it.  Raises ``IntakeError``
    (``office_missing``, ``office_timeout``, ``damaged``).
    """
    program = office_program()
    if program is None:
        raise IntakeError(
            f"Zum Lesen von Office-Dateien fehlt LibreOffice (Pakete {PACKAGES}).",
            remedy="Bitte installieren lassen oder um eine PDF-Fassung bitten.",
            reason="office_missing",
        )
    profile, out = folder / "profile", folder / "out"
    _make_profile(profile)
    out.mkdir()
    given = folder / f"datei.{source_format.value}"
    shutil.copyfile(path, given)
    ran = _run(
        [
            *(_without_network() if shut_off else ()),
            program,
            f"-env:UserInstallation={profile.as_uri()}",
            *("--headless", "--norestore", "--nologo", "--nolockcheck", "--nodefault"),
            *("--convert-to", "pdf", "--outdir", str(out), str(given)),
        ],
        folder,
        seconds,
    )
    made = out / "datei.pdf"
    if not made.is_file():
        raise IntakeError(
            "LibreOffice konnte die Datei nicht öffnen; sie ist beschädigt oder mit einem "
            "Kennwort geschützt.",
            remedy="Bitte um eine PDF-Fassung bitten.",
            reason="damaged",
        ) from (None if ran.returncode == 0 else OSError(ran.stderr.strip()[-500:]))
    return made


def _run(command: list[str], folder: Path, seconds: float) -> subprocess.CompletedProcess[str]:
    limited = ["timeout", f"--kill-after={_KILL_AFTER}", f"{seconds:.2f}", *command]
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "SAL_USE_VCLPLUGIN": "svp",
        "http_proxy": _NOWHERE,
        "https_proxy": _NOWHERE,
    }
    try:
        ran = subprocess.run(
            limited,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=seconds + 2 * _KILL_AFTER,
        )
    except subprocess.TimeoutExpired as error:
        raise _too_slow(seconds) from error
    if ran.returncode in _ENDED:
        raise _too_slow(seconds)
    return ran


def _too_slow(seconds: float) -> IntakeError:
    return IntakeError(
        f"Die Office-Datei ließ sich in {seconds:.0f} Sekunden nicht umwandeln.",
        remedy="Bitte um eine PDF-Fassung bitten.",
        reason="office_timeout",
    )


def _make_profile(profile: Path) -> None:
    user = profile / "user"
    user.mkdir(parents=True)
    items = "\n".join(
        _ITEM.format(path=path, name=name, value=value) for path, name, value in _SAFE
    )
    (user / "registrymodifications.xcu").write_text(_SETTINGS.format(items=items), encoding="utf-8")


@functools.cache
def _without_network() -> tuple[str, ...]:
    """A command that starts another in an empty network, where the kernel lets us."""
    for command in (("unshare", "--net"), ("unshare", "--map-root-user", "--net")):
        if shutil.which(command[0]) is None:
            continue
        tried = subprocess.run([*command, "true"], capture_output=True, check=False, timeout=10)
        if tried.returncode == 0:
            return command
    return ()
