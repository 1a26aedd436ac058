"""Words of the register."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class EnterpriseStatus(TextChoices):
    OPERATING = "operating", _("Operating")
    SUSPENDED = "suspended", _("Suspended")
    MOVED_OUT = "moved_out", _("Moved out")
    REVOKED = "revoked", _("Licence revoked")
    DEREGISTERED = "deregistered", _("Deregistered")


class EnterpriseType(TextChoices):
    INDUSTRY = "industry", pgettext_lazy("enterprise type", "Industry")
    COMMERCE = "commerce", _("Wholesale and retail")
    SERVICE = "service", _("Services")
    LODGING = "lodging", _("Accommodation")
    CATERING = "catering", _("Catering")
    FOREIGN_TRADE = "foreign_trade", _("Foreign trade")
    CONSTRUCTION = "construction", _("Construction")
    OTHER = "other", _("Other")


class SizeClass(TextChoices):
    LARGE = "large", _("Large")
    MEDIUM = "medium", _("Medium")
    SMALL = "small", _("Small")
    MICRO = "micro", _("Micro")


class TitleLevel(TextChoices):
    NATIONAL = "national", _("National")
    PROVINCIAL = "provincial", _("Provincial")
    MUNICIPAL = "municipal", _("Municipal")
    ZONE = "zone", pgettext_lazy("level", "Zone")


class Qualifier(TextChoices):
    """How exact a figure is."""

    EXACT = "exact", _("exact")
    ABOUT = "about", _("about")
    NEARLY = "nearly", _("nearly")
    SOME_MORE = "some_more", _("and some more")
    OVER = "over", _("over")
    AT_LEAST = "at_least", _("at least")
    AT_MOST = "at_most", _("at most")


class Shape(TextChoices):
    """Of which kind the value of a statement is."""

    YES_NO = "yes_no", _("a yes or a no")
    WORD = "word", _("a word")
    NUMBER = "number", _("a number with its unit")
    DAY = "day", _("a day")
    WORDS = "words", _("several words")
    ENTRIES = "entries", _("a list")


class MembershipState(TextChoices):
    WAITING = "waiting", _("Waiting for confirmation")
    INVITED = "invited", _("Invited")
    CONFIRMED = "confirmed", _("Confirmed")
    REFUSED = "refused", _("Refused")
    ENDED = "ended", _("Ended")


class ImportState(TextChoices):
    UPLOADED = "uploaded", _("Uploaded")
    PREVIEWING = "previewing", _("Preparing the preview")
    PREVIEWED = "previewed", _("Ready to apply")
    APPLYING = "applying", _("Being applied")
    APPLIED = "applied", _("Applied")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Failed")


class RowPlan(TextChoices):
    """What an import will do with a row, or has done."""

    CREATE = "create", _("Create")
    CHANGE = "change", _("Change")
    SAME = "same", _("Unchanged")
    REFUSE = "refuse", _("Refused")


class ImportField(TextChoices):
    """What a column of a spreadsheet can mean."""

    CODE = "code", _("Unified social credit code")
    NAME = "name", _("Name")
    FORMER_NAME = "former_name", _("Former name")
    STATUS = "status", _("Status")
    TYPE = "type", _("Type")
    INDUSTRY = "industry", _("Industry (code or name)")
    DISTRICT = "district", _("Street or town")
    ADDRESS = "address", _("Address")
    GRID = "grid", _("Grid (code)")
    PARK = "park", _("Park")
    CHAIN = "chain", _("Industry chain")
    LAYER = "layer", _("Layer in the chain")
    CAPITAL = "capital_yuan", _("Registered capital")
    ESTABLISHED = "established_on", _("Established on")
    LEGAL_REPRESENTATIVE = "legal_representative", _("Legal representative")
    CONTACT_NAME = "contact_name", _("Contact: name")
    CONTACT_POSITION = "contact_position", _("Contact: position")
    CONTACT_MOBILE = "contact_mobile", _("Contact: mobile")
    CONTACT_EMAIL = "contact_email", _("Contact: e-mail")
    EMPLOYEES = "employees", _("Employees (of a year)")
    REVENUE = "revenue", _("Revenue (of a year)")
    TOTAL_ASSETS = "total_assets", _("Total assets (of a year)")
    TITLE = "title", pgettext_lazy("recognition", "Title")
    TITLE_LEVEL = "title_level", _("Title: level")
    TITLE_BATCH = "title_batch", _("Title: batch")
    TITLE_VALID_UNTIL = "title_valid_until", _("Title: valid until")
    KEY_LIST = "key_list", _("Key-enterprise list")


class FactKey(TextChoices):
    """Facts the register itself understands: those of the size class, and those of finance."""

    EMPLOYEES = "employees", _("Employees")
    REVENUE = "revenue", _("Revenue")
    TOTAL_ASSETS = "total_assets", _("Total assets")
    OUTLETS = "outlets", _("Outlets of a bank")
    FUND_SIZE = "fund_size", _("Size of a fund")
    FUND_INVESTED = "fund_invested", _("State money in a fund")


# The one unit in which each of them is stored.
FACT_UNITS = {
    FactKey.EMPLOYEES: "人",
    FactKey.REVENUE: "元",
    FactKey.TOTAL_ASSETS: "元",
    FactKey.OUTLETS: "个",
    FactKey.FUND_SIZE: "元",
    FactKey.FUND_INVESTED: "元",
}
SIZE_FACTS = (FactKey.EMPLOYEES, FactKey.REVENUE, FactKey.TOTAL_ASSETS)
WHOLE_FACTS = (FactKey.EMPLOYEES, FactKey.OUTLETS)


class FinanceKind(TextChoices):
    """What a financial institution is, as the authorities count them; funds are counted apart."""

    BANK = "bank", pgettext_lazy("institution", "Banks")
    SECURITIES = "securities", pgettext_lazy("institution", "Securities companies")
    INSURANCE = "insurance", pgettext_lazy("institution", "Insurers")
    LOCAL = "local", pgettext_lazy("institution", "Local financial organisations")
    FUND = "fund", pgettext_lazy("institution", "Funds")


INSTITUTIONS = (FinanceKind.BANK, FinanceKind.SECURITIES, FinanceKind.INSURANCE)
# By how a class of GB/T 4754-2017 begins; supervisors, exchanges and pawnshops are none of them.
CLASSES_OF: dict[FinanceKind, tuple[str, ...]] = {
    FinanceKind.BANK: ("662",),
    FinanceKind.SECURITIES: ("6712",),
    FinanceKind.INSURANCE: ("681", "682", "683", "684", "685", "686"),
    FinanceKind.FUND: ("672", "673"),
}


class Supplier(TextChoices):
    """Who can state a fact, as the catalogue of facts says."""

    ENTERPRISE = "enterprise", _("the enterprise")
    REGISTER = "register", _("the register of the zone")
    TAX = "tax", _("the tax office")
    STATISTICS = "statistics", _("the statistics office")
    SOCIAL_INSURANCE = "social_insurance", _("the social insurance office")
    MIIT = "miit", _("the national platform for growing enterprises")
    DEPARTMENT = "department", _("the department in charge")
    ZONE = "zone", _("the management committee")
    GRID = "grid", _("the power company")
    BANK = "bank", _("the bank")
    EXPERTS = "experts", _("the experts who review")


class StatedBy(TextChoices):
    """The source of what people enter who do not keep the register."""

    ENTERPRISE = "enterprise", pgettext_lazy("source", "the enterprise")
    OFFICER_VISIT = "officer_visit", pgettext_lazy("source", "officer visit")
