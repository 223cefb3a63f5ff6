"""Errors become answers here and nowhere else."""

from collections.abc import Callable
from functools import partial, wraps
from http import HTTPStatus
from typing import Any, TypeVar

from flask import Flask, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from structlog.stdlib import get_logger
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, Map

from tracker.domain.errors import BadInput, Forbidden, NotFound, Rejected, TrackerError, Unavailable
from tracker.gateways.unified_log_in import IdentityRefused, ProviderDown
from tracker.store.troubles import Trouble, trouble_of
from tracker.usecases.logging_in import CodeExpired, HalfOfCode, PasswordsClosed, WrongCredentials
from tracker.usecases.second_step import HalfLogInEnded
from tracker.usecases.unified_log_in import NoSuchAccount
from tracker.web.access import LoginExpired, in_whose_name, who
from tracker.web.conflicts import conflict, written
from tracker.web.login import log_in_again
from tracker.web.page_again import page_again
from tracker.web.refused import Kept, came_from_here, files_lost, sent_from
from tracker.web.refused import refused as refused_form
from tracker.web.request_log import request_id
from tracker.web.second_step import SecondStepWrong, second_step_again
from tracker.wording.refusals import sentence

_LOG = get_logger(__name__)
_Handler = TypeVar("_Handler", bound=Callable[..., ResponseReturnValue])
# What databases and disks raise where they fail.
_OF_PARTS = (DBAPIError, NoConnectionFree, OSError)
_STATUS: tuple[tuple[type[TrackerError], int], ...] = (
    (NotFound, 404),
    (Forbidden, 403),
    (BadInput, 400),
    (Unavailable, 503),
    (Rejected, 409),
)
_TAKEN = "同一内容刚刚由他人办理，或者名称、编号已被使用；刚才的操作没有保存，请核对现在的情况后再试。"
_OF_TROUBLE = {
    Trouble.AT_ONCE: (HTTPStatus.CONFLICT, "他人正在办理同一事项，刚才的操作没有保存，请核对现在的情况后再试。"),
    Trouble.BUSY: (HTTPStatus.SERVICE_UNAVAILABLE, "系统正忙，刚才的操作没有保存，请稍等片刻再试。"),
    Trouble.DATABASE: (HTTPStatus.SERVICE_UNAVAILABLE, "数据库暂时不可用，请稍后再试；刚才的操作没有保存。"),
    Trouble.SCHEMA: (HTTPStatus.SERVICE_UNAVAILABLE, "系统正在升级，暂时不能使用，请稍后再试；刚才的操作没有保存。"),
    Trouble.DISK_FULL: (
        HTTPStatus.INSUFFICIENT_STORAGE,
        "服务器存储空间已满，刚才的操作没有保存，请告知系统管理员，腾出空间后再试。",
    ),
    Trouble.DISK: (HTTPStatus.SERVICE_UNAVAILABLE, "服务器存储暂时不能读写，刚才的操作没有保存，请告知系统管理员。"),
}
_STALE_PAGE = "页面打开太久，已经过期，请核对后重新提交。"
_KEPT = "登录已过期，刚才填写的内容没有提交，但还在：重新登录后接着填。"
# Whoever meets these is not let in, and finds the page of the log-in again, which has a way beside it.
_AT_LOG_IN = (
    *(WrongCredentials, CodeExpired, HalfOfCode, HalfLogInEnded, PasswordsClosed),
    *(ProviderDown, IdentityRefused, NoSuchAccount),
)
# What a person can put right in the form that was sent.
_MAY_BE_MENDED = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT, HTTPStatus.INSUFFICIENT_STORAGE})
# After how many seconds it is worth asking again, by the answer.
_ASK_AGAIN_S = {HTTPStatus.SERVICE_UNAVAILABLE: 10, HTTPStatus.INSUFFICIENT_STORAGE: 300}
_HTTP = {
    404: "没有找到这个页面，或者您无权查看。",
    405: "这个地址不接受这样的请求。",
    408: "提交的内容没有在规定时间内传完，没有保存。请检查网络后重新提交，附件较大的请分次提交。",
    413: "一次提交的内容太多，没有保存：附件合计不超过60MB，每栏文字不超过15万字，请减少附件或者分次提交。",
}


class RowId(IntegerConverter):
    """An id in an address: one that no INTEGER column of either database can hold is the address of nothing."""

    def __init__(self, rules: Map, **options: Any) -> None:  # Any: the converter's own options
        super().__init__(rules, **{"max": 2**31 - 1, **options})


