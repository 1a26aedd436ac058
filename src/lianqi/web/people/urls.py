"""People, units, absences, memberships."""

from django.urls import path

from lianqi.web.people import absences, members, persons, units

app_name = "people"
urlpatterns = [
    path("", persons.people, name="list"),
    path("new/", persons.add, name="add"),
    path("<int:person_id>/", persons.person, name="person"),
    path("<int:person_id>/roles/", persons.grant, name="grant"),
    path("<int:person_id>/roles/<int:assignment_id>/revoke/", persons.revoke, name="revoke"),
    path("<int:person_id>/tokens/", persons.issue, name="issue_token"),
    path(
        "<int:person_id>/tokens/<int:token_id>/revoke/",
        persons.revoke_a_token,
        name="revoke_token",
    ),
    path("units/", units.units, name="units"),
    path("units/new/", units.add_unit, name="add_unit"),
    path("units/<int:unit_id>/", units.unit, name="unit"),
    path("units/<int:unit_id>/move/", units.move, name="move_unit"),
    path("absence/", absences.absence, name="absence"),
    path("absence/<int:absence_id>/cancel/", absences.cancel, name="cancel_absence"),
    path("memberships/", members.memberships, name="memberships"),
    path("memberships/<int:membership_id>/confirm/", members.confirm, name="confirm"),
    path("memberships/<int:membership_id>/refuse/", members.refuse, name="refuse"),
    path("members/", members.own_members, name="own_members"),
    path("members/<int:enterprise_id>/", members.members, name="members"),
    path("members/<int:enterprise_id>/<int:membership_id>/end/", members.end, name="end"),
    path("invitations/<str:token>/", members.invitation, name="invitation"),
    path("waiting/", members.waiting, name="waiting"),
]
