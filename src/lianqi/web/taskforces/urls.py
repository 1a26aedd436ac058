from django.urls import path

from lianqi.web.taskforces import views

app_name = "taskforces"
urlpatterns = [
    path("", views.forces, name="list"),
    path("new/", views.form, name="form"),
    path("<int:force_id>/", views.board, name="board"),
    path("<int:force_id>/<slug:verb>/", views.act, name="act"),
]
