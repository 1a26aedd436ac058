"""Pages by subject."""

from django.urls import include, path

urlpatterns = [
    path("", include("lianqi.web.home.urls")),
    path("inbox/", include("lianqi.web.inbox.urls")),
    path("demands/", include("lianqi.web.demands.urls")),
    path("points/", include("lianqi.web.points.urls")),
    path("tips/", include("lianqi.web.tips.urls")),
    path("needs/", include("lianqi.web.needs.urls")),
    path("visits/", include("lianqi.web.visits.urls")),
    path("register/", include("lianqi.web.register.urls")),
    path("zone/", include("lianqi.web.zone.urls")),
    path("people/", include("lianqi.web.people.urls")),
    path("wallboard/", include("lianqi.web.wallboard.urls")),
    path("leader/", include("lianqi.web.leader.urls")),
    path("supervision/", include("lianqi.web.supervision.urls")),
    path("conversions/", include("lianqi.web.conversions.urls")),
    path("plans/", include("lianqi.web.plans.urls")),
    path("matching/", include("lianqi.web.matching.urls")),
    path("policies/", include("lianqi.web.policies.urls")),
    path("free-tests/", include("lianqi.web.freetests.urls")),
    path("task-forces/", include("lianqi.web.taskforces.urls")),
    path("audit/", include("lianqi.web.audit.urls")),
    path("notices/", include("lianqi.web.notices.urls")),
    path("", include("lianqi.web.messages.urls")),
    path("files/", include("lianqi.web.files.urls")),
]
