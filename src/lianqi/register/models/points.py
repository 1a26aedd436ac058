"""Service points (服务站点): counters near the enterprises. Any of them serves any enterprise."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import Unit
from lianqi.engines.places import plane_m

# The order of nearness is read from the GiST index of the same expression.
_NEARNESS = "point(east_m, north_m) <-> point(%s, %s)"


class ServicePointQuerySet(models.QuerySet["ServicePoint"]):
    def in_use(self) -> Self:
        return self.filter(is_active=True)

    def nearest_first(self, latitude: float, longitude: float) -> Self:
        """By distance from a place in degrees (WGS 84); of two equally near the earlier entered."""
        nearness = RawSQL(_NEARNESS, plane_m(latitude, longitude))  # noqa: S611  # bound values
        return self.order_by(nearness, "pk")


class ServicePoint(models.Model):
    """A counter with address, hours and telephone; where it is, in degrees (WGS 84)."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    district = models.CharField(_("street or town"), max_length=60, blank=True)
    address = models.CharField(_("address"), max_length=200)
    latitude = models.FloatField(_("latitude"))
    longitude = models.FloatField(_("longitude"))
    east_m = models.FloatField(help_text=_("metres on a Mercator map, from the coordinates"))
    north_m = models.FloatField(help_text=_("metres on a Mercator map, from the coordinates"))
    hours = models.CharField(_("opening hours"), max_length=120, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )
    is_active = models.BooleanField(_("in use"), default=True)

    objects = ServicePointQuerySet.as_manager()

    class Meta:
        verbose_name = _("service point")
        constraints = [
            models.CheckConstraint(
                name="service_point_on_the_map",
                condition=Q(latitude__gte=-85, latitude__lte=85)
                & Q(longitude__gte=-180, longitude__lte=180),
            ),
        ]

    def __str__(self) -> str:
        return self.name
