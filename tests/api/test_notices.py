"""One's own notices and choices over JSON."""

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.notices.models import Notice, TopicChoice
from tests.api.conftest import Call
from tests.factories import AT, grant, make_user


def dispatcher() -> User:
    return grant(make_user(), Role.DISPATCHER)


def notice(person: User, key: str) -> Notice:
    return Notice.objects.create(
        person=person, event="demand.filed", title=key, created_at=AT, dedupe_key=key
    )


def test_own_notices_come_in_pages_and_nobody_elses(call: Call) -> None:
    mine, other = dispatcher(), dispatcher()
    rows = [notice(mine, str(number)) for number in range(3)]
    notice(other, "other")

    _, first = call("GET", "/notices?limit=2", by=mine)
    _, second = call("GET", f"/notices?limit=2&before={first['next_before']}", by=mine)

    shown = [row["id"] for page in (first, second) for row in page["notices"]]
    assert shown == [row.pk for row in reversed(rows)]
    assert second["next_before"] is None


def test_reading_marks_the_own_ones_only(call: Call) -> None:
    mine, other = dispatcher(), dispatcher()
    own, foreign = notice(mine, "1"), notice(other, "1")

    status, said = call("POST", "/notices/read", {"ids": [own.pk, foreign.pk]}, by=mine)
    _, unread = call("GET", "/notices?unread=true", by=mine)

    assert (status, said, unread["notices"]) == (200, {"marked": 1}, [])
    foreign.refresh_from_db()
    assert foreign.read_at is None


def test_choices_are_read_changed_and_refused_as_on_the_page(call: Call) -> None:
    mine = dispatcher()
    body = {
        "quiet_from": "21:00:00",
        "quiet_until": "06:30:00",
        "digest_at": "08:00:00",
        "topics": [{"topic": "demands", "channels": ["wecom"], "digest": True}],
    }

    _, before = call("GET", "/notices/choices", by=mine)
    status, after = call("PUT", "/notices/choices", body, by=mine)
    half, refused = call("PUT", "/notices/choices", body | {"quiet_until": None}, by=mine)
    wait = {"topics": [{"topic": "deadlines", "channels": ["mail"], "digest": True}]}
    late, obligatory = call("PUT", "/notices/choices", body | wait, by=mine)

    topics = {row["topic"]: row for row in before["topics"]}
    assert topics["deadlines"] == {
        "topic": "deadlines", "channels": ["mail"], "digest": False, "obligatory": True,
    }  # fmt: skip
    assert (status, after["quiet_from"], after["digest_at"]) == (200, "21:00:00", "08:00:00")
    assert TopicChoice.objects.get(person=mine).channels == ["wecom"]
    assert (half, refused["code"]) == (409, "quiet_hours_half")
    assert (late, obligatory["code"]) == (409, "topic_obligatory")
