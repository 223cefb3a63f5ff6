"""Sending e-mail to a real SMTP server that answers as scripted."""

import ssl
import subprocess
from base64 import b64decode
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.support.smtp import (
    CLOSE,
    HANG,
    KEEP_THEN_CLOSE,
    ScriptedSmtpServer,
    Stage,
    scripted_smtp_server,
    smtp_server,
)
from tracker.gateways.mail import (
    BadSmtpUrl,
    Mail,
    OutcomeUnknown,
    PermanentFailure,
    SmtpSender,
    TemporaryFailure,
    compose,
)

__all__ = ["smtp_server"]

MAIL = Mail(
    key="overdue:T137:2022-10-10:U5:mail",
    sender="duchashi@city.gov.cn",
    sender_name="市政府督查室",
    recipient="lianluo@edu.city.gov.cn",
    subject="【督办】第48项逾期3日",
    text="请尽快反馈。\n.\n.以点开头的一行\n",
    written_at=datetime(2022, 10, 10, 1, 0, tzinfo=UTC),
)


def _send(server: ScriptedSmtpServer, mail: Mail = MAIL, *, timeout_s: float = 5) -> str:
    with SmtpSender(server.url, timeout_s=timeout_s).prepare(mail) as prepared:
        return prepared.hand_over()


def test_a_mail_arrives_word_for_word_with_its_key(smtp_server: ScriptedSmtpServer) -> None:
    assert _send(smtp_server) == "250 OK queued"
    (received,) = smtp_server.received
    assert (received.sender, received.recipients) == (MAIL.sender, (MAIL.recipient,))
    message = received.message
    assert received.key == MAIL.key
    assert message["Subject"] == MAIL.subject
    assert message["From"].addresses[0].display_name == "市政府督查室"
    assert message["Date"].datetime == MAIL.written_at
    assert message.get_content().replace("\r\n", "\n") == MAIL.text


def test_nothing_is_handed_over_before_the_caller_says_so(smtp_server: ScriptedSmtpServer) -> None:
    with SmtpSender(smtp_server.url).prepare(MAIL):
        pass
    assert smtp_server.received == []


def test_the_same_row_has_the_same_message_id_and_another_row_another_one() -> None:
    def identity(mail: Mail) -> str:
        return str(message_from_bytes(compose(mail), policy=policy.default)["Message-ID"])

    later = replace(MAIL, subject="补发", written_at=datetime(2022, 10, 11, tzinfo=UTC))
    assert identity(MAIL) == identity(later)
    assert identity(MAIL).endswith("@city.gov.cn>")
    assert identity(MAIL) != identity(replace(MAIL, key="overdue:T138"))


def test_a_long_key_travels_unbroken(smtp_server: ScriptedSmtpServer) -> None:
    key = "overdue:" + "T137-" * 30
    _send(smtp_server, replace(MAIL, key=key))
    assert f"X-Tracker-Key: {key}\r\n".encode() in smtp_server.received[0].raw


def test_an_html_part_comes_beside_the_text(smtp_server: ScriptedSmtpServer) -> None:
    _send(smtp_server, replace(MAIL, html="<p>请尽快反馈。</p>"))
    parts = smtp_server.received[0].message.iter_parts()
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]


@pytest.mark.parametrize("stage", ["connect", "mail", "rcpt", "data", "text"])
def test_a_4xx_answer_at_any_stage_is_temporary(smtp_server: ScriptedSmtpServer, stage: Stage) -> None:
    smtp_server.answer(stage, "451 4.3.0 later")
    with pytest.raises(TemporaryFailure) as failure:
        _send(smtp_server)
    assert "451" in str(failure.value.facts["reply"])
    assert _send(smtp_server) == "250 OK queued"


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data", "text"])
def test_a_5xx_answer_about_the_message_is_for_good(smtp_server: ScriptedSmtpServer, stage: Stage) -> None:
    smtp_server.answer(stage, "550 5.1.1 no such mailbox")
    with pytest.raises(PermanentFailure) as failure:
        _send(smtp_server)
    assert failure.value.facts["reply"] == "550 5.1.1 no such mailbox"
    assert smtp_server.received == []


@pytest.mark.parametrize(("stage", "reply"), [("connect", "554 closed today"), ("mail", "530 log in first")])
def test_a_5xx_answer_about_the_server_is_temporary(smtp_server: ScriptedSmtpServer, stage: Stage, reply: str) -> None:
    smtp_server.answer(stage, reply)
    with pytest.raises(TemporaryFailure):
        _send(smtp_server)


