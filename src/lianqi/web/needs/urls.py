"""Addresses of policy needs."""

from django.urls import path

from lianqi.web.needs import acts, batches, collecting, figures, triage, views

app_name = "needs"

urlpatterns = [
    path("", views.need_list, name="list"),
    path("export/", views.export, name="export"),
    path("collect/", collecting.collect, name="collect"),
    path("collect/enterprises/", collecting.find_enterprises, name="find_enterprises"),
    path("batches/", batches.batch_list, name="batches"),
    path("batches/<int:batch_id>/", batches.detail, name="batch"),
    path("batches/<int:batch_id>/report/", batches.report, name="report"),
    path("triage/", triage.waiting, name="triage"),
    path("triage/<int:need_id>/", triage.sort, name="sort"),
    path("desk/", views.desk, name="desk"),
    path("daily/", figures.table, name="daily"),
    path("daily/export/", figures.export, name="daily_export"),
    path("<int:need_id>/", views.detail, name="detail"),
    path("<int:need_id>/acts/<slug:move>/", acts.act, name="act"),
]
