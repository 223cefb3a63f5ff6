"""Checks of the machine and of what the environment says."""

import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.engine import make_url

from tracker.cli.doctor.findings import Finding, Level, mend, warn
from tracker.data_directory import open_to_others
from tracker.domain.calendar import SHANGHAI
from tracker.gateways import fonts, office_suite
from tracker.gateways.backup_looks import looks_whole
from tracker.gateways.mail import Greeting, SmtpSender, TemporaryFailure, greeting_failed
from tracker.services import Services
from tracker.settings import Settings

_LEAST_FREE_BYTES = 1024**3
_LEAST_FREE_SHARE, _LITTLE_FREE_SHARE = 0.05, 0.10
_FILES_MAY_DIFFER_S = 120.0
_BACKUP_IS_OLD_AFTER_S = 36 * 3600.0
_BACKUP_IS_LEFT_AFTER_S = 24 * 3600
# What the next daily backup removes: what deploy/backup.sh was killed over, and what `flask backup` had not finished.
_UNFINISHED = (".tracker-[0-9]*-[0-9]*.tar", ".backup-*.part")
# What GB/T 9704 asks for, with what is close enough to break lines alike.
_FACES = {
    "小标宋体": ("方正小标宋", "FZXiaoBiaoSong", "小标宋"),
    "仿宋": ("仿宋_GB2312", "仿宋", "FangSong", "FangSong_GB2312", "STFangsong", "华文仿宋"),
    "楷体": ("楷体_GB2312", "楷体", "KaiTi", "STKaiti", "华文楷体", "AR PL UKai"),
    "黑体": ("黑体", "SimHei", "Noto Sans CJK SC", "Source Han Sans", "思源黑体", "WenQuanYi"),
    "宋体": ("宋体", "SimSun", "Noto Serif CJK SC", "Source Han Serif", "思源宋体"),
}
_ADDRESS = "核对 TRACKER_SMTP_URL 中的"
_GREETINGS: Mapping[Greeting, tuple[str, str]] = {
    Greeting.REFUSED: ("该端口没有邮件服务应答", f"{_ADDRESS}主机和端口，确认邮件服务已经启动。"),
    Greeting.NO_HOST: ("找不到主机", f"{_ADDRESS}主机名，检查域名解析。"),
    Greeting.SILENT: ("服务器没有应答", f"检查网络和防火墙，{_ADDRESS}主机、端口；465端口用 smtps://。"),
    Greeting.LOG_IN: ("服务器不接受账号或者密码", f"{_ADDRESS}账号和密码，密码里的符号须写成 %40 一类。"),
    Greeting.NOT_OFFERED: ("服务器不支持登录或者加密", f"{_ADDRESS}账号、starttls=1 和端口。"),
    Greeting.CERTIFICATE: ("服务器的证书不受信任", "请邮件服务器换用受信任的证书，或者在本机信任其签发机构。"),
    Greeting.NO_TLS: ("不能建立加密连接", "465端口用 smtps://，587端口用 smtp:// 加 ?starttls=1。"),
    Greeting.ANSWERED: ("服务器拒绝了连接", f"{_ADDRESS}主机、端口和账号，或者询问邮件服务器的管理员。"),
    Greeting.BROKEN: ("连接中断", f"检查网络，{_ADDRESS}主机和端口；465端口用 smtps://。"),
}


def folder(services: Services) -> Iterator[Finding]:
    """Ask for the data directory, which no command makes that only reads."""
    if not has_folder(services):
        yield mend(
            f"数据目录{services.settings.data_dir}不存在，或者不是文件夹。",
            "核对 TRACKER_DATA_DIR；新装的系统运行 flask db upgrade 建立。",
        )


def has_folder(services: Services) -> bool:
    return services.settings.data_dir.is_dir()


def disk(services: Services) -> Iterator[Finding]:
    """Look at the data directory, and at the evidence where it lies on another disk."""
    seen: set[int] = set()
    for folder in (services.settings.data_dir, services.settings.data_dir / "evidence"):
        if folder.is_dir() and (device := folder.stat().st_dev) not in seen:
            seen.add(device)
            yield from _disk_of(folder)


