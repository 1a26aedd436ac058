"""Every address of the product."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from lianqi.api.root import api
from lianqi.web.language import set_language

urlpatterns = [
    path("", include("lianqi.web.urls")),
    path("accounts/", include("allauth.urls")),
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
    path("api/v1/", api.urls),
]
