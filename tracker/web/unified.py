"""「统一身份认证」: to the provider and back. What was asked is kept by the browser, signed, for one answer."""

from datetime import UTC, datetime

from flask import Blueprint, Response, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadData

from tracker.domain.errors import NotFound
from tracker.gateways.unified_log_in import Asked, IdentityRefused, Provider, provider_of
from tracker.usecases.logging_in import log_out
from tracker.usecases.unified_log_in import NoSuchAccount, let_in_by_provider
from tracker.web.access import moment, public, services
from tracker.web.came import came
from tracker.web.cookies import Cookie, carried, forget, keep, signer
from tracker.web.login import half_in, welcome
from tracker.web.refused import is_local

pages = Blueprint("unified", __name__)
_PATH = "/login/unified"
_SECONDS = 600
_SALT = "unified log-in"


def provider() -> Provider:
    """Return the provider of the unified log-in. Raises NotFound where none is set."""
    found = provider_of(services().settings)
    if found is None:
        raise NotFound()
    return found


def _back() -> str:
    return services().settings.oidc_redirect_uri or url_for("unified.back", _external=True)


@pages.get(_PATH)
@public
def go() -> ResponseReturnValue:
    """Send the browser to the provider; it keeps what was asked, and nobody else's browser has that."""
    address, asked = provider().ask(_back())
    wanted = request.args.get("next", "")
    told = [asked.state, asked.nonce, asked.verifier, wanted if is_local(wanted) else ""]
    response = make_response(redirect(address))
    keep(response, Cookie.ASKED, signer(_SALT).dumps(told), seconds=_SECONDS)
    return response


@pages.get(f"{_PATH}/back")
@public
def back() -> ResponseReturnValue:
    """Let in whom the provider names, once for each time that it was asked."""
    own = provider()
    asked, wanted = _asked()
    when, settings, policy = moment(), services().settings, services().accounts
    named = own.identify(request.args, asked=asked, redirect_uri=_back(), now=datetime.now(UTC))
    with services().database.transaction() as session:
        log_out(session, key=carried(Cookie.LOG_IN), came=came(), when=when)
        opened = let_in_by_provider(
            session,
            named.login,
            strong=not policy.provider_factors.isdisjoint(named.shown),
            came=came(),
            policy=policy,
            when=when,
            demonstration=settings.is_demo,
        )
    if opened is None:
        raise NoSuchAccount()
    done = half_in(opened.key, None, wanted) if opened.half else welcome(opened.key, named.login, when, wanted=wanted)
    return _forgotten(done)


def _forgotten(response: Response) -> Response:
    forget(response, Cookie.ASKED)
    return response


def _asked() -> tuple[Asked, str]:
    """Return what this browser asked, and where it wanted to go. Raises IdentityRefused where it asked nothing."""
    try:
        state, nonce, verifier, wanted = signer(_SALT).loads(carried(Cookie.ASKED), max_age=_SECONDS)
    except BadData:
        raise IdentityRefused() from None
    return Asked(state, nonce, verifier), wanted


@pages.get(f"{_PATH}/leave")
@public
def leave() -> ResponseReturnValue:
    """Send the browser to where it ends its log-in at the provider; here it has ended already."""
    home = url_for("login.form", _external=True)
    return redirect(provider().end_address(home) or home)
