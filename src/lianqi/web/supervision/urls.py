from django.urls import path

from lianqi.web.supervision import views

app_name = "supervision"
urlpatterns = [
    path("", views.orders, name="list"),
    path("new/<int:item_id>/", views.issue, name="issue"),
    path("<int:order_id>/", views.detail, name="detail"),
    path("<int:order_id>/<slug:verb>/", views.act, name="act"),
]
