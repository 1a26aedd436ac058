"""Gateways against servers that speak the providers' language."""

import datetime as dt
import hashlib
import hmac
import json
import socket
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from lianqi.engines.http import Unreachable, request
from lianqi.notices.channels import AliyunSms, Away, NotTaken, Outgoing, SignedSms, WecomApp
from lianqi.notices.channels.sms import acs3_headers
from tests.notices.http_server import Asked, Provider, Said, provider

AT = dt.datetime(2026, 3, 2, 2, 0, tzinfo=dt.UTC)
MESSAGE = Outgoing("13800138000", "诉求已答复", "SQ1 路灯不亮", "https://qy.example.cn/d/1/", "n-1")
TO_ANNA = Outgoing("anna", "诉求已答复", "SQ1 路灯不亮", "", "n-1")


@pytest.fixture
def there() -> Iterator[Provider]:
    with provider() as known:
        yield known


def query_of(asked: Asked) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(asked.path).query).items()}


# --- One request -----------------------------------------------------------------------------
def test_a_redirect_is_an_answer_and_is_not_followed(there: Provider) -> None:
    there.answer = lambda _: Said(302, headers={"Location": "http://127.0.0.1:1/secret"})

    answer = request("POST", there.url, body=b"x")

    assert (answer.status, len(there.asked)) == (302, 1)


def test_an_answer_that_never_ends_is_cut(there: Provider) -> None:
    there.answer = lambda _: Said(body="x" * 200_000)

    assert len(request("GET", there.url).body) == 64 * 1024


def test_a_server_that_takes_too_long_is_given_up(there: Provider) -> None:
    there.answer = lambda _: Said(after_seconds=0.5)

    with pytest.raises(Unreachable):
        request("GET", there.url, seconds=0.1)


def test_an_error_names_neither_address_nor_secret() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    with pytest.raises(Unreachable) as trouble:
        request("GET", f"http://127.0.0.1:{port}/?secret=abc")

    assert str(trouble.value) == "connection refused"


def test_the_address_is_pinned_whatever_the_name_says(there: Provider) -> None:
    port = urlsplit(there.url).port

    answer = request("GET", f"http://no-such-name.invalid:{port}/x", address="127.0.0.1")

    assert answer.status == 200
    assert there.asked[0].headers["host"] == f"no-such-name.invalid:{port}"


# --- A signed gateway ------------------------------------------------------------------------
def test_a_text_message_is_signed_and_carries_its_key(there: Provider) -> None:
    there.answer = lambda _: Said(body='{"reference": "r-7"}')

    reference = SignedSms(url=f"{there.url}/send", secret="geheim").send(MESSAGE, at=AT)

    asked = there.asked[0]
    stamp = asked.headers["x-lianqi-timestamp"]
    expected = hmac.new(b"geheim", f"{stamp}.".encode() + asked.body, hashlib.sha256).hexdigest()
    assert (reference, stamp) == ("r-7", str(int(AT.timestamp())))
    assert asked.headers["x-lianqi-signature"] == expected
    assert json.loads(asked.body) == {
        "id": "n-1",
        "to": "13800138000",
        "text": "诉求已答复\nSQ1 路灯不亮\nhttps://qy.example.cn/d/1/",
    }


@pytest.mark.parametrize(
    ("said", "trouble"),
    [
        (Said(400), NotTaken),
        (Said(401), Away),
        (Said(429), Away),
        (Said(503), Away),
        (Said(200, "<html>"), Away),
    ],
)
def test_who_is_to_blame_decides_what_follows(
    there: Provider, said: Said, trouble: type[Exception]
) -> None:
    there.answer = lambda _: said

    with pytest.raises(trouble):
        SignedSms(url=there.url, secret="s").send(MESSAGE, at=AT)


def test_a_provider_may_say_how_long_to_wait(there: Provider) -> None:
    there.answer = lambda _: Said(429, headers={"Retry-After": "90"})

    with pytest.raises(Away) as away:
        SignedSms(url=there.url, secret="s").send(MESSAGE, at=AT)

    assert away.value.wait == dt.timedelta(seconds=90)


@pytest.mark.parametrize("number", ["", "010-12345678", "12345678901", "1380013800"])
def test_what_is_no_mobile_number_costs_nothing(there: Provider, number: str) -> None:
    wrong = Outgoing(number, "a", "b", "", "k")

    with pytest.raises(NotTaken) as refused:
        SignedSms(url=there.url, secret="s").send(wrong, at=AT)

    assert (refused.value.is_final, there.asked) == (True, [])


@pytest.mark.parametrize("number", ["13800138000", "+86 138-0013-8000", "8613800138000"])
def test_a_mobile_number_is_written_in_many_ways(there: Provider, number: str) -> None:
    SignedSms(url=there.url, secret="s").send(Outgoing(number, "a", "b", "", "k"), at=AT)

    assert json.loads(there.asked[0].body)["to"] == "13800138000"


def test_a_long_text_is_cut_and_its_link_is_kept() -> None:
    long = Outgoing("", "标题", "长" * 500, "https://qy.example.cn/1/", "k")

    text = long.in_one(200)

    assert len(text) == 200
    assert text.endswith("长…\nhttps://qy.example.cn/1/")


