"""Checks of what others keep for the site: the virus scanner, the unified log-in, signed heads of the log."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tracker.cli.doctor.findings import Finding, mend, warn
from tracker.domain.errors import Unavailable
from tracker.gateways.antivirus import scan
from tracker.gateways.unified_log_in import provider_of
from tracker.services import Services

_ANCHOR_IS_OLD_AFTER_S = 36 * 3600.0


def scanner(services: Services) -> Iterator[Finding]:
    """Send the daemon a file in which there is nothing."""
    address = services.settings.clamd
    if address is None:
        yield warn("没有设置病毒扫描，收到的文件不查病毒。", "安装ClamAV，设置 TRACKER_CLAMD。")
        return
    with tempfile.NamedTemporaryFile() as nothing:
        try:
            scan(Path(nothing.name), address=address)
        except Unavailable:
            yield mend("病毒扫描没有应答，所有文件都会被拒收。", "启动clamd，核对 TRACKER_CLAMD。")


def unified(services: Services) -> Iterator[Finding]:
    """Ask the provider to describe itself, as each log-in does."""
    provider = provider_of(services.settings)
    if provider is None:
        return
    try:
        provider.ask("")
    except Unavailable:
        yield mend(
            "统一身份认证没有应答，或者应答不合规范。",
            "核对 TRACKER_OIDC_ISSUER，确认该系统在运行；期间用密码登录。",
        )


def anchors(services: Services) -> Iterator[Finding]:
    """Ask for the last signed line outside of the database; `flask audit verify --anchor` holds the log against it."""
    path = services.settings.anchor_file
    if path is None:
        yield warn("事件链的签名锚记只写入日志。", "设置 TRACKER_ANCHOR_FILE，放在数据库管理员不能改写的地方。")
    elif not path.is_file():
        yield mend(f"还没有锚记文件{path}。", "确认定时进程（scheduler）在运行，并且可以写入该目录。")
    elif (age_s := time.time() - path.stat().st_mtime) > _ANCHOR_IS_OLD_AFTER_S:
        yield mend(f"最近一次锚记是{age_s / 3600:.0f}小时以前。", "查看定时进程（scheduler）的日志。")
