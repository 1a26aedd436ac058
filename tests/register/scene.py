"""A zone with a service centre, a grid, and people who keep or read the register."""

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.base import File
from django.core.files.uploadedfile import SimpleUploadedFile

from lianqi.accounts.enums import Role, Scope, UnitKind
from lianqi.accounts.models import RoleAssignment, Unit, User
from lianqi.engines.tables import write_table
from lianqi.engines.text import make_credit_code
from lianqi.register.actions import (
    create_enterprise,
    preview_import,
    set_mapping,
    start_import,
)
from lianqi.register.actions.importing.applying import apply_import
from lianqi.register.actions.importing.runs import request_apply
from lianqi.register.models import Enterprise, Grid, ImportRun, Industry

NOON = dt.datetime(2026, 11, 20, 4, tzinfo=dt.UTC)
MIB = 1024 * 1024


def code(number: int) -> str:
    """A valid credit code of a region that nobody has."""
    return make_credit_code(f"{number:08d}")


@dataclass(frozen=True)
class Scene:
    """Who is there."""

    keeper: User
    leader: User
    stranger: User
    grid: Grid

    def enterprise(
        self, number: int = 1, name: str = "海纳科技有限公司", **fields: Any
    ) -> Enterprise:
        return create_enterprise(code=code(number), name=name, by=self.keeper, at=NOON, **fields)

    def upload(self, content: bytes, name: str = "企业.xlsx") -> ImportRun:
        file: File[bytes] = SimpleUploadedFile(name, content)
        return start_import(file, name=name, max_bytes=50 * MIB, by=self.keeper, at=NOON)

    def previewed(
        self, header: Sequence[str], *rows: Sequence[Any], content: bytes | None = None
    ) -> ImportRun:
        """Upload, accept the suggested mapping, and preview."""
        run = self.upload(workbook(header, rows) if content is None else content)
        set_mapping(run.pk, columns=run.mapping, by=self.keeper, at=NOON)
        preview_import(run.pk, at=NOON)
        return ImportRun.objects.get(pk=run.pk)

    def applied(self, header: Sequence[str], *rows: Sequence[Any]) -> ImportRun:
        return self.apply(self.previewed(header, *rows))

    def apply(self, run: ImportRun) -> ImportRun:
        request_apply(run.pk, by=self.keeper, at=NOON)
        apply_import(run.pk, at=NOON)
        return ImportRun.objects.get(pk=run.pk)


def person(
    name: str, role: Role | None = None, scope: Scope = Scope.ZONE, scope_id: int | None = None
) -> User:
    user = User.objects.create(username=name, name=name)
    if role is not None:
        RoleAssignment.objects.create(user=user, role=role, scope=scope, scope_id=scope_id)
    return user


def build_scene() -> Scene:
    unit = Unit.objects.create(name="企业服务中心", kind=UnitKind.DEPARTMENT, path="/1/")
    for section, industry, name in (("C", "3911", "计算机整机制造"), ("I", "6511", "基础软件开发")):
        Industry.objects.create(code=industry, section=section, name=name, level=4)
    return Scene(
        keeper=person("数据员", Role.DISPATCHER),
        leader=person("领导", Role.LEADER),
        stranger=person("路人"),
        grid=Grid.objects.create(code="W01", name="东片区", unit=unit),
    )


def workbook(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """An .xlsx file as bytes."""
    buffer = io.BytesIO()
    write_table(buffer, header, rows)  # type: ignore[arg-type]  # the writer takes a file as well
    return buffer.getvalue()


def fresh(enterprise: Enterprise) -> Enterprise:
    return Enterprise.objects.get(pk=enterprise.pk)
