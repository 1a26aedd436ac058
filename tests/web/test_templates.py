"""The page shell: what its tags print, and rules that hold for every template."""

import datetime as dt
import json
import re
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup, Tag
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override

import lianqi.web
from lianqi.web.templatetags import lianqi_ui

WEB = Path(lianqi.web.__file__).parent
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
SPRITE = (WEB / "static/vendor/tabler-icons/sprite.svg").read_text(encoding="utf-8")


class DemandForm(forms.Form):
    title = forms.CharField(label="Title", help_text="One sentence.")
    urgency = forms.ChoiceField(choices=[("1", "normal")], widget=forms.RadioSelect)
    public = forms.BooleanField(required=False)
    secret = forms.CharField(widget=forms.HiddenInput)


def _one(soup: BeautifulSoup, selector: str) -> Tag:
    tag = soup.select_one(selector)
    assert tag is not None, selector
    return tag


def _render(source: str, **values: object) -> BeautifulSoup:
    html = Template("{% load lianqi_ui %}" + source).render(Context(values))
    return BeautifulSoup(html, "html.parser")


@pytest.mark.parametrize(
    ("amount_yuan", "chinese", "english"),
    [
        (Decimal(0), "0 元", "CNY 0"),
        (Decimal(-12500), "-1.25 万元", "CNY -12,500"),
        (Decimal("9999.99"), "9,999.99 元", "CNY 9,999.99"),
        (Decimal("9999.995"), "1 万元", "CNY 10,000"),
        (Decimal(10_000), "1 万元", "CNY 10,000"),
        (Decimal(99_500_000), "9,950 万元", "CNY 99.5 million"),
        (Decimal("99999949.99"), "9,999.99 万元", "CNY 100 million"),
        (Decimal(99_999_950), "1 亿元", "CNY 100 million"),
        (Decimal(1_250_000_000), "12.5 亿元", "CNY 1.25 billion"),
    ],
)
def test_wan_chooses_the_unit_after_rounding(
    amount_yuan: Decimal, chinese: str, english: str
) -> None:
    with override("zh-hans"):
        assert lianqi_ui.wan(amount_yuan) == chinese
    with override("en"):
        assert lianqi_ui.wan(amount_yuan) == english


def test_wan_of_nothing_is_no_data() -> None:
    with override("en"):
        assert lianqi_ui.wan(None) == "no data"


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (0, 0, ""),
        (3, 3, '<div class="lq-muted">few cases: 44% to 100%</div>'),
        (29, 29, '<div class="lq-muted">few cases: 88% to 100%</div>'),
        (30, 30, ""),
    ],
)
def test_a_rate_of_few_cases_says_how_sure_it_is(part: int, whole: int, shown: str) -> None:
    with override("en"):
        assert lianqi_ui.unsure(part, whole) == shown


@pytest.mark.parametrize(
    ("numerator", "denominator", "shown"),
    [
        (0, 0, "no data"),
        (None, 10, "no data"),
        (3, None, "no data"),
        (0, 7, "0.00%"),
        (6, 7, "85.71%"),
        (1, 80_000, "0.00%"),
        (1, 20_000, "0.01%"),
        (35_650, 35_650, "100.00%"),
        (Decimal("4.5"), Decimal(5), "90.00%"),
    ],
)
def test_rate_is_a_share_with_two_decimals_or_no_data(
    numerator: Decimal | int | None, denominator: Decimal | int | None, shown: str
) -> None:
    with override("en"):
        assert lianqi_ui.rate(numerator, denominator) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(35_650, "35,650"), (0, "0"), ("95.71%", "95.71%"), (None, "no data")]
)
def test_number_groups_thousands_and_leaves_words_alone(
    value: int | str | None, shown: str
) -> None:
    with override("en"):
        assert lianqi_ui.number(value) == shown


def test_local_shows_an_instant_in_the_time_of_the_zone() -> None:
    instant = dt.datetime(2026, 11, 20, 16, 30, tzinfo=dt.UTC)

    html = lianqi_ui.local(instant)

    assert html == '<time datetime="2026-11-21T00:30:00+08:00">2026-11-21 00:30</time>'


