"""Page-shaped answers about demands."""

from lianqi.demands.queries.bulk import REASONS, refusal_of
from lianqi.demands.queries.callbacks import (
    RepeatLink,
    Verified,
    repeats_of,
    verified,
    waiting_by_reason,
)
from lianqi.demands.queries.calls import (
    CallCount,
    Caller,
    HeardCount,
    call_counts,
    caller_of,
    heard_counts,
)
from lianqi.demands.queries.catalogue import (
    PROMISED,
    Length,
    Node,
    category_tree,
    lengths,
    lengths_by_version,
    missing_evidence,
    version_in_force,
)
from lianqi.demands.queries.classes import Recurrence, Stretch, recurrence
from lianqi.demands.queries.clocks import asked_beside, leading, open_items
from lianqi.demands.queries.closing import periods_by_category, periods_of
from lianqi.demands.queries.contact_people import contacts_for, contacts_seen, first_contact
from lianqi.demands.queries.defaults import Beside, compare_defaults
from lianqi.demands.queries.duties import (
    NARROWEST_FIRST,
    conditions_in_words,
    industry_names,
    overlaps,
    rules_for,
    task_force_line,
)
from lianqi.demands.queries.figures import Breakdown, Figures, breakdown, figures
from lianqi.demands.queries.handling_rules import (
    ExtensionLimit,
    extension_limit,
    handling_rule_of,
)
from lianqi.demands.queries.learning import (
    CategoryHint,
    UnitHint,
    suggested_category,
    unit_hints,
)
from lianqi.demands.queries.monthly import Compared, Group, Monthly, month_figures, reportable
from lianqi.demands.queries.monthly_words import report_of
from lianqi.demands.queries.parked import Parked, parked_calls
from lianqi.demands.queries.scores import Scored, ThreeRates, three_rates
from lianqi.demands.queries.similar import NEARLY, Near, near_duplicates, similar_demands
from lianqi.demands.queries.statistics import (
    Overview,
    StageLength,
    Table,
    Tabulated,
    case_names,
    counted_as,
    end_of,
    overview,
    spans,
    table,
)
from lianqi.demands.queries.suggesting import (
    BY_RULE,
    HIGH,
    MEDIUM,
    SCORERS,
    Matter,
    Scorer,
    Suggestion,
    suggest,
    suggestions,
)
from lianqi.demands.queries.suggesting_many import Catalogue
from lianqi.demands.queries.trying import Deadline, Line, Supposed, Tried, try_catalogue

__all__ = [
    "BY_RULE",
    "HIGH",
    "MEDIUM",
    "NARROWEST_FIRST",
    "NEARLY",
    "PROMISED",
    "REASONS",
    "SCORERS",
    "Beside",
    "Breakdown",
    "CallCount",
    "Caller",
    "Catalogue",
    "CategoryHint",
    "Compared",
    "Deadline",
    "ExtensionLimit",
    "Figures",
    "Group",
    "HeardCount",
    "Length",
    "Line",
    "Matter",
    "Monthly",
    "Near",
    "Node",
    "Overview",
    "Parked",
    "Recurrence",
    "RepeatLink",
    "Scored",
    "Scorer",
    "StageLength",
    "Stretch",
    "Suggestion",
    "Supposed",
    "Table",
    "Tabulated",
    "ThreeRates",
    "Tried",
    "UnitHint",
    "Verified",
    "asked_beside",
    "breakdown",
    "call_counts",
    "caller_of",
    "case_names",
    "category_tree",
    "compare_defaults",
    "conditions_in_words",
    "contacts_for",
    "contacts_seen",
    "counted_as",
    "end_of",
    "extension_limit",
    "figures",
    "first_contact",
    "handling_rule_of",
    "heard_counts",
    "industry_names",
    "leading",
    "lengths",
    "lengths_by_version",
    "missing_evidence",
    "month_figures",
    "near_duplicates",
    "open_items",
    "overlaps",
    "overview",
    "parked_calls",
    "periods_by_category",
    "periods_of",
    "recurrence",
    "refusal_of",
    "repeats_of",
    "report_of",
    "reportable",
    "rules_for",
    "similar_demands",
    "spans",
    "suggest",
    "suggested_category",
    "suggestions",
    "table",
    "task_force_line",
    "three_rates",
    "try_catalogue",
    "unit_hints",
    "verified",
    "version_in_force",
    "waiting_by_reason",
]
