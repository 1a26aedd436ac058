from django.urls import path

from lianqi.web.conversions import views

app_name = "conversions"
urlpatterns = [
    path("", views.conversions, name="list"),
    path("new/<int:force_id>/", views.begin, name="begin"),
    path("<int:conversion_id>/", views.detail, name="detail"),
    path("<int:conversion_id>/<slug:verb>/", views.act, name="act"),
]
