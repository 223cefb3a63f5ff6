"""What was done, for the administrator of audit."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.domain.accounts import Role
from tracker.web.access import allow

pages = Blueprint("audit", __name__)


@pages.get("/audit")
@allow(Role.AUDIT_ADMIN)
def show() -> ResponseReturnValue:
    return render_template("web/audit/show.html")