# --- Aliyun ----------------------------------------------------------------------------------
def test_the_signature_is_the_one_that_aliyun_publishes() -> None:
    """The worked example of the documentation of signature version 3."""
    headers = acs3_headers(
        "RunInstances",
        "2014-05-26",
        host="ecs.cn-shanghai.aliyuncs.com",
        query={
            "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
            "RegionId": "cn-shanghai",
        },
        key_id="YourAccessKeyId",
        secret="YourAccessKeySecret",
        nonce="3156853299f313e23d1673dc12e1703d",
        at=dt.datetime(2023, 10, 26, 10, 22, 32, tzinfo=dt.UTC),
    )

    assert headers["Authorization"].endswith(
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def aliyun(there: Provider) -> AliyunSms:
    return AliyunSms(
        key_id="id", secret="geheim", sign_name="云岭高新区", template="SMS_1", endpoint=there.url
    )


def test_aliyun_gets_the_template_with_its_values(there: Provider) -> None:
    there.answer = lambda _: Said(body='{"Code": "OK", "BizId": "b-1"}')

    reference = aliyun(there).send(MESSAGE, at=AT)

    asked = query_of(there.asked[0])
    assert reference == "b-1"
    assert (asked["PhoneNumbers"], asked["SignName"], asked["OutId"]) == (
        "13800138000", "云岭高新区", "n-1",
    )  # fmt: skip
    assert json.loads(asked["TemplateParam"]) == {"title": "诉求已答复", "text": "SQ1 路灯不亮"}
    assert there.asked[0].headers["x-acs-action"] == "SendSms"


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        ("isv.MOBILE_NUMBER_ILLEGAL", NotTaken),
        ("isv.BUSINESS_LIMIT_CONTROL", Away),
        ("SignatureDoesNotMatch", Away),
        ("", Away),
    ],
)
def test_aliyun_says_what_is_wrong_in_a_code(
    there: Provider, code: str, trouble: type[Exception]
) -> None:
    there.answer = lambda _: Said(400, json.dumps({"Code": code}))

    with pytest.raises(trouble) as raised:
        aliyun(there).send(MESSAGE, at=AT)

    assert "geheim" not in str(raised.value)


# --- WeCom -----------------------------------------------------------------------------------
def wecom(there: Provider) -> WecomApp:
    return WecomApp(corp_id="corp", secret="geheim", agent_id=7, endpoint=there.url)


def speaks_wecom(there: Provider, *messages: dict[str, object]) -> None:
    """Every asking gives another token; messages are answered one after the other, the last on."""
    answers = list(messages) or [{"errcode": 0, "msgid": "m-1"}]

    def answer(asked: Asked) -> Said:
        if "gettoken" in asked.path:
            count = sum("gettoken" in each.path for each in there.asked)
            token = {"errcode": 0, "access_token": f"token-{count}", "expires_in": 7200}
            return Said(body=json.dumps(token))
        return Said(body=json.dumps(answers.pop(0) if len(answers) > 1 else answers[0]))

    there.answer = answer


def tokens_asked(there: Provider) -> int:
    return sum("gettoken" in each.path for each in there.asked)


def test_a_token_serves_until_shortly_before_its_end(there: Provider) -> None:
    speaks_wecom(there)
    app = wecom(there)

    app.send(TO_ANNA, at=AT)
    app.send(TO_ANNA, at=AT + dt.timedelta(minutes=114))
    before = tokens_asked(there)
    app.send(TO_ANNA, at=AT + dt.timedelta(minutes=115))

    assert (before, tokens_asked(there)) == (1, 2)


def test_a_message_says_to_whom_and_is_known_again(there: Provider) -> None:
    speaks_wecom(there)

    reference = wecom(there).send(TO_ANNA, at=AT)

    sent = json.loads(there.asked[-1].body)
    assert reference == "m-1"
    assert (sent["touser"], sent["agentid"], sent["enable_duplicate_check"]) == ("anna", 7, 1)
    assert sent["text"]["content"] == "诉求已答复\nSQ1 路灯不亮"
    assert query_of(there.asked[-1]) == {"access_token": "token-1"}


def test_a_token_taken_back_is_asked_for_anew_once(there: Provider) -> None:
    speaks_wecom(there, {"errcode": 42001}, {"errcode": 0, "msgid": "m-2"})

    reference = wecom(there).send(TO_ANNA, at=AT)

    assert (reference, tokens_asked(there)) == ("m-2", 2)
    assert query_of(there.asked[-1]) == {"access_token": "token-2"}


def test_a_token_that_never_holds_is_no_endless_loop(there: Provider) -> None:
    speaks_wecom(there, {"errcode": 40014})

    with pytest.raises(Away):
        wecom(there).send(TO_ANNA, at=AT)

    assert len(there.asked) == 4


@pytest.mark.parametrize(
    ("said", "trouble"),
    [
        ({"errcode": 81013}, NotTaken),
        ({"errcode": 0, "invaliduser": "anna"}, NotTaken),
        ({"errcode": 0, "unlicenseduser": "anna"}, NotTaken),
        ({"errcode": 45009}, Away),
        ({"errcode": -1}, Away),
        ({"errcode": 60020}, Away),
        ({}, Away),
    ],
)
def test_wecom_says_what_is_wrong_in_a_code(
    there: Provider, said: dict[str, object], trouble: type[Exception]
) -> None:
    speaks_wecom(there, said)

    with pytest.raises(trouble) as raised:
        wecom(there).send(TO_ANNA, at=AT)

    assert "token" not in str(raised.value)
    assert "geheim" not in str(raised.value)


def test_without_a_token_nothing_is_sent(there: Provider) -> None:
    there.answer = lambda _: Said(body='{"errcode": 40001, "errmsg": "invalid credential"}')

    with pytest.raises(Away):
        wecom(there).send(TO_ANNA, at=AT)

    assert len(there.asked) == 1
