"""Anonymous tips: how somebody whose name nobody knows comes back to a matter."""

import base64
import hashlib
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from lianqi.demands.models.demands import Demand


def secret_digest(secret: str) -> str:
    """The form in which a secret code is stored and looked up; hyphens and case do not matter."""
    bare = "".join(letter for letter in secret.upper() if letter.isalnum())
    return hashlib.sha256(bare.encode()).hexdigest()


def secret_of(key: str) -> str:
    """Sixteen characters made of the key of a form or call: sent twice, it shows the same code.

    The secret of the deployment goes into it; from a key alone nobody makes the code.
    """
    digest = salted_hmac("lianqi.tips.secret", key, algorithm="sha256").digest()
    letters = base64.b32encode(digest[:10]).decode()
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


class TipQuerySet(models.QuerySet["Tip"]):
    def opened_by(self, number: str, secret: str) -> Self:
        """The tip with this number, for whoever has its secret code."""
        return self.filter(demand__number=number.strip().upper(), digest=secret_digest(secret))


class Tip(models.Model):
    """What belongs to a demand of which nobody knows whom it is from.

    Neither address nor account nor name is kept: only the digest of a code that the tipster got.
    """

    demand = models.OneToOneField(Demand, models.CASCADE, related_name="tip")
    digest = models.CharField(max_length=64, unique=True)

    objects = TipQuerySet.as_manager()

    class Meta:
        verbose_name = _("anonymous tip")

    def __str__(self) -> str:
        return f"{self.demand_id}"


class TipMessage(models.Model):
    """A message between the tipster and the zone; without `written_by` it is the tipster's."""

    tip = models.ForeignKey(Tip, models.CASCADE, related_name="messages")
    text = models.TextField(_("message"), max_length=2000)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    sent_at = models.DateTimeField(_("sent"))

    class Meta:
        verbose_name = _("message about a tip")
        indexes = [models.Index(fields=["tip", "id"], name="tip_message_by_tip")]

    def __str__(self) -> str:
        return f"{self.tip_id} {self.sent_at:%Y-%m-%d %H:%M}"
