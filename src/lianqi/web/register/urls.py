"""Addresses of the register."""

from django.urls import path

from lianqi.web.register import details, entries, finance, imports, views

app_name = "register"

urlpatterns = [
    path("", views.enterprise_list, name="list"),
    path("export/", views.export, name="export"),
    path("finance/", finance.institutions, name="finance"),
    path("new/", entries.create, name="create"),
    path("<int:enterprise_id>/", views.detail, name="detail"),
    path("<int:enterprise_id>/edit/", entries.edit, name="edit"),
    path("<int:enterprise_id>/merge/", entries.merge, name="merge"),
    path("<int:enterprise_id>/contacts/new/", details.contact_add, name="contact_add"),
    path(
        "<int:enterprise_id>/contacts/<int:contact_id>/",
        details.contact_correct,
        name="contact_correct",
    ),
    path(
        "<int:enterprise_id>/contacts/<int:contact_id>/remove/",
        details.contact_remove,
        name="contact_remove",
    ),
    path("<int:enterprise_id>/facts/new/", details.fact_add, name="fact_add"),
    path("<int:enterprise_id>/facts/<int:fact_id>/", details.fact_correct, name="fact_correct"),
    path(
        "<int:enterprise_id>/facts/<int:fact_id>/withdraw/",
        details.fact_withdraw,
        name="fact_withdraw",
    ),
    path("<int:enterprise_id>/titles/new/", details.title_add, name="title_add"),
    path("<int:enterprise_id>/titles/<int:title_id>/", details.title_correct, name="title_correct"),
    path(
        "<int:enterprise_id>/titles/<int:title_id>/remove/",
        details.title_remove,
        name="title_remove",
    ),
    path("<int:enterprise_id>/chains/new/", details.place_add, name="place_add"),
    path("<int:enterprise_id>/chains/<int:place_id>/", details.place_correct, name="place_correct"),
    path(
        "<int:enterprise_id>/chains/<int:place_id>/remove/",
        details.place_remove,
        name="place_remove",
    ),
    path("<int:enterprise_id>/lists/new/", details.list_add, name="list_add"),
    path(
        "<int:enterprise_id>/lists/<int:key_list_id>/remove/",
        details.list_remove,
        name="list_remove",
    ),
    path("contacts/<int:contact_id>/", entries.reveal, name="reveal"),
    path("imports/", imports.import_list, name="imports"),
    path("imports/upload/", imports.upload, name="upload"),
    path("imports/<int:run_id>/", imports.detail, name="import"),
    path("imports/<int:run_id>/mapping/", imports.mapping, name="mapping"),
    path("imports/<int:run_id>/progress/", imports.progress, name="import_progress"),
    path("imports/<int:run_id>/decide/", imports.decide, name="decide"),
    path("imports/<int:run_id>/apply/", imports.apply, name="import_apply"),
    path("imports/<int:run_id>/cancel/", imports.cancel, name="import_cancel"),
    path("imports/<int:run_id>/refused/", imports.refused, name="import_refused"),
]
