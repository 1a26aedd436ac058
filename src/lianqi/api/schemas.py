"""Shapes that several subjects share."""

from ninja import Schema


class Problem(Schema):
    """Why something was refused. `code` never changes; `message` is for people."""

    code: str
    message: str


PROBLEMS = {403: Problem, 404: Problem, 409: Problem, 422: Problem}
