"""The register (一企一档): enterprises and everything that is known about them, with its source."""

from lianqi.register.models.details import (
    Contact,
    Fact,
    FactQuerySet,
    KeyList,
    Title,
)
from lianqi.register.models.enterprises import (
    CODE_LENGTH,
    CODE_MARK,
    REGISTER_READERS,
    ChainPlace,
    Enterprise,
    EnterpriseQuerySet,
    FormerName,
    core_of,
    search_columns,
)
from lianqi.register.models.history import FormerClass, FormerClassQuerySet
from lianqi.register.models.imports import (
    IMPORT_READERS,
    ColumnMemory,
    ImportRow,
    ImportRowQuerySet,
    ImportRun,
    ImportRunQuerySet,
)
from lianqi.register.models.members import (
    MEMBER_READERS,
    Membership,
    MembershipQuerySet,
)
from lianqi.register.models.points import ServicePoint, ServicePointQuerySet
from lianqi.register.models.reference import (
    Chain,
    Grid,
    Industry,
    Park,
)
from lianqi.register.models.shapes import shape_of
from lianqi.register.models.statements import Statement, StatementQuerySet

__all__ = [
    "CODE_LENGTH",
    "CODE_MARK",
    "IMPORT_READERS",
    "MEMBER_READERS",
    "REGISTER_READERS",
    "Chain",
    "ChainPlace",
    "ColumnMemory",
    "Contact",
    "Enterprise",
    "EnterpriseQuerySet",
    "Fact",
    "FactQuerySet",
    "FormerClass",
    "FormerClassQuerySet",
    "FormerName",
    "Grid",
    "ImportRow",
    "ImportRowQuerySet",
    "ImportRun",
    "ImportRunQuerySet",
    "Industry",
    "KeyList",
    "Membership",
    "MembershipQuerySet",
    "Park",
    "ServicePoint",
    "ServicePointQuerySet",
    "Statement",
    "StatementQuerySet",
    "Title",
    "core_of",
    "search_columns",
    "shape_of",
]
