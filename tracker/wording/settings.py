"""What keeps the program from being started, said to the person who starts it."""

from collections.abc import Mapping
from pathlib import Path

from tracker.addresses import Fault

_DATABASE = (
    "PostgreSQL写成 postgresql+psycopg://用户:密码@主机:5432/库名，SQLite写成 sqlite:////var/lib/tracker/tracker.db；"
    "密码里的 @ / : 等符号须写成 %40 %2F %3A。"
)
_PROVIDER = "统一身份认证的地址、客户端标识和密钥须一并设置，地址须以 https:// 开头，例如 https://sso.example.gov.cn。"
# What the variable takes, with an example, in the language of the person who starts the program; the settings say in
# that of the logs what was wrong.
_OF_VARIABLES: Mapping[str, str] = {
    "TRACKER_DATABASE_URL": _DATABASE,
    "TRACKER_REDIS_URL": "Redis地址写成 redis://127.0.0.1:6379/0，或者 unix:///run/redis/redis.sock。",
    "TRACKER_SECRET_KEY": "签名密钥没有设置，或者太短、太简单。处理：运行 openssl rand -hex 32，把结果写入该变量。",
    "TRACKER_SECRET_KEY_FALLBACKS": "其中有的旧密钥太短、太简单。处理：只写以前用过的密钥，以逗号分隔；没有的留空。",
    "TRACKER_DATA_DIR": "数据目录不能使用。处理：换成系统专用的目录，属主为运行用户，例如 /var/lib/tracker。",
    "TRACKER_MODE": "运行方式只能是 production 或者 demo。",
    "TRACKER_SMTP_URL": (
        "邮件服务器写成 smtp://账号:密码@主机:25、smtps://账号:密码@主机:465 或者 smtp://账号:密码@主机:587?starttls=1；"
        "账号、密码里的 @ / : 等符号须写成 %40 %2F %3A。"
    ),
    "TRACKER_MAIL_FROM": "发件人应写一个邮箱地址，例如 duban@example.gov.cn。",
    "TRACKER_TRUSTED_PROXIES": "前置代理应写IP地址、网段或者 unix，以逗号分隔，例如 unix 或者 127.0.0.1,10.0.0.0/24。",
    "TRACKER_METRICS_TOKEN": "监控口令不能少于16个字符，例如 openssl rand -hex 16 的结果。",
    "TRACKER_CLAMD": "病毒扫描的地址应写成 unix:///run/clamav/clamd.ctl，或者 tcp://127.0.0.1:3310。",
    "TRACKER_OIDC_ISSUER": _PROVIDER,
    "TRACKER_OIDC_NAME": "登录按钮上的名称不能超过20个字，例如 统一身份认证。",
    "TRACKER_OIDC_CLAIM": "应写存放账号的声明的名称，中间没有空格，例如 preferred_username。",
    "TRACKER_OIDC_REDIRECT_URI": (
        "统一身份认证的回调地址须以 https:// 开头，例如 https://tracker.example.gov.cn/login/unified/back。"
    ),
    "TRACKER_ALLOW_ROOT": "正式环境不以root运行。处理：换用系统专用的用户，确需以root运行的，将该变量设为1。",
    "TRACKER_ANCHOR_KEY": "应写锚记密钥文件的路径，例如 /var/lib/tracker-anchor/anchor.key。",
    "TRACKER_ANCHOR_FILE": "应写锚记文件的路径，例如 /var/lib/tracker-anchor/lines。",
    "PORT": "端口应为1至65535的数字，例如 8000。",
}
_OF_FAULTS: Mapping[Fault, str] = {
    Fault.SCHEME: "地址开头的类型不对。",
    Fault.DRIVER: "PostgreSQL地址的开头应为 postgresql+psycopg://。",
    Fault.HOST: "主机名没有写，或者写得不对。",
    Fault.PORT: "端口没有写，或者不是1至65535的数字。",
    Fault.FILE: "没有写明文件，绝对路径前面是三个斜杠再加路径的斜杠。",
    Fault.NUMBER: "库号不是数字。",
    Fault.OPTION: "问号后面的选项不能识别。",
    Fault.FOLDER: "文件所在的文件夹不存在，或者当前账号不能进入。",
    Fault.IS_FOLDER: "写的是文件夹，不是文件。",
    Fault.NO_KEY: "文件里没有密钥。处理：放回原来的密钥文件。",
}
_NOT_PRIVATE: Mapping[str, str] = {
    "TRACKER_DATA_DIR": "{place}是公用的文件夹，或者里面有别的程序的文件。",
    "TRACKER_REDIS_URL": "内置Redis的文件夹{place}可以被其他用户进入。处理：删除该文件夹，或者设置该变量。",
}

WARNED_TOO_EARLY = (
    "warn_days（提前告知天数）须小于stale_days（长期未登录天数），否则刚登录就告知将停用。"
    "处理：改小warn_days或者改大stale_days。"
)


def configuration_words(problem: str) -> str:
    """Say in one line that a file of configuration keeps the program from being started, and what is wrong with it."""
    return f"配置文件有误，系统不能启动。{' '.join(problem.split())}"


def settings_words(words: str, *, fault: Fault | None = None, place: Path | None = None) -> str:
    """Say in Chinese with what settings nothing can be started; what has no sentence is said as it was refused."""
    if not words.isascii() and not words.startswith(("TRACKER_", "PORT")):
        return words
    variable = words.split(":")[0].split()[0]
    wrong = _OF_FAULTS.get(fault, "") if fault is not None else ""
    if fault is Fault.NOT_PRIVATE:
        wrong = _NOT_PRIVATE[variable].format(place=place)
    return f"{variable}有误，系统不能启动。{wrong}{_OF_VARIABLES.get(variable) or f'（{words}）'}"
