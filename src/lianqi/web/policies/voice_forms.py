"""Forms of interpretations, questions and answers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import ENTERPRISE_ROLES, Scope
from lianqi.accounts.models import User
from lianqi.policies.models import PolicyArticle, PolicyDocument
from lianqi.register.models import Enterprise
from lianqi.web.demands.forms import choosing, text_area
from lianqi.web.plans.forms import choose_from


class NoteForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(
        label=_("Text"),
        max_length=10_000,
        widget=text_area(8),
        help_text=_("In words that an enterprise understands: who, what, how much, until when."),
    )


class AskForm(forms.Form):
    """A question of an enterprise; which one is asked only of people who act for several."""

    enterprise = forms.ModelChoiceField(
        Enterprise.objects.none(), label=_("Enterprise"), empty_label=None
    )
    article = forms.ModelChoiceField(
        PolicyArticle.objects.none(),
        label=_("Article"),
        required=False,
        empty_label=_("the policy as a whole"),
    )
    text = forms.CharField(label=_("Your question"), max_length=1000, widget=text_area(3))

    def __init__(self, *args: Any, document: PolicyDocument, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = user.scope_ids(Scope.ENTERPRISE, *ENTERPRISE_ROLES)
        firms = Enterprise.objects.living().filter(pk__in=own).order_by("pk")
        choose_from(self, "enterprise", firms)
        choose_from(self, "article", document.articles.in_order())
        if len(own) == 1:
            self.fields["enterprise"].initial = own[0]
            self.fields["enterprise"].widget = forms.HiddenInput()


class AnswerForm(forms.Form):
    answer = forms.CharField(label=_("Answer"), max_length=3000, widget=text_area(5))
    is_published = forms.BooleanField(
        label=_("Everybody may read question and answer; the enterprise is not named"),
        required=False,
        initial=True,
    )


class QuestionFilter(forms.Form):
    waiting = forms.BooleanField(
        label=_("Not answered yet"), required=False, widget=forms.CheckboxInput()
    )
    mine = forms.ChoiceField(
        label=_("Department that answers"),
        required=False,
        choices=[("", _("All")), ("own", _("My unit"))],
        widget=choosing(),
    )
