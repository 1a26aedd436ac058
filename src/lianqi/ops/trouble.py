"""What may go wrong on somebody's machine, said in one sentence."""

import sys
from typing import NoReturn

EXIT_CODE = 2


class Trouble(Exception):
    """An expected failure outside the program; its text is one sentence: what, and what now."""


def give_up(trouble: Trouble) -> NoReturn:
    """Print the sentence on standard error and leave with exit code 2."""
    sys.stdout.flush()
    sys.stderr.write(f"lianqi: {trouble}\n")
    raise SystemExit(EXIT_CODE)
