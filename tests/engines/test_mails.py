"""Reading mails: text out of markup, attachments, and what no person wrote."""

from email.message import EmailMessage

import pytest

from lianqi.engines.mails import read_mail, text_of_html


def written(**headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "李娜 <Li.Na@Example.org>"
    message["Subject"] = "厂区停电"
    message["Message-ID"] = "<one@example.org>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("本周停电三次。")
    return message


def test_a_mail_is_read() -> None:
    message = written()
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="证明.pdf")

    mail = read_mail(message.as_bytes())

    assert (mail.sender, mail.sender_name) == ("li.na@example.org", "李娜")
    assert (mail.subject, mail.text, mail.automatic) == ("厂区停电", "本周停电三次。", "")
    assert mail.message_id == "one@example.org"
    assert [(each.name, each.content) for each in mail.attachments] == [("证明.pdf", b"%PDF-1.4")]


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"Auto_Submitted": "auto-replied"}, "Auto-Submitted: auto-replied"),
        ({"Auto_Submitted": "no"}, ""),
        ({"Precedence": "bulk"}, "Precedence: bulk"),
        ({"Precedence": "first-class"}, ""),
        ({"List_Id": "<news.example.org>"}, "List-Id"),
        ({"Return_Path": "<>"}, "Return-Path: <>"),
        ({"Return_Path": "<li@example.org>"}, ""),
    ],
)
def test_what_no_person_wrote_is_told(headers: dict[str, str], why: str) -> None:
    assert read_mail(written(**headers).as_bytes()).automatic == why


def test_a_bounce_is_told() -> None:
    raw = b'Content-Type: multipart/report; boundary="x"\r\nFrom: a@b.cn\r\n\r\n--x--\r\n'

    assert read_mail(raw).automatic == "multipart/report"


def test_markup_becomes_text() -> None:
    message = written()
    message.set_content(
        "<p>停电<b>三次</b></p><script>alert(1)</script><p>请协调</p>", subtype="html"
    )

    assert read_mail(message.as_bytes()).text == "停电三次\n请协调"
    assert text_of_html("<style>p{}</style>a<br>b&nbsp;c &lt;d&gt;") == "a\nb c <d>"
    assert text_of_html("<p>没有结束") == "没有结束"


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"From: \r\n\r\n", b"no header at all"])
def test_what_is_broken_is_empty_and_has_an_id(raw: bytes) -> None:
    mail = read_mail(raw)

    assert mail.sender in {"", "@"}
    assert len(mail.message_id) == 64


def test_an_unknown_charset_is_read_as_far_as_possible() -> None:
    raw = (
        b"From: a@b.cn\r\nContent-Type: text/plain; charset=nobody-knows\r\n\r\n" + "停电".encode()
    )

    assert read_mail(raw).text == "停电"
