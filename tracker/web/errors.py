"""Errors become answers here and nowhere else."""

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from tracker.domain.errors import BadInput, Forbidden, NotFound, Rejected, TrackerError, Unavailable
from tracker.messages import sentence

_STATUS: tuple[tuple[type[TrackerError], int], ...] = (
    (NotFound, 404),
    (Forbidden, 403),
    (BadInput, 400),
    (Unavailable, 503),
    (Rejected, 409),
)
_TEXTS = ("text", "reason", "basis", "matter", "missed_words")
_ROW_TEXTS = ("-fact", "-cause", "-next_step")
_HTTP = {
    404: "没有找到这个页面，或者您无权查看。",
    405: "这个地址不接受这样的请求。",
    413: "文件太大，单个文件不超过50MB。",
}


def answer_errors(app: Flask) -> None:
    """Register the one handler for each family of errors."""

    @app.errorhandler(TrackerError)
    def refused(error: TrackerError) -> ResponseReturnValue:
        status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
        return _page(sentence(error), status)

    @app.errorhandler(CSRFError)
    def forged(_error: CSRFError) -> ResponseReturnValue:
        return _page("页面已过期，请返回上一页刷新后重新提交。", 400)

    @app.errorhandler(OperationalError)
    def away(_error: OperationalError) -> ResponseReturnValue:
        return _page("数据库暂时不可用，请稍后再试；刚才的操作没有保存。", 503)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> ResponseReturnValue:
        status = error.code or 500
        return _page(_HTTP.get(status, "请求未能完成，请返回上一页重试。"), status)


def _page(words: str, status: int) -> ResponseReturnValue:
    return render_template("web/errors/error.html", words=words, status=status, written=_written()), status


def _written() -> list[str]:
    """Return the texts of the refused form, so that the page can give them back."""
    if request.method != "POST":
        return []
    try:
        fields = request.form
    except HTTPException:
        return []
    named = [name for name in fields if name in _TEXTS or name.endswith(_ROW_TEXTS)]
    return [text for name in named for text in fields.getlist(name) if text.strip()]
