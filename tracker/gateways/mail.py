"""E-mail over SMTP in two stages, so that the caller can commit between asking and handing over."""

import hashlib
import re
import smtplib
import socket
import ssl
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from enum import StrEnum
from types import TracebackType
from typing import Self

from tracker.addresses import BadAddress, is_mailbox, read_smtp
from tracker.domain.errors import BadInput, Rejected, TrackerError, Unavailable

_TIMEOUT_S = 10.0
_READY_FOR_TEXT = 354
# These refuse our account, not this message: after the password is put right the same message can go.
# Source: RFC 4954, 6; RFC 5321, 4.2.2 (421: closing down, 503: commands out of order).
_NOT_ABOUT_THE_MESSAGE = frozenset({421, 503, 530, 534, 535, 538})
_KEY = re.compile(r"[!-~]{1,200}")
_POLICY = policy.SMTP.clone(cte_type="7bit")


class BadSmtpUrl(BadInput):
    """TRACKER_SMTP_URL cannot be read; facts: reason."""

    code = "bad_smtp_url"


class TemporaryFailure(Unavailable):
    """The message was certainly not accepted and may go later; facts: reply."""

    code = "mail_temporary_failure"


class PermanentFailure(Rejected):
    """The server will never take this message, or it may not be sent at all; facts: reply."""

    code = "mail_permanent_failure"


class OutcomeUnknown(TrackerError):
    """The text was handed over and no answer came: nobody knows whether it was accepted; facts: reply."""

    code = "mail_outcome_unknown"


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One message to one recipient; `key` is the key of its row, `written_at` aware."""

    key: str
    sender: str
    sender_name: str = ""
    recipient: str
    subject: str
    text: str
    html: str | None = None
    written_at: datetime


class Greeting(StrEnum):
    """Why a server could not be greeted; `ANSWERED`: it said so itself, `BROKEN`: the line broke."""

    REFUSED = "refused"
    NO_HOST = "no_host"
    SILENT = "silent"
    LOG_IN = "log_in"
    NOT_OFFERED = "not_offered"
    CERTIFICATE = "certificate"
    NO_TLS = "no_tls"
    ANSWERED = "answered"
    BROKEN = "broken"


_GREETINGS: tuple[tuple[type[BaseException], Greeting], ...] = (
    (smtplib.SMTPAuthenticationError, Greeting.LOG_IN),
    (smtplib.SMTPNotSupportedError, Greeting.NOT_OFFERED),
    (smtplib.SMTPServerDisconnected, Greeting.BROKEN),
    (smtplib.SMTPException, Greeting.ANSWERED),
    (ConnectionRefusedError, Greeting.REFUSED),
    (socket.gaierror, Greeting.NO_HOST),
    (ssl.SSLCertVerificationError, Greeting.CERTIFICATE),
    (ssl.SSLError, Greeting.NO_TLS),
    (TimeoutError, Greeting.SILENT),
)


def greeting_failed(error: TemporaryFailure) -> Greeting:
    """Return what kept `SmtpSender.greet` from its end."""
    cause = error.__cause__
    return next((kind for class_, kind in _GREETINGS if isinstance(cause, class_)), Greeting.BROKEN)


class SmtpSender:
    """Sends through the server of a URL.

    smtp://host[:25], smtps://host[:465], smtp://host:587?starttls=1; user and password may stand before the host,
    percent-encoded. Every wait for the server ends after 10 s. Raises BadSmtpUrl.
    """

    def __init__(self, url: str, *, timeout_s: float = _TIMEOUT_S, tls: ssl.SSLContext | None = None) -> None:
        try:
            self._server = read_smtp(url)
        except BadAddress as error:
            raise BadSmtpUrl(reason=str(error)) from None
        self._timeout_s = timeout_s
        self._tls = tls or ssl.create_default_context()

    def greet(self) -> None:
        """Connect, log in and leave; nothing is sent. Raises TemporaryFailure."""
        try:
            _leave(self._connect())
        except smtplib.SMTPResponseException as error:
            raise TemporaryFailure(reply=_reply(error.smtp_code, error.smtp_error)) from error
        except (smtplib.SMTPException, OSError) as error:
            raise TemporaryFailure(reply=str(error)) from error

    def prepare(self, mail: Mail) -> "PreparedMail":
        """Connect, log in and name sender and recipient; dying here leaves the message certainly unsent.

        Raises TemporaryFailure, PermanentFailure.
        """
        content = compose(mail)
        client: smtplib.SMTP | None = None
        try:
            client = self._connect()
            _expect_success(client.mail(mail.sender))
            _expect_success(client.rcpt(mail.recipient))
        except smtplib.SMTPResponseException as error:
            _leave(client)
            raise TemporaryFailure(reply=_reply(error.smtp_code, error.smtp_error)) from error
        except (smtplib.SMTPException, OSError) as error:
            _leave(client)
            raise TemporaryFailure(reply=str(error)) from error
        except TrackerError:
            _leave(client)
            raise
        return PreparedMail(client, content)

    def _connect(self) -> smtplib.SMTP:
        server, name = self._server, socket.gethostname()
        client: smtplib.SMTP
        if server.scheme == "smtps":
            client = smtplib.SMTP_SSL(server.host, server.port, name, timeout=self._timeout_s, context=self._tls)
        else:
            client = smtplib.SMTP(server.host, server.port, name, timeout=self._timeout_s)
        try:
            if server.starttls:
                client.starttls(context=self._tls)
            client.ehlo_or_helo_if_needed()
            if server.user is not None:
                client.login(server.user, server.password)
        except BaseException:
            client.close()
            raise
        return client


class PreparedMail:
    """A connection on which the server waits for the text; a context manager that closes it."""

    def __init__(self, client: smtplib.SMTP, content: bytes) -> None:
        self._client = client
        self._content = content

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Take leave of the server; what it says to that changes nothing any more."""
        _leave(self._client)

    def hand_over(self) -> str:
        """Send the text once and return the server's words of acceptance.

        Raises TemporaryFailure, PermanentFailure: certainly not accepted. Raises OutcomeUnknown: the line broke
        after the text had begun to flow.
        """
        try:
            code, words = self._client.docmd("DATA")
        except (smtplib.SMTPException, OSError) as error:
            raise TemporaryFailure(reply=str(error)) from error
        if code != _READY_FOR_TEXT:
            raise _refusal(code, words)
        try:
            self._client.send(_with_end(self._content))
            code, words = self._client.getreply()
        except (smtplib.SMTPException, OSError) as error:
            raise OutcomeUnknown(reply=str(error)) from error
        _expect_success((code, words))
        return _reply(code, words)


