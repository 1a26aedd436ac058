"""`/healthz`: 200 once people can work, 503 with the reason before. Needs no sign-in.

It is a middleware and stands first, so that a probe needs no host name, no HTTPS and no session.
"""

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse

from lianqi.ops.readiness import readiness

PATH = "/healthz"
NOT_READY = 503


class ExpectedAnswers(logging.Filter):
    """Keeps "not ready yet" out of the log of errors: a probe that waits asks every few seconds."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        status = getattr(record, "status_code", None)
        return status != NOT_READY or not isinstance(request, HttpRequest) or request.path != PATH


class HealthMiddleware:
    """Answers `/healthz` itself and passes everything else on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == PATH:
            return healthz(request)
        return self.get_response(request)


def healthz(request: HttpRequest) -> HttpResponse:
    """Answer `{"status": "ok" | "starting", "checks": {name: "ok" | reason}}`."""
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    checks = readiness(with_demo=settings.DEMO)
    ready = all(check.ok for check in checks)
    body = {
        "status": "ok" if ready else "starting",
        "checks": {check.name: check.reason or "ok" for check in checks},
    }
    answer = JsonResponse(body, status=200 if ready else NOT_READY)
    answer["Cache-Control"] = "no-store"
    return answer
