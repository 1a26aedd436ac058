"""Contact persons (诉求联系人): whom to reach about a demand, how and when, and who is told."""

from dataclasses import dataclass
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import User
from lianqi.demands.enums import ToldBy
from lianqi.demands.models.demands import Demand

MOST_CONTACTS = 5


@dataclass(frozen=True, slots=True)
class ContactGiven:
    """A contact person as somebody states it; a name, a number or an address is needed.

    `reach` says how and when, in words; `told_by` over what the person wants to be written to.
    """

    name: str = ""
    phone: str = ""
    email: str = ""
    role: str = ""
    reach: str = ""
    told_by: str = ""
    is_preferred: bool = False


class ContactPersonQuerySet(models.QuerySet["ContactPerson"]):
    def visible_to(self, user: User) -> Self:
        """Whoever sees the demand sees that there is somebody, masked unless one works on it."""
        return self.filter(demand__in=Demand.objects.visible_to(user).values("pk"))

    def of(self, demand: Demand) -> Self:
        """Those of one demand: first the one to be called first, then as they were stated."""
        return self.filter(demand=demand).order_by("-is_preferred", "pk")

    def told(self) -> Self:
        """Those who want to be written to."""
        return self.exclude(told_by="")


class ContactPerson(models.Model):
    """Somebody of the enterprise, or the caller, whom the zone reaches about this demand.

    A tip has none: a trigger of the database refuses it. `phone` holds digits only.
    """

    demand = models.ForeignKey(Demand, models.CASCADE, related_name="contact_people")
    name = models.CharField(_("name"), max_length=50, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    role = models.CharField(_("position"), max_length=50, blank=True)
    reach = models.CharField(_("how and when to reach"), max_length=100, blank=True)
    told_by = models.CharField(_("is written to"), max_length=4, choices=ToldBy, blank=True)
    is_preferred = models.BooleanField(_("call first"), default=False)

    objects = ContactPersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact person")
        constraints = [
            models.UniqueConstraint(
                fields=["demand"], name="contact_person_first", condition=Q(is_preferred=True)
            ),
            models.CheckConstraint(
                name="contact_person_is_somebody",
                condition=~Q(name="") | ~Q(phone="") | ~Q(email=""),
            ),
            models.CheckConstraint(
                name="contact_person_can_be_told",
                condition=Q(told_by="")
                | (Q(told_by=ToldBy.MAIL) & ~Q(email=""))
                | (Q(told_by=ToldBy.SMS) & ~Q(phone="")),
            ),
        ]
        indexes = [
            models.Index(
                F("phone"),
                F("demand").desc(),
                name="contact_person_by_phone",
                condition=~Q(phone=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.demand_id} {self.name}"

    @property
    def given(self) -> ContactGiven:
        """As it was stated."""
        return ContactGiven(
            name=self.name,
            phone=self.phone,
            email=self.email,
            role=self.role,
            reach=self.reach,
            told_by=self.told_by,
            is_preferred=self.is_preferred,
        )
