from django.urls import path

from lianqi.web.visits import rounds, views, writing

app_name = "visits"
urlpatterns = [
    path("", views.visits, name="list"),
    path("new/", writing.new, name="new"),
    path("find/", writing.find_enterprises, name="find_enterprises"),
    path("rounds/", rounds.rounds, name="rounds"),
    path("rounds/new/", rounds.plan, name="plan_round"),
    path("rounds/find/", rounds.find_enterprises, name="find_for_round"),
    path("rounds/<int:round_id>/", rounds.detail, name="round"),
    path("rounds/<int:round_id>/edit/", rounds.change, name="change_round"),
    path("rounds/<int:round_id>/hold/", rounds.hold, name="hold_round"),
    path("rounds/<int:round_id>/cancel/", rounds.cancel, name="cancel_round"),
    path("<int:visit_id>/note/", rounds.note, name="note_item"),
    path("<int:visit_id>/raise/", rounds.ask, name="raise_matter"),
    path("<int:visit_id>/", views.detail, name="detail"),
    path("<int:visit_id>/edit/", writing.edit, name="edit"),
    path("<int:visit_id>/drop/", writing.drop, name="drop"),
]
