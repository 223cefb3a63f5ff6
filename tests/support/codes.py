"""One-time codes as their two halves stand on the pages of the two administrators."""

import re

from werkzeug.test import TestResponse

from tests.support.site import Site
from tracker.domain.accounts import Role

_CODE = re.compile(r'class="onetime"[^>]*>([A-Z0-9-]+)<')


def shown_codes(answer: TestResponse) -> list[str]:
    """Return the codes that a page shows."""
    return _CODE.findall(answer.get_data(as_text=True))


def granted(site: Site, user_id: int | None, role: Role | str, *, by: str = "secadmin") -> list[str]:
    """Grant a role by its page; return what the next page shows of a code: its second half, where it waited for one."""
    sent = {"role": str(role), "reason": "单位来函"}
    answer = site.logged_in(by).post(f"/grants/{user_id}", data=sent, follow_redirects=True)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return shown_codes(answer)