def compose(mail: Mail) -> bytes:
    """Write the message as it travels, headers checked, X-Tracker-Key unfolded. Raises PermanentFailure."""
    _check(mail)
    local, domain = mail.sender.rsplit("@", 1)
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(mail.sender_name, local, domain)
    message["To"] = Address("", *mail.recipient.rsplit("@", 1))
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.written_at)
    message["Message-ID"] = f"<{hashlib.sha256(mail.key.encode()).hexdigest()[:32]}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text, cte="base64")
    if mail.html is not None:
        message.add_alternative(mail.html, subtype="html", cte="base64")
    # The library would break a long key up into encoded words; other programs look for it as it is.
    return f"X-Tracker-Key: {mail.key}\r\n".encode("ascii") + message.as_bytes()


def _check(mail: Mail) -> None:
    if not _KEY.fullmatch(mail.key):
        raise PermanentFailure(reply="the key is not printable ASCII")
    for header in (mail.subject, mail.sender_name):
        if any(ord(character) < 32 or ord(character) == 127 for character in header):
            raise PermanentFailure(reply="a control character stands in a header")
    for address in (mail.sender, mail.recipient):
        if not is_mailbox(address):
            raise PermanentFailure(reply=f"not an address: {address!r}")


def _expect_success(answer: tuple[int, bytes]) -> None:
    code, words = answer
    if not 200 <= code < 300:
        raise _refusal(code, words)


def _refusal(code: int, words: bytes) -> TrackerError:
    for_good = 500 <= code < 600 and code not in _NOT_ABOUT_THE_MESSAGE
    return (PermanentFailure if for_good else TemporaryFailure)(reply=_reply(code, words))


def _reply(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {text}"


def _with_end(content: bytes) -> bytes:
    """Double the dots at line starts and close with a dot alone. Source: RFC 5321, 4.5.2."""
    stuffed = re.sub(rb"(?m)^\.", b"..", content)
    return stuffed + (b"" if stuffed.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def _leave(client: smtplib.SMTP | None) -> None:
    if client is None:
        return
    try:
        client.quit()
    except (smtplib.SMTPException, OSError):
        client.close()
