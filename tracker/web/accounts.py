"""Accounts, for the administrator of the system."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.domain.accounts import Role
from tracker.web.access import allow

pages = Blueprint("accounts", __name__)


@pages.get("/accounts")
@allow(Role.SYSTEM_ADMIN)
def index() -> ResponseReturnValue:
    return render_template("web/accounts/index.html")
