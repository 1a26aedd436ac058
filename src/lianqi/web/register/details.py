"""Adding, correcting and taking back what stands beside an enterprise: one page per act."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lianqi.register.actions import (
    add_contact,
    add_fact,
    add_title,
    change_contact,
    change_title,
    place_in_chain,
    put_on_list,
    remove_contact,
    remove_title,
    take_off_list,
    take_out_of_chain,
    withdraw_fact,
)
from lianqi.register.actions.sources import fact_named, may_state, supplier_text
from lianqi.register.errors import StatedByOthers
from lianqi.register.models import ChainPlace, Contact, Enterprise, Fact, KeyList, Title
from lianqi.register.queries import (
    FactLine,
    contacts_of,
    observations_of,
    source_text,
    with_merged_ids,
)
from lianqi.shared.errors import Refusal
from lianqi.web.http import AuthedRequest
from lianqi.web.register.detail_forms import (
    ContactCorrection,
    ContactForm,
    FactForm,
    LayerForm,
    ListForm,
    PlaceForm,
    TitleForm,
)

UNPROCESSABLE = 422
reads_or_posts = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True, slots=True)
class Page:
    """What the one template of these forms shows: heading, form, and a button to take back.

    `is_open`: this person may send the form; otherwise the note says why not.
    """

    heading: str
    form: forms.Form
    note: str = ""
    is_open: bool = True
    history: tuple[FactLine, ...] = ()
    remove_url: str = ""
    remove_label: str = ""
    remove_question: str = ""


@reads_or_posts
def contact_add(request: AuthedRequest, enterprise_id: int) -> HttpResponse:
    enterprise = _open_to(request, enterprise_id, "register.keep_contacts")
    form = ContactForm(request.POST or None)

    def act() -> object:
        return add_contact(enterprise.pk, by=request.user, at=timezone.now(), **form.cleaned_data)

    return _answer(request, enterprise, Page(_("Add a contact"), form), act)


@reads_or_posts
def contact_correct(request: AuthedRequest, enterprise_id: int, contact_id: int) -> HttpResponse:
    """Correct a contact without seeing more of it than its page shows."""
    enterprise = _open_to(request, enterprise_id, "register.keep_contacts")
    contact = _part_of(Contact, enterprise, contact_id)
    (shown,) = [line for line in contacts_of([contact.enterprise_id]) if line.pk == contact.pk]
    form = ContactCorrection(request.POST or None, shown=shown)

    def act() -> object:
        return change_contact(contact.pk, by=request.user, at=timezone.now(), **form.cleaned_data)

    page = Page(
        _("Correct a contact"),
        form,
        remove_url=reverse("register:contact_remove", args=[enterprise.pk, contact.pk]),
        remove_label=_("Remove the contact"),
        remove_question=_("Remove this contact?"),
    )
    return _answer(request, enterprise, page, act)


@require_POST
def contact_remove(request: AuthedRequest, enterprise_id: int, contact_id: int) -> HttpResponse:
    enterprise = _open_to(request, enterprise_id, "register.keep_contacts")
    contact = _part_of(Contact, enterprise, contact_id)
    return _take_back(
        request,
        enterprise,
        lambda: remove_contact(contact.pk, by=request.user, at=timezone.now()),
        _("The contact was removed."),
    )


@reads_or_posts
def fact_add(request: AuthedRequest, enterprise_id: int) -> HttpResponse:
    enterprise = _open_to(request, enterprise_id, "register.state_facts")
    form = FactForm(
        request.POST or None,
        names_source=_names_source(request, enterprise),
        is_own=not request.user.has_perm("register.state_for_others", enterprise),
    )
    return _answer(
        request, enterprise, Page(_("Add a fact"), form), _stating(request, enterprise, form)
    )


@reads_or_posts
def fact_correct(request: AuthedRequest, enterprise_id: int, fact_id: int) -> HttpResponse:
    """All observations of one figure and period, and a form for the next, which then counts."""
    enterprise = _open_to(request, enterprise_id, "register.state_facts")
    fact = _part_of(Fact, enterprise, fact_id)
    form = FactForm(
        request.POST or None, names_source=_names_source(request, enterprise), fact=fact
    )
    is_open = may_state(request.user, enterprise, fact.key)
    history = observations_of(fact, with_merged_ids(enterprise))
    may_withdraw = fact.withdrawn_at is None and request.user.has_perm(
        "register.withdraw_fact", fact
    )
    page = Page(
        _("Correct: %(fact)s, %(period)s") % {"fact": history[0].label, "period": fact.period},
        form,
        note=_("A correction is a new observation. What was stated before stays in the history.")
        if is_open
        else _others(fact.key),
        is_open=is_open,
        history=tuple(history),
        remove_url=reverse("register:fact_withdraw", args=[enterprise.pk, fact.pk])
        if may_withdraw
        else "",
        remove_label=_("Withdraw the observation of %(source)s")
        % {"source": source_text(fact.source)},
        remove_question=_("Withdraw this observation? It stays in the history and counts no more."),
    )
    return _answer(request, enterprise, page, _stating(request, enterprise, form))


@require_POST
def fact_withdraw(request: AuthedRequest, enterprise_id: int, fact_id: int) -> HttpResponse:
    enterprise = _open_to(request, enterprise_id, "register.state_facts")
    fact = _part_of(Fact, enterprise, fact_id)
    return _take_back(
        request,
        enterprise,
        lambda: withdraw_fact(fact.pk, by=request.user, at=timezone.now()),
        _("The observation was withdrawn."),
    )


@reads_or_posts
def title_add(request: AuthedRequest, enterprise_id: int) -> HttpResponse:
    enterprise = _open_to(request, enterprise_id, "register.change")
    form = TitleForm(request.POST or None)

    def act() -> object:
        return add_title(enterprise.pk, by=request.user, at=timezone.now(), **form.cleaned_data)

    return _answer(request, enterprise, Page(_("Add a title"), form), act)


@reads_or_posts
def title_correct(request: AuthedRequest, enterprise_id: int, title_id: int) -> HttpResponse:
    enterprise = _open_to(request, enterprise_id, "register.change")
    title = _part_of(Title, enterprise, title_id)
    form = TitleForm(request.POST or None, initial=TitleForm.initial_of(title))

    def act() -> object:
        return change_title(title.pk, by=request.user, at=timezone.now(), **form.cleaned_data)

    page = Page(
        _("Correct a title"),
        form,
        note=_("A title that ends gets its last day. Remove only what was entered by mistake."),
        remove_url=reverse("register:title_remove", args=[enterprise.pk, title.pk]),
        remove_label=_("Remove the title"),
        remove_question=_("Remove this title?"),
    )
    return _answer(request, enterprise, page, act)


@require_POST
def title_remove(request: AuthedRequest, enterprise_id: int, title_id: int) -> HttpResponse:
    enterprise = _open_to(request, enterprise_id, "register.change")
    title = _part_of(Title, enterprise, title_id)
    return _take_back(
        request,
        enterprise,
        lambda: remove_title(title.pk, by=request.user, at=timezone.now()),
        _("The title was removed."),
    )


@reads_or_posts
def place_add(request: AuthedRequest, enterprise_id: int) -> HttpResponse:
    enterprise = _open_to(request, enterprise_id, "register.change")
    form = PlaceForm(request.POST or None)

    def act() -> object:
        return place_in_chain(
            enterprise.pk, by=request.user, at=timezone.now(), **form.cleaned_data
        )

    return _answer(request, enterprise, Page(_("Place in an industry chain"), form), act)


@reads_or_posts
def place_correct(request: AuthedRequest, enterprise_id: int, place_id: int) -> HttpResponse:
    enterprise = _open_to(request, enterprise_id, "register.change")
    place = get_object_or_404(enterprise.chain_places.select_related("chain"), pk=place_id)
    form = LayerForm(request.POST or None, initial={"layer": place.layer})

    def act() -> object:
        layer = form.cleaned_data["layer"]
        return place_in_chain(
            enterprise.pk, chain=place.chain, layer=layer, by=request.user, at=timezone.now()
        )

    page = Page(
        _("Place in the chain “%(chain)s”") % {"chain": place.chain},
        form,
        remove_url=reverse("register:place_remove", args=[enterprise.pk, place.pk]),
        remove_label=_("Take out of the chain"),
        remove_question=_("Take the enterprise out of this chain?"),
    )
    return _answer(request, enterprise, page, act)


@require_POST
def place_remove(request: AuthedRequest, enterprise_id: int, place_id: int) -> HttpResponse:
    enterprise = _open_to(request, enterprise_id, "register.change")
    place = _part_of(ChainPlace, enterprise, place_id)
    return _take_back(
        request,
        enterprise,
        lambda: take_out_of_chain(place.pk, by=request.user, at=timezone.now()),
        _("The enterprise was taken out of the chain."),
    )


@reads_or_posts
def list_add(request: AuthedRequest, enterprise_id: int) -> HttpResponse:
    enterprise = _open_to(request, enterprise_id, "register.change")
    form = ListForm(request.POST or None, enterprise=enterprise)

    def act() -> object:
        put_on_list(
            form.cleaned_data["key_list"],
            enterprise=enterprise,
            by=request.user,
            at=timezone.now(),
        )
        return None

    return _answer(request, enterprise, Page(_("Put on a key-enterprise list"), form), act)


@require_POST
def list_remove(request: AuthedRequest, enterprise_id: int, key_list_id: int) -> HttpResponse:
    enterprise = _open_to(request, enterprise_id, "register.change")
    on_it = KeyList.objects.filter(members__in=with_merged_ids(enterprise)).distinct()
    key_list = get_object_or_404(on_it, pk=key_list_id)
    return _take_back(
        request,
        enterprise,
        lambda: take_off_list(key_list, enterprise=enterprise, by=request.user, at=timezone.now()),
        _("The enterprise was taken off the list."),
    )


def _open_to(request: AuthedRequest, enterprise_id: int, permission: str) -> Enterprise:
    enterprise = get_object_or_404(Enterprise.objects.visible_to(request.user), pk=enterprise_id)
    if not request.user.has_perm(permission, enterprise):
        raise PermissionDenied
    return enterprise


def _part_of(model: type[Any], enterprise: Enterprise, pk: int) -> Any:
    """A record that the page of this enterprise shows: its own, or one of a merged entry."""
    rows = model.objects.filter(enterprise_id__in=with_merged_ids(enterprise))
    found: Model = get_object_or_404(rows.select_related("enterprise"), pk=pk)
    return found


def _others(name: str) -> str:
    """Why this person cannot correct a figure, and who can."""
    spec = fact_named(name)
    return (
        str(StatedByOthers(fact=spec.label, supplier=supplier_text(spec.supplier))) if spec else ""
    )


def _names_source(request: AuthedRequest, enterprise: Enterprise) -> bool:
    return request.user.has_perm("register.change", enterprise)


def _stating(
    request: AuthedRequest, enterprise: Enterprise, form: FactForm
) -> Callable[[], object]:
    def act() -> object:
        now = timezone.now()
        return add_fact(enterprise.pk, by=request.user, at=now, **form.statement(now=now))

    return act


def _answer(
    request: AuthedRequest, enterprise: Enterprise, page: Page, act: Callable[[], object]
) -> HttpResponse:
    """Show the form, or act: what is refused comes back with everything that was typed."""
    form = page.form
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return _back(enterprise)
    context = {"enterprise": enterprise, "page": page, "form": form}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "register/part.html", context, status=status)


def _take_back(
    request: AuthedRequest, enterprise: Enterprise, act: Callable[[], object], said: str
) -> HttpResponse:
    try:
        act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return _back(enterprise)


def _back(enterprise: Enterprise) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("register:detail", args=[enterprise.pk]), status=303)
