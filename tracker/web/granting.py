"""Rights of accounts, for the administrator of security."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.domain.accounts import Role
from tracker.web.access import allow

pages = Blueprint("granting", __name__)


@pages.get("/grants")
@allow(Role.SECURITY_ADMIN)
def index() -> ResponseReturnValue:
    return render_template("web/granting/index.html")
