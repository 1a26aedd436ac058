"""The fields of an enterprise that people change, how they are compared and written down."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypedDict

from django.db.models import Model

from lianqi.engines.text import tidy
from lianqi.register.enums import EnterpriseStatus, EnterpriseType
from lianqi.register.models import Enterprise, Grid, Industry, Park, core_of, search_columns


class EnterpriseFields(TypedDict, total=False):
    """What may be stated about an enterprise besides its code; what is absent stays as it is."""

    name: str
    status: EnterpriseStatus | str
    type: EnterpriseType | str
    industry: Industry | None
    district: str
    address: str
    grid: Grid | None
    park: Park | None
    legal_representative: str
    capital_yuan: Decimal | None
    established_on: dt.date | None


def plain(value: Any) -> Any:
    """A value as the audit trail keeps it: text, number, true, false or null."""
    if isinstance(value, Model):
        return str(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, dt.date) else value


def differences(enterprise: Enterprise, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields whose value differs from the enterprise's; foreign keys are compared by id."""
    return {
        name: value
        for name, value in fields.items()
        if (value.pk if isinstance(value, Model) else value) != _stored(enterprise, name, value)
    }


def _stored(enterprise: Enterprise, name: str, value: Any) -> Any:
    return getattr(enterprise, f"{name}_id" if isinstance(value, Model) else name)


def before_and_after(enterprise: Enterprise, changed: Mapping[str, Any]) -> dict[str, list[Any]]:
    """For the audit trail: each changed field with what it was and what it becomes."""
    return {
        name: [plain(getattr(enterprise, name)), plain(value)] for name, value in changed.items()
    }


def set_fields(enterprise: Enterprise, changed: Mapping[str, Any], *, at: dt.datetime) -> None:
    """Put the values into the object in memory, and what is derived from a name."""
    for name, value in changed.items():
        setattr(enterprise, name, tidy(value) if isinstance(value, str) else value)
    enterprise.updated_at = at
    if "name" in changed:
        enterprise.name_core = core_of(enterprise.name)


def index_names(enterprise: Enterprise, former_names: list[str]) -> None:
    """Fill the search columns from the code, the name and the former names."""
    enterprise.search_text, enterprise.search_tokens = search_columns(
        enterprise.code, enterprise.name, *former_names
    )
