from django.urls import path

from lianqi.web.visits import views, writing

app_name = "visits"
urlpatterns = [
    path("", views.visits, name="list"),
    path("new/", writing.new, name="new"),
    path("find/", writing.find_enterprises, name="find_enterprises"),
    path("<int:visit_id>/", views.detail, name="detail"),
    path("<int:visit_id>/edit/", writing.edit, name="edit"),
    path("<int:visit_id>/drop/", writing.drop, name="drop"),
]
