"""Addresses of the register."""

from django.urls import path

from lianqi.web.register import entries, imports, views

app_name = "register"

urlpatterns = [
    path("", views.enterprise_list, name="list"),
    path("export/", views.export, name="export"),
    path("new/", entries.create, name="create"),
    path("<int:enterprise_id>/", views.detail, name="detail"),
    path("<int:enterprise_id>/edit/", entries.edit, name="edit"),
    path("<int:enterprise_id>/merge/", entries.merge, name="merge"),
    path("contacts/<int:contact_id>/", entries.reveal, name="reveal"),
    path("imports/", imports.import_list, name="imports"),
    path("imports/upload/", imports.upload, name="upload"),
    path("imports/<int:run_id>/", imports.detail, name="import"),
    path("imports/<int:run_id>/mapping/", imports.mapping, name="mapping"),
    path("imports/<int:run_id>/progress/", imports.progress, name="progress"),
    path("imports/<int:run_id>/decide/", imports.decide, name="decide"),
    path("imports/<int:run_id>/apply/", imports.apply, name="apply"),
    path("imports/<int:run_id>/cancel/", imports.cancel, name="cancel"),
    path("imports/<int:run_id>/refused/", imports.refused, name="refused"),
]
