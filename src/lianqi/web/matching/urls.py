"""Rule packs and what they give enterprises, under /matching/."""

from django.urls import path

from lianqi.web.matching import packs, verdicts

app_name = "matching"
urlpatterns = [
    path("mine/", verdicts.mine, name="mine"),
    path("enterprises/<int:enterprise_id>/", verdicts.verdicts, name="verdicts"),
    path("enterprises/<int:enterprise_id>/sheet/", verdicts.sheet, name="sheet"),
    path(
        "enterprises/<int:enterprise_id>/packs/<int:pack_id>/<slug:measure_key>/",
        verdicts.explanation,
        name="explanation",
    ),
    path("packs/", packs.packs, name="packs"),
    path("packs/new/", packs.add, name="add"),
    path("packs/shipped/", packs.adopt, name="adopt"),
    path("packs/<int:pack_id>/", packs.pack, name="pack"),
    path("packs/<int:pack_id>/change/", packs.change, name="change"),
    path("packs/<int:pack_id>/withdraw/", packs.withdraw, name="withdraw"),
    path("packs/<int:pack_id>/act/<slug:verb>/", packs.act, name="act"),
]
