"""Words of the register."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EnterpriseStatus(TextChoices):
    OPERATING = "operating", _("Operating")
    SUSPENDED = "suspended", _("Suspended")
    MOVED_OUT = "moved_out", _("Moved out")
    REVOKED = "revoked", _("Licence revoked")
    DEREGISTERED = "deregistered", _("Deregistered")


class EnterpriseType(TextChoices):
    INDUSTRY = "industry", _("Industry")
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
    ZONE = "zone", _("Zone")


class Qualifier(TextChoices):
    """How exact a figure is."""

    EXACT = "exact", _("exact")
    ABOUT = "about", _("about")
    NEARLY = "nearly", _("nearly")
    SOME_MORE = "some_more", _("and some more")
    OVER = "over", _("over")
    AT_LEAST = "at_least", _("at least")
    AT_MOST = "at_most", _("at most")


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
