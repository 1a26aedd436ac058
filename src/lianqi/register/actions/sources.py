"""Where a statement comes from, by who makes it; and who may make it."""

from collections.abc import Callable

from lianqi.accounts.models import User
from lianqi.engines.rules.catalogue import Catalogue, FactSpec, national
from lianqi.engines.text import tidy
from lianqi.register.enums import StatedBy, Supplier
from lianqi.register.errors import StatedByOthers
from lianqi.register.models import Enterprise
from lianqi.register.permissions import states

_more: list[Callable[[], Catalogue]] = []


def facts_known_from(catalogue: Callable[[], Catalogue]) -> None:
    """Let an app say which facts there are besides those that come with the program."""
    if catalogue not in _more:
        _more.append(catalogue)


def fact_named(name: str) -> FactSpec | None:
    """What a fact is, by its key or any of its names; None if no catalogue knows it."""
    known: list[Callable[[], Catalogue]] = [national, *_more]
    for catalogue in known:
        if spec := catalogue().find(tidy(name)):
            return spec
    return None


def may_state(by: User, enterprise: Enterprise, name: str) -> bool:
    """Whether somebody may state the fact of this name."""
    if by.has_perm("register.state_for_others", enterprise):
        return True
    spec = fact_named(name)
    return states(by, enterprise, spec.supplier if spec else "")


def require_source(by: User, enterprise: Enterprise, name: str) -> None:
    """Refuse whoever states what only somebody else can know.

    Raises:
        StatedByOthers: Another one states this fact; it says who.
    """
    if may_state(by, enterprise, name):
        return
    spec = fact_named(name)
    if spec is not None:
        raise StatedByOthers(fact=spec.label, supplier=supplier_text(spec.supplier))


def supplier_text(supplier: str) -> str:
    """Who states a fact, in words."""
    return str(Supplier(supplier).label) if supplier in Supplier.values else supplier


def source_of(by: User, enterprise: Enterprise, stated: str = "") -> str:
    """Those who keep the register name their source; others are the source themselves.

    An enterprise and the officer who visits it cannot pass their word off as somebody else's.
    """
    if by.has_perm("register.change", enterprise):
        return tidy(stated)
    if by.has_perm("register.invite", enterprise):
        return StatedBy.ENTERPRISE.value
    return StatedBy.OFFICER_VISIT.value
