"""What the office, the units and the log are told of an event 「触发事件」 that was recorded late."""

from tracker.domain.calendar import full_date
from tracker.domain.items import CadenceKind
from tracker.domain.triggers import AskedLate, RunAnew
from tracker.wording.moments import due_words


def late_words(late: AskedLate) -> str:
    """Say what counts from the recording of an event, by the text and as it is asked; nothing where all is by the text.

    24小时时限（2022年10月31日20时30分前）在登记时已过，自登记时起按24小时另行计算，应于2022年11月2日9时00分前报送
    """
    told = dict.fromkeys(_anew(clock) for clock in late.clocks)
    if late.first_on is not None:
        told[f"登记前已经结束的各期不要求报送，从{full_date(late.first_on)}开始的一期起报"] = None
    return "；".join(told)


def _anew(clock: RunAnew) -> str:
    hours = clock.kind == CadenceKind.WITHIN_HOURS.value
    span, start = (f"{clock.n}小时", "自登记时起") if hours else (f"{clock.n}个工作日", "自登记之日起")
    return (
        f"{span}时限（{due_words(clock.scheduled_at, today=None)}前）在登记时已过，"
        f"{start}按{span}另行计算，应于{due_words(clock.due_at, today=None)}前报送"
    )