def _disk_of(folder: Path) -> Iterator[Finding]:
    usage, nodes = shutil.disk_usage(folder), os.statvfs(folder)
    share, free = usage.free / max(usage.total, 1), f"{usage.free / 1024**3:.1f}GB"
    remedy = "清理或者扩充磁盘；不要删除数据目录里的文件。"
    if usage.free < _LEAST_FREE_BYTES or share < _LEAST_FREE_SHARE:
        yield mend(f"{folder}所在磁盘只剩{free}。", remedy)
    elif share < _LITTLE_FREE_SHARE:
        yield warn(f"{folder}所在磁盘剩余{free}，不足一成。", remedy)
    if nodes.f_files and nodes.f_favail / nodes.f_files < _LEAST_FREE_SHARE:
        yield mend(f"{folder}所在磁盘可建文件数（inode）不足5%。", remedy)


def clock(services: Services) -> Iterator[Finding]:
    with tempfile.NamedTemporaryFile(dir=services.settings.data_dir) as fresh:
        apart_s = abs(os.stat(fresh.name).st_mtime - time.time())
    if apart_s > _FILES_MAY_DIFFER_S:
        yield mend(f"本机时钟与数据目录所在文件系统相差{apart_s:.0f}秒。", "文件服务器与本机都与时间服务器对时。")


def time_zone(_services: Services) -> Iterator[Finding]:
    if datetime(2022, 9, 1, tzinfo=SHANGHAI).utcoffset() != timedelta(hours=8):
        yield mend("时区数据缺少北京时间。", "重新安装 requirements.lock 中的 tzdata。")


def mail(services: Services) -> Iterator[Finding]:
    """Greet the server and log in; nothing is sent."""
    settings = services.settings
    is_named = not settings.mail_from.endswith("@localhost")
    if settings.smtp_url is None:
        half = "设置了发件人地址，" if is_named else ""
        yield warn(f"{half}没有设置邮件服务器，只有站内消息。", "需要邮件提醒的，设置 TRACKER_SMTP_URL。")
        return
    try:
        SmtpSender(settings.smtp_url).greet()
    except TemporaryFailure as error:
        kind = greeting_failed(error)
        told = f"服务器答复：{error.facts.get('reply')}。" if kind is Greeting.ANSWERED else ""
        yield mend(f"邮件服务器不可用：{_GREETINGS[kind][0]}。{told}", _GREETINGS[kind][1])
    if not is_named:
        yield mend("没有设置发件人地址，邮件会被拒收。", "设置 TRACKER_MAIL_FROM 为本单位的邮箱地址。")


def official_fonts(_services: Services) -> Iterator[Finding]:
    installed = fonts.families()
    if installed is None:
        yield warn("没有安装 fontconfig，无法查看字体。", "安装软件包 fontconfig。")
        return
    known = [name.casefold() for name in installed]
    missing = [
        face
        for face, names in _FACES.items()
        if not any(name.startswith(wanted.casefold()) for name in known for wanted in names)
    ]
    if missing:
        yield warn(
            f"缺少公文字体：{'、'.join(missing)}，预览和排版按代用字体估算，下载的Word文件不受影响。",
            "安装有授权的方正小标宋简体、仿宋_GB2312、楷体_GB2312、黑体、宋体。",
        )


def office(_services: Services) -> Iterator[Finding]:
    if not office_suite.is_present():
        yield warn("没有安装LibreOffice，不能预览版面，页数按估算。", "安装软件包 libreoffice-writer。")
    if shutil.which("pdftoppm") is None:
        yield warn("没有安装poppler，不能显示预览图片。", "安装软件包 poppler-utils。")


