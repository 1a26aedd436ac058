"""Make sure that a Chromium for the browser tests exists, and print its path.

Looked for in this order: LIANQI_CHROMIUM, chromium and Google Chrome on the PATH, the places macOS
uses. Where none is found and this is Debian or Ubuntu and the user is root, it is installed from
the system's packages together with a font for Chinese; anywhere else the sentence says what to do.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC_PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
PACKAGES = ("chromium", "fonts-noto-cjk")
EXIT_CODE = 2


class Trouble(Exception):
    """No browser; the text is one sentence: what, and what now."""


def main() -> int:
    try:
        print(find() or install())
    except Trouble as trouble:
        sys.stderr.write(f"browser: {trouble}\n")
        return EXIT_CODE
    return 0


def find() -> str | None:
    """Return the path of a browser, None if there is none.

    Raises:
        Trouble: LIANQI_CHROMIUM names something that is not a program.
    """
    if named := os.environ.get("LIANQI_CHROMIUM"):
        if path := shutil.which(named):
            return path
        raise Trouble(f"LIANQI_CHROMIUM names {named}, which is not a program.")
    for name in (*NAMES, *MAC_PLACES):
        if path := shutil.which(name):
            return path
    return None


def install() -> str:
    """Install the browser with apt-get where that is possible.

    Raises:
        Trouble: It is not, or it failed.
    """
    by_hand = "install Chromium or Google Chrome, or set LIANQI_CHROMIUM to its path"
    if shutil.which("apt-get") is None or not Path("/etc/debian_version").exists():
        raise Trouble(f"The browser tests need a browser: {by_hand}.")
    command = f"apt-get install -y --no-install-recommends {' '.join(PACKAGES)}"
    if os.geteuid() != 0:
        raise Trouble(f"The browser tests need a browser: run `sudo {command}`, or {by_hand}.")
    sys.stderr.write(f"No browser found; running {command} …\n")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["apt-get", "update", "-q"], command.split()):
        done = subprocess.run(
            step, env=environment, check=False, text=True, capture_output=True, errors="replace"
        )
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines() or ["no reason given"]
            raise Trouble(f"`{' '.join(step)}` failed ({said[-1]}); {by_hand}.")
    path = find()
    if path is None:
        raise Trouble(f"The packages are installed but no browser is on the PATH; {by_hand}.")
    return path


if __name__ == "__main__":
    sys.exit(main())
