"""How is LibreOffice asked to convert files, when neither the files nor its exit status can be trusted?

It runs on copies with names of our own, with a profile that lives as long as the call, without macros, linked files or
network, within limits, and is killed with everything that it started. It exits with 0 on failure too, so that only
what lies in the target folder counts.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

_NAMES = ("soffice", "libreoffice")
_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "/opt/libreoffice/program/soffice",
    "/usr/lib/libreoffice/program/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
)
_FLAGS = ("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard")
_MEMORY_KB = 2_000_000  # address space; a report takes 0.7 GB (LibreOffice 7.4)
_FILE_BLOCKS = 500_000  # of 512 bytes, what it may write into one file
_KILL_AFTER_S = 2
_DEAD_END = "127.0.0.1:9"  # the discard port: nothing answers there
# Values of LibreOffice's registry: (path, name, value). Link 2: never update; proxy type 2: the one given.
_SETTINGS = (
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("/org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "2"),
    ("/org.openoffice.Inet/Settings", "ooInetProxyType", "2"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


class ConversionTimeoutError(Exception):
    """LibreOffice was stopped because it took too long; what it finished lies in the target folder."""


def find_soffice() -> str | None:
    """The program of LibreOffice; None where it is not installed."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    return found or next((place for place in _PLACES if Path(place).is_file()), None)


def convert(sources: Sequence[Path], target: Path, *, timeout_s: float) -> None:
    """Convert files to .docx; what could be converted lies in `target` afterwards, under the name of its source.

    Args:
        sources: files with plain ASCII names and the right endings.
        target: an existing folder; temporary files are kept beside it.
        timeout_s: seconds for all of them together.

    Raises:
        ConversionTimeoutError: not all were looked at.
        FileNotFoundError: LibreOffice is not installed.
    """
    program = find_soffice()
    if program is None:
        raise FileNotFoundError("LibreOffice")
    with tempfile.TemporaryDirectory(prefix="office-", dir=target.parent, ignore_cleanup_errors=True) as folder:
        profile = Path(folder, "profile")
        _write_settings(profile)
        wanted = ["--convert-to", "docx", "--outdir", str(target), *map(str, sources)]
        command = [*_limits(timeout_s), program, f"-env:UserInstallation={profile.as_uri()}", *_FLAGS, *wanted]
        _run(command, Path(folder), timeout_s)


def _write_settings(profile: Path) -> None:
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    head = '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry"'
    (profile / "user").mkdir(parents=True)
    settings = f'{head} xmlns:xs="http://www.w3.org/2001/XMLSchema">{items}</oor:items>'
    (profile / "user" / "registrymodifications.xcu").write_text(settings, encoding="utf-8")


def _limits(timeout_s: float) -> list[str]:
    """What stands before the command, as far as this system has it.

    The shell limits memory and file size; setpriv and timeout end LibreOffice when we are killed and cannot.
    """
    if sys.platform == "win32":
        return []
    before = ["/bin/sh", "-c", f'ulimit -c 0; ulimit -f {_FILE_BLOCKS}; ulimit -v {_MEMORY_KB}; exec "$@"', "sh"]
    if shutil.which("setpriv"):
        before += ["setpriv", "--pdeathsig", "TERM"]
    if shutil.which("timeout"):
        before += ["timeout", f"--kill-after={_KILL_AFTER_S}", f"{timeout_s + _KILL_AFTER_S:g}"]
    return before


def _run(command: Sequence[str], folder: Path, timeout_s: float) -> None:
    process = subprocess.Popen(  # noqa: S603 - the command is ours, the files have names of our own
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=_environment(folder),
        start_new_session=True,
    )
    try:
        process.wait(timeout_s)
    except subprocess.TimeoutExpired as error:
        raise ConversionTimeoutError from error
    finally:
        _kill_group(process)


def _environment(folder: Path) -> dict[str, str]:
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy", "all_proxy"), f"http://{_DEAD_END}")
    own = {"HOME": str(folder), "TMPDIR": str(folder), "SAL_USE_VCLPLUGIN": "svp", "LC_ALL": "C.UTF-8"}
    left_out = {"DISPLAY", "WAYLAND_DISPLAY", "no_proxy", "NO_PROXY"}
    return {key: value for key, value in os.environ.items() if key not in left_out} | proxies | own


def _kill_group(process: "subprocess.Popen[bytes]") -> None:
    """End the program and what it started; its own starter may be gone already."""
    if sys.platform == "win32":
        taskkill = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
        subprocess.run(taskkill, check=False, capture_output=True)  # noqa: S603 - a number of ours
    else:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
