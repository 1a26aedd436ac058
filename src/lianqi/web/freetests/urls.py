"""Free tests under /free-tests/."""

from django.urls import path

from lianqi.web.freetests import exports, figures, institutes, orders, views

app_name = "freetests"
urlpatterns = [
    path("", views.free_tests, name="list"),
    path("export/", exports.tests, name="export"),
    path("new/", views.state, name="state"),
    path("figures/", figures.figures, name="figures"),
    path("institutes/", institutes.institutes, name="institutes"),
    path("institutes/new/", institutes.add, name="add_institute"),
    path("institutes/<int:institute_id>/", institutes.institute, name="institute"),
    path("institutes/<int:institute_id>/change/", institutes.change, name="change_institute"),
    path("institutes/<int:institute_id>/accredit/", institutes.accredit_, name="accredit"),
    path("institutes/<int:institute_id>/offer/", institutes.offer, name="offer"),
    path("offers/<int:offer_id>/withdraw/", institutes.take_back, name="withdraw_offer"),
    path("orders/", orders.orders, name="orders"),
    path("orders/export/", exports.orders, name="export_orders"),
    path("orders/<int:lab_order_id>/<slug:verb>/", views.act_on_order, name="order_act"),
    path("<int:test_id>/", views.free_test, name="detail"),
    path("<int:test_id>/order/", views.place, name="place"),
    path("<int:test_id>/<slug:verb>/", views.act, name="act"),
]
