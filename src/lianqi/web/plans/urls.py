from django.urls import path

from lianqi.web.plans import lists, measures, views

app_name = "plans"
urlpatterns = [
    path("", lists.plans, name="list"),
    path("export/", lists.export, name="export"),
    path("measures/", lists.measures, name="measures"),
    path("measures/export/", lists.export_measures, name="export_measures"),
    path("new/<int:enterprise_id>/", views.begin, name="begin"),
    path("<int:plan_id>/", views.detail, name="detail"),
    path("<int:plan_id>/sheet/", views.sheet, name="sheet"),
    path("<int:plan_id>/measures/<int:measure_id>/", measures.detail, name="measure"),
    path("<int:plan_id>/measures/<int:measure_id>/<slug:verb>/", measures.act, name="measure_act"),
    path("<int:plan_id>/<slug:verb>/", views.act, name="act"),
]