def modes(services: Services) -> Iterator[Finding]:
    """Look at what the start cannot shut by itself: a database elsewhere, files of another user."""
    settings = services.settings
    owner = settings.data_dir.stat().st_uid
    exposed = [*open_to_others(settings.data_dir), *(path for path in _files_elsewhere(settings) if _is_open(path))]
    for path in dict.fromkeys(exposed):
        yield mend(f"{path}可以被其他用户读写。", f"运行 chmod go= {path}。")
    for path in sorted({*settings.data_dir.iterdir(), *_files_elsewhere(settings)}):
        if path.lstat().st_uid != owner:
            yield mend(
                f"{path}的属主与数据目录不同，服务可能不能读写。",
                f"运行 chown --reference={settings.data_dir} {path}。",
            )


def _files_elsewhere(settings: Settings) -> list[Path]:
    """Return files of ours that may lie outside of the data directory: the database, the key of the anchors."""
    url, files = make_url(settings.database_url), [settings.anchor_key]
    if url.drivername.startswith("sqlite") and url.database:
        files += [Path(url.database + ending) for ending in ("", "-wal", "-shm")]
    return [path for path in files if path.is_file()]


def _is_open(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def root(services: Services) -> Iterator[Finding]:
    if os.geteuid() == 0:
        level = Level.WARN if services.settings.is_demo or services.settings.allow_root else Level.MEND
        yield Finding(level, "正在以root身份运行。", "为系统建立专用用户，以该用户运行各进程和本命令。")


def proxy(services: Services) -> Iterator[Finding]:
    if not services.settings.is_demo and not services.settings.proxies_are_named:
        yield warn(
            "没有写明前置代理的地址，默认信任本机。",
            "设置 TRACKER_TRUSTED_PROXIES，例如 unix 或 127.0.0.1，见 deploy/。",
        )


def _changed_at(paths: Iterable[Path]) -> Iterator[tuple[Path, float]]:
    """Yield files with when they were last changed, in seconds; what a backup renames or removes meanwhile is left."""
    for path in paths:
        with suppress(FileNotFoundError):
            yield path, path.stat().st_mtime


def _latest_first(changed: Iterable[tuple[Path, float]]) -> list[tuple[Path, float]]:
    return sorted(changed, key=lambda one: one[1], reverse=True)


def _is_backup(path: Path) -> bool:
    with suppress(OSError):  # what a backup removes meanwhile, or what nobody may read, is none
        return looks_whole(path)
    return False


def backups(services: Services) -> Iterator[Finding]:
    folder = services.settings.backup_dir
    if folder is None:
        yield warn("没有设置备份目录，不知道有没有备份。", "设置 TRACKER_BACKUP_DIR 并启用每日备份，见 deploy/。")
        return
    if not folder.is_dir():
        yield mend(f"备份目录{folder}不存在，或者不是文件夹。", "核对 TRACKER_BACKUP_DIR，建立该目录，属主为运行用户。")
        return
    unfinished = _changed_at(path for pattern in _UNFINISHED for path in folder.glob(pattern))
    left = [path for path, changed_at in unfinished if time.time() - changed_at > _BACKUP_IS_LEFT_AFTER_S]
    if left:
        yield warn(
            f"备份目录{folder}里有{len(left)}个中断后留下的备份：{left[0].name}等。",
            "下次每日备份会清除，也可手工删除。",
        )
    whole = [path for path in folder.glob("[!.]*") if path.is_file()]  # one that is being written has a dot
    made = (changed_at for path, changed_at in _latest_first(_changed_at(whole)) if _is_backup(path))
    last = next(made, None)  # whatever else lies there, a list, half a copy or what was compressed, is none
    if last is None and whole:
        yield mend(
            f"备份目录{folder}里没有备份，所放{len(whole)}个文件都不是完整的备份：{min(whole).name}等。",
            "没有复制完的重新复制；压缩、加密的须先还原。没有备份的，运行 flask backup 文件。",
        )
    elif last is None:
        yield mend(f"备份目录{folder}里没有备份。", "启用 tracker-backup.timer，或者运行 flask backup 文件。")
    elif (age_s := time.time() - last) > _BACKUP_IS_OLD_AFTER_S:
        yield mend(f"最近一次备份是{age_s / 3600:.0f}小时以前。", "查看 tracker-backup.service 的日志。")
