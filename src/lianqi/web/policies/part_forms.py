"""Forms of the parts of a document: aspects, articles, duties, overlaps, measures."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianqi.engines.text import DividedArticle, divide_articles
from lianqi.policies.actions import ArticleTerms, MeasureTerms
from lianqi.policies.enums import Applicant, ArticleKind
from lianqi.policies.models import PolicyArticle, PolicyAspect, PolicyDocument, PolicyMeasure
from lianqi.web.demands.forms import text_area
from lianqi.web.plans.forms import choose_from, lasting_units
from lianqi.web.sums import MoneyField, written

MOST_PASTED = 100_000
TICKED, MISSING, EVERY = "ticked", "missing", "every"


class AspectForm(forms.Form):
    titles = forms.CharField(
        label=_("Headings of aspects"),
        max_length=2000,
        widget=text_area(3),
        help_text=_("One a line, in their order."),
    )

    def values(self) -> list[str]:
        return [line for line in map(str.strip, self.cleaned_data["titles"].splitlines()) if line]


class DivideForm(forms.Form):
    """The text of a policy, to be broken into articles."""

    text = forms.CharField(
        label=_("Text of the policy"),
        max_length=MOST_PASTED,
        widget=text_area(8),
        help_text=_(
            "Articles are found by 第…条, （一） or 1.; without such marks every line is one. "
            "Short lines with 一、 or 第…章 become aspects."
        ),
    )

    def parts(self) -> list[DividedArticle]:
        return divide_articles(self.cleaned_data["text"])


class ArticleForm(forms.Form):
    """One article."""

    number = forms.CharField(label=_("Number"), max_length=30)
    aspect = forms.ModelChoiceField(
        PolicyAspect.objects.none(),
        label=_("Aspect"),
        required=False,
        empty_label=_("not known"),
    )
    title = forms.CharField(
        label=pgettext_lazy("policy", "Heading"), max_length=120, required=False
    )
    wording = forms.CharField(
        label=_("Wording"), max_length=5000, required=False, widget=text_area(5)
    )
    wording_note = forms.CharField(
        label=_("Why there is no wording"),
        max_length=200,
        required=False,
        help_text=_("For example: the source prints no wording."),
    )
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", "—"), *ArticleKind.choices]
    )
    covers_aspect = forms.BooleanField(
        label=_("Stands for the whole aspect, which the source divides no further"),
        required=False,
    )

    def __init__(self, *args: Any, document: PolicyDocument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "aspect", document.aspects.order_by("position"))

    @classmethod
    def initial_of(cls, article: PolicyArticle) -> dict[str, Any]:
        return {name: getattr(article, name) for name in cls.base_fields}

    def terms(self) -> ArticleTerms:
        return ArticleTerms(**self.cleaned_data)


def lead_field(*, required: bool) -> "forms.ModelChoiceField[Any]":
    return forms.ModelChoiceField(
        lasting_units(),
        label=_("Lead department"),
        required=required,
        help_text=_("Exactly one."),
    )


def responsible_field(*, required: bool) -> "forms.ModelMultipleChoiceField[Any]":
    return forms.ModelMultipleChoiceField(
        lasting_units(),
        label=_("Responsible units"),
        required=required,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("One at least; the lead department may be among them."),
    )


class AssignForm(forms.Form):
    """The duty of several articles: the ticked ones, those of an aspect, those without a duty."""

    which = forms.ChoiceField(label=_("For"), required=False)
    lead = lead_field(required=False)
    responsible = responsible_field(required=False)

    def __init__(self, *args: Any, document: PolicyDocument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._document = document
        which = self.fields["which"]
        assert isinstance(which, forms.ChoiceField)
        which.choices = [
            (TICKED, _("the ticked articles")),
            (MISSING, _("all articles without complete duty")),
            (EVERY, _("all articles")),
            *((str(each.pk), each.title) for each in document.aspects.order_by("position")),
        ]

    def chosen(self, ticked: list[int]) -> list[int]:
        """The articles that are meant."""
        articles = self._document.articles.all()
        which = self.cleaned_data["which"] or TICKED
        if which == TICKED:
            return ticked
        if which == MISSING:
            articles = articles.without_duty()
        elif which != EVERY:
            articles = articles.filter(aspect_id=int(which))
        return list(articles.values_list("pk", flat=True))


class ResponsibleForm(forms.Form):
    responsible = responsible_field(required=False)


class FlagForm(forms.Form):
    text = forms.CharField(label=_("Which duties overlap"), max_length=1000, widget=text_area(2))


class SettleForm(forms.Form):
    lead = lead_field(required=True)
    responsible = responsible_field(required=True)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=text_area(2),
        help_text=_("All units concerned read it."),
    )


class MeasureForm(forms.Form):
    """One measure that can be applied for."""

    key = forms.CharField(
        label=_("Key"), max_length=30, help_text=_("Short and lasting, as HRB-01.")
    )
    title = forms.CharField(label=_("Title"), max_length=150)
    applicant = forms.ChoiceField(label=_("Applicant"), choices=Applicant.choices)
    article = forms.ModelChoiceField(
        PolicyArticle.objects.none(),
        label=_("Article"),
        required=False,
        empty_label=_("not known"),
    )
    description = forms.CharField(
        label=_("What is granted"), max_length=2000, required=False, widget=text_area(3)
    )
    pack_measure = forms.CharField(
        label=_("Rule"),
        max_length=80,
        required=False,
        help_text=_("Key of the executable rule that decides about it, once there is one."),
    )
    limit = MoneyField(
        label=_("Limit"),
        required=False,
        help_text=_("What it can give in all, with its unit, as 500亿元. Empty: none is named."),
    )
    is_planned = forms.BooleanField(
        label=_("It is only planned"),
        required=False,
        help_text=_("Nothing can be applied for, and its limit is no money yet."),
    )

    def __init__(self, *args: Any, document: PolicyDocument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "article", document.articles.in_order())

    @classmethod
    def initial_of(cls, measure: PolicyMeasure) -> dict[str, Any]:
        known = {name: getattr(measure, name) for name in cls.base_fields}
        return known | {"limit": written(measure.limit)}

    def terms(self) -> MeasureTerms:
        given = {**self.cleaned_data}
        given["applicant"] = Applicant(given["applicant"])
        return MeasureTerms(**given)
