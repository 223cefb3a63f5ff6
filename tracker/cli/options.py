"""What every command shares: times on the command line, refusals in one line."""

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import ParamSpec

import click
from sqlalchemy.exc import DBAPIError

from seeds.registry import BadSeedFile
from tracker.domain.calendar import SHANGHAI
from tracker.domain.errors import TrackerError
from tracker.failures import failure_words, start_words
from tracker.settings import SettingsError
from tracker.wording.refusals import sentence

_Arguments = ParamSpec("_Arguments")


class _LocalTime(click.ParamType[datetime]):
    """2022-10-10T09:00, Shanghai wall clock unless it carries an offset."""

    name = "datetime"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            at = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value}不是时间，应写成 2022-10-10T09:00", param, ctx)
        return at if at.tzinfo else at.replace(tzinfo=SHANGHAI)


class _LocalDay(click.ParamType[date]):
    """2022-10-10."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value}不是日期，应写成 2022-10-10", param, ctx)


LOCAL_TIME = _LocalTime()
LOCAL_DAY = _LocalDay()


def refuse_future(at: datetime, *, now: datetime) -> None:
    """Refuse a moment that has not come: nobody knows yet what will have happened by then."""
    if at > now:
        raise click.ClickException(f"{at.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}还没有到，不能查询以后的情况。")


def one_line_on_failure(command: Callable[_Arguments, None]) -> Callable[_Arguments, None]:
    """Turn refusals into one line on stderr and exit code 1."""

    @wraps(command)
    def run(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except TrackerError as error:
            raise click.ClickException(sentence(error)) from error
        except BadSeedFile as error:
            raise click.ClickException(str(error)) from error
        except SettingsError as error:
            raise click.ClickException(start_words(error)) from error
        except (OSError, DBAPIError) as error:
            raise click.ClickException(failure_words(error)) from error

    return run
