"""The demonstration's scenarios: one is played to its end, and goes on whenever the clock moves."""

from collections.abc import Callable
from datetime import date, datetime
from time import monotonic

import click

from seeds.registry import SEEDS
from seeds.scenarios.going_on import GoingOn
from seeds.scenarios.player import ScenarioPlayer
from seeds.scenarios.scenario import Scenario, load_scenario
from tracker.domain.accounts import SYSTEM
from tracker.domain.calendar import SHANGHAI, local_day
from tracker.domain.deliveries import Outgoing
from tracker.domain.events.machinery import ClockMoved
from tracker.gateways.clock import ClockRunsForwards, DemonstrationClock
from tracker.services import Services
from tracker.store import event_log
from tracker.usecases.sweeping import Swept, sweep_through

_SAYS_EVERY_S = 2.0
_PLAYED = "演练情景"


class DaysReached:
    """Says which day the city has reached, at most a line every two seconds: a year takes minutes to play."""

    def __init__(self, say: Callable[[str], object], *, seconds: Callable[[], float] = monotonic) -> None:
        self._say, self._seconds = say, seconds
        self._said_at = seconds()

    def __call__(self, day: date) -> None:
        if self._seconds() - self._said_at >= _SAYS_EVERY_S:
            self._said_at = self._seconds()
            self._say(f"  … {day}")


def play_scenario(services: Services, name: str) -> None:
    """Play a scenario to its end, with the time for which it says that its units behave on, and say so.

    Where another one was begun that one is played on: a city has one past. What was played before is skipped by the
    clock. Nothing of it leaves by e-mail. Raises ClickException.
    """
    clock = _clock(services, _PLAYED)
    begun = clock.scenario()
    scenario = _scenario(begun or name)
    instead = "" if begun in (None, name) else f"；这里已经开始{begun}，不再演练{name}"
    if begun is not None:
        since = clock.now().astimezone(SHANGHAI)
        click.echo(f"接着{services.settings.data_dir}中的数据演练，演示时钟现为{since:%Y-%m-%d %H:%M}")
    with services.database.transaction() as session:
        clock.begin(session, scenario=begun or name)
    days = ScenarioPlayer(scenario, services=services, clock=clock).play(reached=DaysReached(_say))
    until, since = scenario.goes_on_until, clock.now()
    if until is not None and until > since:
        advance_clock(services, to=until, outgoing=Outgoing(mail=False, machine_now=until))
        days += services.reckoning.calendar.workdays_between(local_day(since), local_day(until))
    if days or instead:
        click.echo(f"{begun or name}已演练{days}天{instead}")


def check_scenario(services: Services, name: str) -> None:
    """Refuse, before anything is loaded, a scenario that could not be played. Raises ClickException."""
    _clock(services, _PLAYED)
    _scenario(name)


def _say(words: str) -> None:
    click.echo(words, err=True)


def advance_clock(services: Services, *, to: datetime, outgoing: Outgoing) -> Swept:
    """Move the demonstration clock and let the units of the scenario that was played live until then.

    Where none was played only what falls due is run. Return what the passes found to do. Raises ClickException,
    ClockRunsForwards.
    """
    clock = _clock(services, "调整演示时钟")
    since, name = clock.now(), clock.scenario()
    if to < since:
        raise ClockRunsForwards(now=since.isoformat(), to=to.isoformat())
    if name is None:
        swept = sweep_through(services.database, since=since, to=to, by=services.reckoning, outgoing=outgoing)
    else:
        city = GoingOn(_scenario(name), services=services, clock=clock)
        swept = city.go_on(since=since, to=to, outgoing=outgoing, reached=DaysReached(_say))
    with services.database.transaction() as session:
        clock.move(session, to=to)
        event_log.record(session, ClockMoved(to=to), actor=SYSTEM, at=to)
    return swept


def _clock(services: Services, what: str) -> DemonstrationClock:
    if services.demonstration_clock is None:
        raise click.ClickException(f"{what}只能在演示环境进行（TRACKER_MODE=demo）。")
    return services.demonstration_clock


def _scenario(name: str) -> Scenario:
    path = SEEDS / "scenarios" / f"{name}.toml"
    if not path.is_file():
        raise click.ClickException(f"没有名为{name}的演示情景。现有：{'、'.join(_scenarios())}。")
    return load_scenario(path)


def _scenarios() -> list[str]:
    return sorted(path.stem for path in (SEEDS / "scenarios").glob("*.toml"))
