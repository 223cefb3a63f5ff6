"""A real SMTP server for tests, with answers that the test writes down beforehand."""

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Literal

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

Stage = Literal["connect", "mail", "rcpt", "data", "text"]
CLOSE = "close the line"
HANG = "say nothing"
KEEP_THEN_CLOSE = "accept, then close the line"


@dataclass(frozen=True)
class ReceivedMail:
    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        parsed = message_from_bytes(self.raw, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @property
    def key(self) -> str:
        return str(self.message["X-Tracker-Key"])


@dataclass
class ScriptedSmtpServer:
    """Accepts everything unless `script` holds an answer for a stage; a stage's answers are used up one by one.

    An answer is an SMTP reply such as "451 later", or CLOSE, HANG, KEEP_THEN_CLOSE (stage "text" only).
    """

    received: list[ReceivedMail] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    script: dict[Stage, list[str]] = field(default_factory=dict)
    url: str = ""
    lines: list[SMTP] = field(default_factory=list)
    at_text: Callable[[str], object] | None = None  # told the key of each message whose text has just come

    def answer(self, stage: Stage, *replies: str) -> None:
        self.script.setdefault(stage, []).extend(replies)

    @property
    def keys(self) -> list[str]:
        return [mail.key for mail in self.received]

    async def speak(self, stage: Stage, protocol: SMTP) -> str | None:
        """Play the next answer of a stage; None where everything goes its ordinary way."""
        replies = self.script.get(stage)
        reply = replies.pop(0) if replies else None
        if reply in {CLOSE, KEEP_THEN_CLOSE}:
            assert isinstance(protocol.transport, asyncio.Transport)
            protocol.transport.abort()
        if reply in {CLOSE, KEEP_THEN_CLOSE, HANG}:
            await asyncio.Event().wait()  # the protocol cancels this when the line is gone
        return reply

    def check_login(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, login: object
    ) -> AuthResult:
        assert isinstance(login, LoginPassword)
        self.logins.append((login.login.decode(), login.password.decode()))
        return AuthResult(success=login.password == b"right", handled=False)


class _Handler:
    """The hooks that aiosmtpd calls by their names."""

    def __init__(self, server: ScriptedSmtpServer) -> None:
        self._server = server

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, protocol: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return await self._server.speak("mail", protocol) or "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, protocol: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = await self._server.speak("rcpt", protocol) or "250 OK"
        if reply.startswith("2"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, protocol: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        mail = ReceivedMail(str(envelope.mail_from), tuple(envelope.rcpt_tos), envelope.content)
        if self._server.at_text is not None:
            self._server.at_text(mail.key)
        if self._server.script.get("text", [""])[:1] == [KEEP_THEN_CLOSE]:
            self._server.received.append(mail)
        reply = await self._server.speak("text", protocol) or "250 OK queued"
        if reply.startswith("2"):
            self._server.received.append(mail)
        return reply


class _Protocol(SMTP):
    """Adds the two stages for which aiosmtpd has no hook: the greeting and the answer to DATA itself."""

    def __init__(self, server: ScriptedSmtpServer, tls: ssl.SSLContext | None) -> None:
        super().__init__(
            _Handler(server), authenticator=server.check_login, auth_require_tls=False, tls_context=tls, timeout=30
        )
        self._server = server
        server.lines.append(self)

    async def _handle_client(self) -> None:
        reply = await self._server.speak("connect", self)
        if reply is None:
            await super()._handle_client()
            return
        await self.push(reply)
        assert self.transport is not None
        self.transport.close()

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        reply = await self._server.speak("data", self)
        if reply is None:
            await super().smtp_DATA(arg)
        else:
            await self.push(reply)


@contextmanager
def scripted_smtp_server(
    *, tls: ssl.SSLContext | None = None, tls_from_start: bool = False
) -> Iterator[ScriptedSmtpServer]:
    """Run the server in a thread of its own; with `tls` it offers STARTTLS, or speaks TLS from the first byte."""
    server = ScriptedSmtpServer()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    listener = asyncio.run_coroutine_threadsafe(_listen(server, tls, tls_from_start), loop).result(10)
    server.url = f"smtp{'s' if tls_from_start else ''}://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(_end(server, listener), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _listen(server: ScriptedSmtpServer, tls: ssl.SSLContext | None, from_start: bool) -> asyncio.Server:
    return await asyncio.get_running_loop().create_server(
        lambda: _Protocol(server, None if from_start else tls), "127.0.0.1", 0, ssl=tls if from_start else None
    )


async def _end(server: ScriptedSmtpServer, listener: asyncio.Server) -> None:
    listener.close()
    for line in server.lines:
        if isinstance(line.transport, asyncio.Transport):
            line.transport.abort()
    await asyncio.sleep(0)
    rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)


@pytest.fixture
def smtp_server() -> Iterator[ScriptedSmtpServer]:
    with scripted_smtp_server() as server:
        yield server
