"""The policy library under /policies/."""

from django.urls import path

from lianqi.web.policies import desk, documents, duties, figures, importing, parts, views, voices

app_name = "policies"
urlpatterns = [
    path("", views.policies, name="list"),
    path("new/", documents.add, name="add"),
    path("duties/", duties.duties, name="duties"),
    path("duties/export/", duties.export, name="export_duties"),
    path("figures/", figures.figures, name="figures"),
    path("questions/", voices.questions, name="questions"),
    path("questions/<int:policy_question_id>/", voices.question, name="question"),
    path("notes/<int:policy_note_id>/", voices.change_note_, name="change_note"),
    path("notes/<int:policy_note_id>/publish/", voices.publish_note_, name="publish_note"),
    path("notes/<int:policy_note_id>/take-back/", voices.take_back, name="take_back_note"),
    path("articles/<int:article_id>/", parts.article, name="article"),
    path("articles/<int:article_id>/drop/", parts.drop_article_, name="drop_article"),
    path("articles/<int:article_id>/responsible/", parts.responsible, name="responsible"),
    path("articles/<int:article_id>/flag/", parts.flag, name="flag"),
    path("overlaps/<int:overlap_id>/settle/", parts.settle, name="settle"),
    path("aspects/<int:aspect_id>/drop/", parts.drop_aspect_, name="drop_aspect"),
    path("measures/<int:policy_measure_id>/", parts.measure, name="measure"),
    path("measures/<int:policy_measure_id>/drop/", parts.drop_measure_, name="drop_measure"),
    path("<int:policy_id>/", views.policy, name="detail"),
    path("<int:policy_id>/change/", documents.change, name="change"),
    path("<int:policy_id>/abolish/", documents.abolish_, name="abolish"),
    path("<int:policy_id>/act/<slug:verb>/", documents.act, name="act"),
    path("<int:policy_id>/articles/", desk.desk, name="desk"),
    path("<int:policy_id>/articles/divide/", desk.divide, name="divide"),
    path("<int:policy_id>/articles/add/", desk.add_article, name="add_article"),
    path("<int:policy_id>/articles/import/", importing.upload, name="import_articles"),
    path("<int:policy_id>/articles/import/enter/", importing.enter, name="enter_articles"),
    path("<int:policy_id>/articles/template/", importing.template, name="articles_template"),
    path("<int:policy_id>/articles/assign/", desk.assign, name="assign"),
    path("<int:policy_id>/aspects/add/", desk.add_aspect, name="add_aspect"),
    path("<int:policy_id>/measures/add/", desk.add_measure_, name="add_measure"),
    path("<int:policy_id>/duties/", duties.sheet, name="sheet"),
    path("<int:policy_id>/duties/export/", duties.export_sheet, name="export_sheet"),
    path("<int:policy_id>/compare/<int:other_id>/", views.compare, name="compare"),
    path("<int:policy_id>/notes/", voices.notes, name="notes"),
    path("<int:policy_id>/ask/", voices.ask, name="ask"),
]
