"""Rule packs and what they give enterprises, under /matching/."""

from django.urls import path

from lianqi.web.matching import (
    answers,
    lists,
    packs,
    radar,
    results,
    runs,
    saved,
    settling,
    stated,
    telling,
    trials,
    verdicts,
)
from lianqi.web.matching.rows import pages

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
    path("results/", results.overview, name="results"),
    path("results/<int:pack_id>/<slug:measure_key>/", results.measure, name="result"),
    path("results/<int:pack_id>/<slug:measure_key>/export/", results.export, name="result_export"),
    path(
        "packs/<int:pack_id>/<slug:measure_key>/settlement/", settling.settlement, name="settlement"
    ),
    path("results/tell/", telling.tell_everybody, name="tell_everybody"),
    path("results/<int:pack_id>/<slug:measure_key>/tell/", telling.tell, name="tell"),
    path("packs/<int:pack_id>/telling/", telling.set_newly, name="set_telling"),
    path("runs/", runs.runs, name="runs"),
    path("runs/start/", runs.start, name="run_start"),
    path("runs/<int:match_run_id>/", runs.run, name="run"),
    path("runs/<int:match_run_id>/progress/", runs.progress, name="run_progress"),
    path("runs/<int:match_run_id>/cancel/", runs.cancel, name="run_cancel"),
    path("packs/<int:pack_id>/radar/", radar.impact, name="radar"),
    path("packs/<int:pack_id>/match/", runs.start_pack, name="pack_match"),
    path(
        "enterprises/<int:enterprise_id>/packs/<int:pack_id>/<slug:measure_key>/what-if/",
        trials.what_if,
        name="what_if",
    ),
    path("enterprises/<int:enterprise_id>/answer/", answers.give, name="answer"),
    path("enterprises/<int:enterprise_id>/facts/", stated.facts, name="facts"),
    path(
        "enterprises/<int:enterprise_id>/statements/<int:statement_id>/withdraw/",
        stated.withdraw,
        name="withdraw_statement",
    ),
    path(
        "enterprises/<int:enterprise_id>/answers/<int:answer_id>/withdraw/",
        stated.take_back,
        name="withdraw_answer",
    ),
    path(
        "enterprises/<int:enterprise_id>/packs/<int:pack_id>/<slug:measure_key>/save/",
        saved.save,
        name="save_assessment",
    ),
    path("enterprises/<int:enterprise_id>/saved/", saved.saved_list, name="saved_list"),
    path("saved/<int:saved_id>/", saved.saved, name="saved"),
    path("lists/", lists.list_list, name="imports"),
    path("lists/new/", lists.choose, name="upload"),
    path("lists/new/<slug:fact>/", lists.upload, name="list_new"),
    path("lists/template/<slug:fact>/", lists.template, name="import_template"),
    path("lists/<int:list_id>/", lists.detail, name="import"),
    path("lists/<int:list_id>/progress/", lists.progress, name="import_progress"),
    path("lists/<int:list_id>/apply/", lists.apply, name="import_apply"),
    path("lists/<int:list_id>/cancel/", lists.cancel, name="import_cancel"),
    path("lists/<int:list_id>/refused/", lists.refused, name="import_refused"),
    path("packs/", packs.packs, name="packs"),
    path("packs/new/", packs.add, name="add"),
    path("packs/new/rows/", pages.add, name="add_rows"),
    path("packs/<int:pack_id>/rows/", pages.overview, name="rows"),
    path("packs/<int:pack_id>/rows/head/", pages.head, name="rows_head"),
    path("packs/<int:pack_id>/rows/add/", pages.add_measure, name="rows_add"),
    path(
        "packs/<int:pack_id>/rows/measures/<slug:measure_key>/", pages.measure, name="rows_measure"
    ),
    path(
        "packs/<int:pack_id>/rows/measures/<slug:measure_key>/<slug:verb>/",
        pages.move,
        name="rows_move",
    ),
    path("packs/shipped/", packs.adopt, name="adopt"),
    path("packs/<int:pack_id>/", packs.pack, name="pack"),
    path("packs/<int:pack_id>/change/", packs.change, name="change"),
    path("packs/<int:pack_id>/withdraw/", packs.withdraw, name="withdraw"),
    path("packs/<int:pack_id>/act/<slug:verb>/", packs.act, name="act"),
]
