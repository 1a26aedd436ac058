"""What is known about the wording of a demand before it is filed."""

from typing import Annotated, Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from ninja import Router, Schema
from pydantic import StringConstraints

from lianqi.accounts.enums import ENTERPRISE_ROLES
from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.demands.enums import DemandStatus
from lianqi.demands.models import Demand
from lianqi.demands.queries import near_duplicates

router = Router(tags=["demands"])


class WordingIn(Schema):
    """The words of a demand that is about to be filed, and whose it is."""

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    text: Annotated[str, StringConstraints(max_length=5000)] = ""
    enterprise_id: int | None = None


class SimilarOut(Schema):
    """A demand of the last 90 days. `likeness` is the share of common pairs of characters."""

    id: int
    number: str
    title: str
    status: DemandStatus
    enterprise_id: int | None
    likeness: float


class SimilarPage(Schema):
    similar: list[SimilarOut]


@router.post("", response={200: SimilarPage, **PROBLEMS}, operation_id="find_similar_demands")
def find_similar(request: ApiRequest, body: WordingIn) -> dict[str, Any]:
    """Demands you may see that are perhaps the same matter, the likest first. Writes nothing.

    People of an enterprise find its own demands, staff who file for others those of all.
    """
    on_behalf = request.user.has_perm("demands.file_on_behalf")
    if not (on_behalf or request.user.holds(*ENTERPRISE_ROLES)):
        raise PermissionDenied
    near = near_duplicates(
        body.title,
        body.text,
        among=Demand.objects.visible_to(request.user),
        enterprise_id=body.enterprise_id,
        across=on_behalf,
        on=timezone.localdate(),
    )
    return {
        "similar": [
            {
                "id": each.demand.pk,
                "number": each.demand.number,
                "title": each.demand.title,
                "status": each.demand.status,
                "enterprise_id": each.demand.enterprise_id,
                "likeness": round(each.likeness, 3),
            }
            for each in near
        ]
    }
