"""Anonymous tips: public pages."""

from django.urls import path

from lianqi.web.tips import views

app_name = "tips"

urlpatterns = [
    path("", views.write, name="write"),
    path("follow/", views.follow, name="follow"),
    path("reply/", views.reply, name="reply"),
]