@pytest.mark.parametrize("stage", ["connect", "mail", "rcpt", "data"])
@pytest.mark.parametrize("fault", [CLOSE, HANG])
def test_a_line_that_breaks_before_the_text_leaves_it_certainly_unsent(
    smtp_server: ScriptedSmtpServer, stage: Stage, fault: str
) -> None:
    smtp_server.answer(stage, fault)
    with pytest.raises(TemporaryFailure):
        _send(smtp_server, timeout_s=0.5)
    assert smtp_server.received == []


@pytest.mark.parametrize(("fault", "arrived"), [(CLOSE, 0), (HANG, 0), (KEEP_THEN_CLOSE, 1)])
def test_a_line_that_breaks_after_the_text_leaves_the_outcome_unknown(
    smtp_server: ScriptedSmtpServer, fault: str, arrived: int
) -> None:
    smtp_server.answer("text", fault)
    with pytest.raises(OutcomeUnknown):
        _send(smtp_server, timeout_s=0.5)
    assert len(smtp_server.received) == arrived


def test_a_server_that_is_away_is_temporary() -> None:
    with scripted_smtp_server() as server:
        address = server.url
    with pytest.raises(TemporaryFailure):
        SmtpSender(address).prepare(MAIL)


@pytest.mark.parametrize(
    "mail",
    [
        replace(MAIL, subject="催办\r\nBcc: all@city.gov.cn"),
        replace(MAIL, subject="催办\n正文"),
        replace(MAIL, sender_name="督查室\r\nX: 1"),
        replace(MAIL, recipient="a@b.cn\r\nRCPT TO:<c@d.cn>"),
        replace(MAIL, recipient="a@b.cn>,<c@d.cn"),
        replace(MAIL, recipient="联络员@b.cn"),
        replace(MAIL, recipient="nobody"),
        replace(MAIL, key="k\r\nBcc: x@y.cn"),
        replace(MAIL, key=""),
    ],
)
def test_line_breaks_and_broken_addresses_are_refused_before_connecting(
    smtp_server: ScriptedSmtpServer, mail: Mail
) -> None:
    with pytest.raises(PermanentFailure):
        _send(smtp_server, mail)
    assert smtp_server.received == []


def test_user_and_password_come_from_the_url(smtp_server: ScriptedSmtpServer) -> None:
    smtp_server.url = smtp_server.url.replace("//", "//du%40city:right@")
    _send(smtp_server)
    assert smtp_server.logins == [("du@city", "right")]


def test_a_wrong_password_is_temporary_because_it_can_be_put_right(smtp_server: ScriptedSmtpServer) -> None:
    smtp_server.url = smtp_server.url.replace("//", "//du:wrong@")
    with pytest.raises(TemporaryFailure):
        _send(smtp_server)


@pytest.mark.parametrize("url", ["http://h", "smtp://", "smtp://h:99999", "smtp://h?tls=1", "smtps://h?starttls=1"])
def test_an_address_that_means_no_smtp_server_is_refused(url: str) -> None:
    with pytest.raises(BadSmtpUrl):
        SmtpSender(url)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    key, chain = folder / "key.pem", folder / "chain.pem"
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    )
    subprocess.run([*command.split(), "-keyout", key, "-out", chain], check=True, capture_output=True)
    return key, chain


@pytest.mark.parametrize("from_start", [False, True])
def test_a_mail_travels_encrypted_and_only_to_a_server_whose_certificate_is_trusted(
    certificate: tuple[Path, Path], from_start: bool
) -> None:
    key, chain = certificate
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(chain, key)
    trusting = ssl.create_default_context(cafile=str(chain))
    with scripted_smtp_server(tls=tls, tls_from_start=from_start) as server:
        url = server.url if from_start else f"{server.url}?starttls=1"
        with SmtpSender(url, tls=trusting).prepare(MAIL) as prepared:
            prepared.hand_over()
        assert server.keys == [MAIL.key]
        with pytest.raises(TemporaryFailure):
            SmtpSender(url).prepare(MAIL)


def test_a_server_without_starttls_gets_no_mail_in_the_clear(smtp_server: ScriptedSmtpServer) -> None:
    with pytest.raises(TemporaryFailure):
        SmtpSender(f"{smtp_server.url}?starttls=1").prepare(MAIL)


def test_the_text_is_ascii_on_the_wire() -> None:
    raw = compose(MAIL)
    assert raw.isascii()
    assert b64decode(raw.split(b"\r\n\r\n", 1)[1]).decode().replace("\r\n", "\n") == MAIL.text
