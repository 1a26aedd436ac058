"""The one API object: every operation, how refusals travel, who is let in."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.security import SessionAuth

from lianqi.accounts.models import User
from lianqi.api import (
    answers,
    bulk,
    callbacks,
    categories,
    channels,
    classes,
    classifier,
    contact_people,
    conversions,
    demand_imports,
    demands,
    figures,
    files,
    free_tests,
    handling,
    institutes,
    joint,
    lab_orders,
    matches,
    matching,
    measures,
    merging,
    needs,
    notices,
    objections,
    packs,
    parked,
    plans,
    points,
    policies,
    policy_outcomes,
    ratings,
    register,
    reports,
    representations,
    similar,
    steering,
    supervision,
    taskforces,
    tips,
    trials,
    unsolvable,
    visits,
    webhooks,
)
from lianqi.api.schemas import Problem
from lianqi.shared.errors import Refusal


class SignedIn(SessionAuth):
    """A browser session (with CSRF token), or a program's bearer token, which a middleware read."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:  # noqa: ARG002
        return request.user if isinstance(request.user, User) else None


api = NinjaAPI(
    title="Lianqi",
    version="1.0.0",
    description="What programs may do on behalf of a person of the zone or of an enterprise.",
    auth=SignedIn(),
    docs_url=None,
    urls_namespace="api",
)
api.add_router("/demands", representations.router)
api.add_router("/demands", callbacks.router)
api.add_router("/demands", ratings.router)
# Before the addresses of one demand, which its word would otherwise be taken for.
api.add_router("/demands", bulk.router)
api.add_router("/demands", files.demands)
api.add_router("/demands", demands.router)
api.add_router("/categories", categories.router)
api.add_router("/classes", classes.router)
api.add_router("/classifiers", classifier.router)
api.add_router("/similar-demands", similar.router)
api.add_router("/demands", objections.router)
api.add_router("/service-points", points.router)
api.add_router("/needs", needs.router)
api.add_router("/demands", handling.router)
api.add_router("/demands", joint.router)
api.add_router("/demands", steering.router)
api.add_router("/demands", unsolvable.router)
api.add_router("/grounds", unsolvable.grounds_router)
api.add_router("/demands", merging.router)
api.add_router("/enterprises", register.router)
api.add_router("/figures", figures.router)
api.add_router("/figures", reports.router)
api.add_router("/files", files.router)
api.add_router("/supervision-orders", supervision.router)
api.add_router("/task-forces", taskforces.router)
api.add_router("/demand-imports", demand_imports.router)
api.add_router("/mails", channels.mails)
api.add_router("/demands", channels.demands)
api.add_router("/demands", contact_people.router)
api.add_router("/visits", visits.router)
api.add_router("/parked-calls", parked.router)
api.add_router("/tips", tips.router)
api.add_router("/conversions", conversions.router)
api.add_router("/plans", plans.router)
api.add_router("/plans", measures.plan_router)
api.add_router("/policies", policies.router)
api.add_router("/policies", policy_outcomes.router)
api.add_router("/matching", matching.router)
api.add_router("/matching", matches.router)
api.add_router("/matching", packs.router)
api.add_router("/matching", trials.router)
api.add_router("/matching", answers.router)
api.add_router("/measures", measures.router)
api.add_router("/free-tests/orders", lab_orders.router)
api.add_router("/free-tests", free_tests.router)
api.add_router("/institutes", institutes.router)
api.add_router("/notices", notices.router)
api.add_router("/webhooks", webhooks.router)


@api.exception_handler(Refusal)
def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    status = 429 if tips.too_often(refusal) else 409
    return _problem(request, status, refusal.code, str(refusal))


@api.exception_handler(PermissionDenied)
def forbidden(request: HttpRequest, _error: PermissionDenied) -> HttpResponse:
    message = _("You may not do this. If you should, ask your administrator for the role.")
    return _problem(request, 403, "forbidden", message)


@api.exception_handler(Http404)
def missing(request: HttpRequest, _error: Http404) -> HttpResponse:
    message = _("There is no such record among those you may see. Check the number.")
    return _problem(request, 404, "not_found", message)


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields = ", ".join(".".join(str(part) for part in each["loc"]) for each in error.errors)
    message = _("Some values are missing or not of the expected form: %(fields)s.")
    return _problem(request, 422, "malformed", message % {"fields": fields})


def _problem(request: HttpRequest, status: int, code: str, message: str) -> HttpResponse:
    return api.create_response(request, Problem(code=code, message=message), status=status)
