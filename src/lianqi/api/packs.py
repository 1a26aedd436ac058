"""Rule packs over JSON: a text and its cases checked as the editor checks them; nothing is kept."""

from typing import Any

from django.core.exceptions import PermissionDenied
from ninja import Router, Schema
from pydantic import Field

from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.engines.packs import PackError
from lianqi.matching.errors import PackTooLong
from lianqi.matching.models import MOST_TEXT
from lianqi.matching.queries import checked

router = Router(tags=["matching"])


class PackIn(Schema):
    """A pack and its cases as their files would be."""

    text: str
    cases_text: str = ""


class SaidOut(Schema):
    """One sentence in both languages; empty where there is nothing to say."""

    en: str
    zh: str


class MistakeOut(Schema):
    """One thing that is wrong, with its place counted from 1."""

    part: str = Field(description="pack or cases")
    line: int
    column: int
    code: str = Field(description="Stable; the sentences may change.")
    message: SaidOut
    advice: SaidOut


class PackCheckOut(Schema):
    key: str
    version: str
    cases: int
    is_ready: bool = Field(description="Readable, and every case comes out.")
    mistakes: list[MistakeOut]


@router.post("/packs/check", response={200: PackCheckOut, **PROBLEMS}, operation_id="check_pack")
def check_pack(request: ApiRequest, body: PackIn) -> dict[str, Any]:
    """Everything that is wrong with a pack and its cases, as `lianqi policy check` says it."""
    if not request.user.has_perm("matching.edit_packs"):
        raise PermissionDenied
    if max(len(body.text), len(body.cases_text)) > MOST_TEXT:
        raise PackTooLong(most=MOST_TEXT)
    found = checked(body.text, body.cases_text)
    return {
        "key": found.pack.key if found.pack else "",
        "version": found.pack.version if found.pack else "",
        "cases": found.cases,
        "is_ready": found.is_ready,
        "mistakes": [
            *(_mistake("pack", each) for each in found.errors),
            *(_mistake("cases", each) for each in found.case_errors),
        ],
    }


def _mistake(part: str, error: PackError) -> dict[str, Any]:
    english, chinese = error.told("en"), error.told("zh")
    return {
        "part": part,
        "line": error.line,
        "column": error.column,
        "code": error.problem.value,
        "message": {"en": english.message, "zh": chinese.message},
        "advice": {"en": english.advice, "zh": chinese.advice},
    }