def test_local_shows_a_day_and_nothing_for_nothing() -> None:
    assert lianqi_ui.local(dt.date(2026, 11, 21)) == '<time datetime="2026-11-21">2026-11-21</time>'
    assert lianqi_ui.local(None) == ""


@pytest.mark.parametrize("item", ["red", SimpleNamespace(light="red")])
def test_a_light_says_its_colour_in_words(item: object) -> None:
    with override("en"):
        soup = _render("{% light item %}", item=item)

    assert _one(soup, "span").get_text(strip=True) == "Overdue"
    assert _one(soup, "span")["class"] == ["lq-badge", "lq-tone-red"]


def test_lights_differ_in_shape() -> None:
    icons = {
        str(_one(_render("{% light item %}", item=item), "use")["href"])
        for item in ("green", "amber", "red", "grey", "done")
    }

    assert len(icons) == 5


def test_an_unknown_light_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError):
        lianqi_ui.light("violet")


def test_a_field_ties_help_and_error_to_its_control() -> None:
    soup = _render("{% field form.title %}", form=DemandForm({"title": ""}))

    assert _one(soup, "input")["aria-describedby"] == "id_title_helptext id_title_error"
    assert _one(soup, "input")["aria-invalid"] == "true"
    assert _one(soup, "#id_title_helptext").get_text() == "One sentence."
    assert _one(soup, "#id_title_error")
    assert _one(soup, "label")["for"] == "id_title"


def test_a_field_without_errors_has_no_error_marks() -> None:
    soup = _render("{% field form.title %}", form=DemandForm())

    assert _one(soup, "input")["aria-describedby"] == "id_title_helptext"
    assert "aria-invalid" not in _one(soup, "input").attrs
    assert soup.select_one("#id_title_error") is None


def test_radio_buttons_stand_in_a_named_group() -> None:
    soup = _render("{% field form.urgency %}", form=DemandForm())

    assert _one(soup, "fieldset legend").get_text(strip=True).startswith("Urgency")
    assert _one(soup, "fieldset input")["class"] == ["form-check-input"]
    assert _one(soup, "fieldset label")["for"] == _one(soup, "fieldset input")["id"]


def test_a_check_box_has_its_label_behind_it() -> None:
    soup = _render("{% field form.public %}", form=DemandForm())

    assert _one(soup, "input + label")["for"] == "id_public"


def test_a_hidden_field_has_no_label() -> None:
    soup = _render("{% field form.secret %}", form=DemandForm())

    assert _one(soup, "input")["type"] == "hidden"
    assert soup.label is None


def test_form_errors_link_to_the_fields() -> None:
    soup = _render("{% form_errors form %}", form=DemandForm({}))

    assert _one(soup, "[role=alert]")
    assert _one(soup, "a")["href"] == "#id_title"


def test_form_errors_of_a_good_form_are_nothing() -> None:
    soup = _render("{% form_errors form %}", form=DemandForm())

    assert soup.get_text(strip=True) == ""


def test_the_pager_keeps_the_filters_and_drops_the_old_cursor() -> None:
    request = RequestFactory().get("/demands/", {"status": "filed", "after": "41", "q": "新 材料"})

    soup = _render('{% pager "82" "42" %}', request=request)

    assert [link["href"] for link in soup.find_all("a")] == [
        "?status=filed&q=%E6%96%B0+%E6%9D%90%E6%96%99&before=42",
        "?status=filed&q=%E6%96%B0+%E6%9D%90%E6%96%99&after=82",
    ]


def test_the_pager_of_a_single_page_is_nothing() -> None:
    soup = _render("{% pager %}", request=RequestFactory().get("/"))

    assert soup.get_text(strip=True) == ""


def test_the_pager_says_that_it_stopped_counting() -> None:
    with override("en"):
        soup = _render("{% pager count=10000 capped=True %}", request=RequestFactory().get("/"))

    assert _one(soup, "span").get_text(strip=True) == "more than 10,000 records"


