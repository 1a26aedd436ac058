"""About which facts a department's list may be, and whose they are."""

from collections import defaultdict

from lianqi.engines.rules.catalogue import Catalogue, FactSpec
from lianqi.matching.columns import TITLES
from lianqi.matching.queries.asking import ENTERPRISE
from lianqi.matching.queries.values import KEPT


def fact_to_list(name: str, catalogue: Catalogue) -> FactSpec | None:
    """A fact that a list can state: titles, and what the register keeps in no place of its own.

    None if no fact about enterprises is called so, or it is kept elsewhere.
    """
    spec = catalogue.find(name)
    if spec is None or spec.subject != ENTERPRISE or (spec.key in KEPT and spec.key != TITLES):
        return None
    return spec


def facts_to_list(catalogue: Catalogue) -> dict[str, list[FactSpec]]:
    """All of them by who states them; what the enterprises themselves say comes last."""
    found: defaultdict[str, list[FactSpec]] = defaultdict(list)
    for spec in catalogue:
        if fact_to_list(spec.key, catalogue) is not None:
            found[spec.supplier].append(spec)
    own = found.pop(ENTERPRISE, [])
    return {**found, ENTERPRISE: own} if own else dict(found)
