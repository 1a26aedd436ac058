"""What a person is told when a rule says no."""

from typing import ClassVar

from django.utils.functional import Promise


class Refusal(Exception):
    """A rule said no, and the person can understand why: what, why, what now.

    `code` is stable and belongs to programs; `message` is translated and belongs to people.
    Our own mistakes are ordinary exceptions instead, and end in a 500.
    """

    code: ClassVar[str]
    message: ClassVar[str | Promise]

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(self.code, params)

    def __str__(self) -> str:
        return str(self.message) % self.params