def answer_errors(app: Flask) -> None:
    """Register the one handler for each family of errors."""
    answers = partial(_answers, app)

    @answers(TrackerError)
    def refused(error: TrackerError) -> ResponseReturnValue:
        status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
        return _log_in_refused(error, status) or _page(sentence(error), status, error)

    @answers(CSRFError)
    def forged(_error: CSRFError) -> ResponseReturnValue:
        return _stale_page()

    @answers(IntegrityError)
    def taken(_error: IntegrityError) -> ResponseReturnValue:
        """Answer what only the database saw: two requests at once, of which the other has won."""
        return _page(_TAKEN, 409)

    @answers(*_OF_PARTS)
    def away(error: Exception) -> ResponseReturnValue:
        """Answer that a part we stand on has failed: the database, or the disk."""
        return _failed(error)

    @answers(OverflowError, DataError)
    def out_of_range(_error: Exception) -> ResponseReturnValue:
        """Answer a number or a character that no column can hold; each database says it by its own error."""
        return _page("提交的内容里有超出范围的数字或者无法保存的字符，没有保存任何改动。", 400)

    @answers(HTTPException)
    def http(error: HTTPException) -> ResponseReturnValue:
        status = error.code or 500
        return _page(_HTTP.get(status, "请求未能完成，请返回上一页重试。"), status)


def _answers(app: Flask, *kinds: type[Exception]) -> Callable[[_Handler], _Handler]:
    """Let a handler answer these errors: where a part fails that it asks itself, that is what is answered."""

    def register(handler: _Handler) -> _Handler:
        @wraps(handler)
        def answer(error: Exception) -> ResponseReturnValue:
            try:
                return handler(error)
            except _OF_PARTS as failed:
                return _failed(failed)

        for kind in kinds:
            app.register_error_handler(kind, answer)
        return handler

    return register


def _failed(error: Exception) -> ResponseReturnValue:
    """Answer which part has failed, by a page that asks none of them. Raises what is a fault of the program."""
    trouble = trouble_of(error)
    if trouble is None:
        raise error
    status, words = _OF_TROUBLE[trouble]
    return _page(words, status)


def _log_in_refused(error: TrackerError, status: int) -> ResponseReturnValue | None:
    """Answer with the page of the log-in at which somebody was not let in, or whose log-in ended; else None."""
    if isinstance(error, SecondStepWrong):
        return second_step_again(), status
    if isinstance(error, _AT_LOG_IN):
        return log_in_again(Kept.of_login(), words=sentence(error)), status
    return _expired(sentence(error), status) if isinstance(error, LoginExpired) else None


def _stale_page() -> ResponseReturnValue:
    """Answer a form without a mark of ours: mostly one that lay open for hours, whose log-in may have ended too."""
    person = who()
    g.actor = in_whose_name(person) if person else None
    if request.endpoint in ("login.enter", "second_step.enter"):
        # Words that another site sent in our log-in form's name are nobody's here.
        kept = Kept.of_login() if came_from_here() else None
        return log_in_again(kept, words=_STALE_PAGE), 400
    return _page(_STALE_PAGE, 400) if g.actor else _expired(_STALE_PAGE, 400)


def _expired(words: str, status: int) -> ResponseReturnValue:
    """Ask for a new log-in, which carries what was sent; where it cannot, show the texts to be copied."""
    kept = Kept.of_request()
    return (log_in_again(kept, words=_KEPT + files_lost()), status) if kept else _page(words, status)


def _page(words: str, status: int, error: Exception | None = None) -> ResponseReturnValue:
    answer = make_response(_answer(words, status, error))
    if (pause_s := _ASK_AGAIN_S.get(HTTPStatus(answer.status_code))) is not None:
        answer.headers["Retry-After"] = str(pause_s)
    return answer


def _answer(words: str, status: int, error: Exception | None) -> ResponseReturnValue:
    # Whoever only looked did nothing that could be lost, or that others overtook.
    clashes = status == HTTPStatus.CONFLICT and g.get("actor") is not None and request.method == "POST"
    if status in _MAY_BE_MENDED and request.method == "POST":
        again = page_again(
            refused_form(words, error, overtaken=status == HTTPStatus.CONFLICT),
            back=sent_from(),
            clash=conflict if clashes else None,
        )
        if again is not None:
            return again, status
    clash = conflict() if clashes else None
    mine = clash.written if clash else written()
    g.is_refused = True
    g.failed = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    if status in _ASK_AGAIN_S:  # of what nobody answers Flask writes itself
        _LOG.warning("unavailable", exc_info=True)
    return render_template(
        "web/errors/error.html",
        words=words,
        status=status,
        clash=clash,
        written=mine,
        back=sent_from(),
        request_id=request_id() if g.failed else None,
    ), status
