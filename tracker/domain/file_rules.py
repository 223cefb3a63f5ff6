"""How many files a unit may hand in."""

import sys
from dataclasses import dataclass

from tracker.domain.errors import Rejected


class DayQuotaUsedUp(Rejected):
    """Facts: most_mb, left_mb."""

    code = "day_quota_used_up"


class QuotaUsedUp(Rejected):
    """Facts: most_mb, left_mb."""

    code = "quota_used_up"


@dataclass(frozen=True, slots=True)
class FileRules:
    """Bytes that one unit may hand in: on a day in Shanghai, and in all. The office without a unit counts as one."""

    unit_day_bytes: int
    unit_total_bytes: int

    def check(self, size_bytes: int, *, today_bytes: int, total_bytes: int) -> None:
        """Refuse a file that goes beyond a quota, which is inclusive. Raises DayQuotaUsedUp, QuotaUsedUp."""
        for refusal, most, used in (
            (QuotaUsedUp, self.unit_total_bytes, total_bytes),
            (DayQuotaUsedUp, self.unit_day_bytes, today_bytes),
        ):
            if used + size_bytes > most:
                raise refusal(most_mb=most // _MB, left_mb=max(0, most - used) // _MB)


_MB = 1024 * 1024
# Where nothing is configured.
UNBOUNDED = FileRules(unit_day_bytes=sys.maxsize, unit_total_bytes=sys.maxsize)
