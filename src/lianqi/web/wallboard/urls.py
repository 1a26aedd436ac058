from django.urls import path

from lianqi.web.wallboard import views

app_name = "wallboard"
urlpatterns = [path("", views.board, name="board")]
