"""What is wrong with a file, and where: everything at once, never only the first."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class PackError:
    """One thing that is wrong.

    Attributes:
        line, column: Where it stands, both from 1.
        message: What is wrong.
        advice: What to write instead; "" where there is nothing to say.
    """

    file: str
    line: int
    column: int
    message: str
    advice: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}: {self.message}"
        return f"{place} ({self.advice})" if self.advice else place


class PackErrors(ValueError):
    """A file that cannot be used.

    Attributes:
        errors: By line and column, at least one.
    """

    def __init__(self, errors: tuple[PackError, ...]) -> None:
        super().__init__("\n".join(map(str, errors)))
        self.errors = errors
