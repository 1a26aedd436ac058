"""Chinese unless the person chose otherwise: the browser's own preference does not decide."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.views import i18n

from lianqi.accounts.actions import choose_language
from lianqi.accounts.enums import Language
from lianqi.accounts.models import User


class ChosenLanguageMiddleware(LocaleMiddleware):
    """Activates the language of the cookie that the switch sets, else the zone's language.

    Government desktops often run browsers set to English; their users expect Chinese all the same.
    """

    def process_request(self, request: HttpRequest) -> None:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()


def set_language(request: HttpRequest) -> HttpResponseBase:
    """Switch the language; for somebody signed in, also of the messages the platform writes."""
    chosen = request.POST.get("language", "")
    if chosen in Language.values and isinstance(request.user, User):
        choose_language(Language(chosen), by=request.user)
    return i18n.set_language(request)