def test_the_filter_bar_offers_a_reset_only_when_something_is_filtered() -> None:
    quiet = _render("{% filters form %}", form=DemandForm(), request=RequestFactory().get("/x/"))
    asked = _render(
        "{% filters form %}", form=DemandForm(), request=RequestFactory().get("/x/?a=1")
    )

    assert quiet.find("a") is None
    assert _one(asked, "a")["href"] == "/x/"


def test_crumbs_end_with_the_page_itself() -> None:
    soup = _render('{% crumbs "Demands" "/demands/" "2026-1" %}')

    assert _one(soup, "a")["href"] == "/demands/"
    assert _one(soup, "[aria-current=page]").get_text() == "2026-1"


def test_an_empty_state_says_what_to_do_next() -> None:
    soup = _render('{% empty_state "inbox" "Nothing" "File one" "/new/" "File" %}')

    assert _one(soup, ".lq-empty-next").get_text() == "File one"
    assert _one(soup, "a")["href"] == "/new/"


def test_text_of_users_is_escaped() -> None:
    soup = _render("{% badge label %}", label="<b>bold</b>")

    assert soup.find("b") is None


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_gallery_renders_the_shell(language: str) -> None:
    row = SimpleNamespace(
        number="1", title="t", enterprise="e", light="red", due_at=None, amount_yuan=Decimal(1)
    )
    nav = [SimpleNamespace(label="Inbox", url="/inbox/", icon="inbox", active=True, count=2)]
    values = {
        "request": RequestFactory().get("/gallery/"),
        "zone_name": "云岭高新区",
        "nav": nav,
        "user": SimpleNamespace(is_authenticated=True),
        "unread_notices": 3,
        "capital_yuan": Decimal(1),
        "closed": 0,
        "filed": 0,
        "rows": [row],
        "tones": ["blue"],
        "form": DemandForm({}),
        "filter_form": DemandForm(),
        "events": [{"title": "filed", "at": dt.date(2026, 11, 21)}],
    }

    with override(language):
        html = Template('{% extends "components/gallery.html" %}').render(Context(values))

    soup = BeautifulSoup(html, "html.parser")
    assert _one(soup, "html")["lang"] == language
    assert len(soup.find_all("h1")) == 1
    assert _one(soup, "a.lq-skip")["href"] == "#main"
    assert _one(soup, "main")["id"] == "main"
    assert _one(soup, "[aria-current=page]")["href"] == "/inbox/"
    assert _one(soup, "#messages")["role"] == "status"
    ids = [str(tag["id"]) for tag in soup.select("[id]:not([id^=id_])")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_no_template_has_inline_style_or_script(template: Path) -> None:
    text = template.read_text(encoding="utf-8")

    assert not re.search(r"\sstyle=|<style|\son[a-z]+=", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_every_icon_asked_for_is_in_the_sprite(template: Path) -> None:
    text = template.read_text(encoding="utf-8")

    names = set(re.findall(r'{% icon "([^"]+)"', text))

    assert {name for name in names if f'id="{name}"' not in SPRITE} == set()


def test_style_sheets_point_to_no_other_file() -> None:
    for sheet in (WEB / "static").rglob("*.css"):
        urls = re.findall(r"url\(\s*[\"']?([^)\"']+)", sheet.read_text(encoding="utf-8"))

        assert [url for url in urls if not url.startswith(("data:", "#"))] == [], sheet.name


@pytest.mark.parametrize(
    ("package", "file", "mark"),
    [
        ("htmx.org", "htmx/htmx.min.js", "{}"),
        ("@tabler/core", "tabler/tabler.min.css", "Tabler v{}"),
    ],
)
def test_vendored_files_are_of_the_pinned_version(package: str, file: str, mark: str) -> None:
    pinned = json.loads((WEB.parents[2] / "package.json").read_text(encoding="utf-8"))

    text = (WEB / "static/vendor" / file).read_text(encoding="utf-8")

    assert mark.format(pinned["devDependencies"][package]) in text


@pytest.mark.parametrize("folder", ["htmx", "tabler", "tabler-icons"])
def test_vendored_files_carry_their_licence(folder: str) -> None:
    assert (WEB / "static/vendor" / folder / "LICENSE").stat().st_size > 500
