"""What keeps the program from being started, said to the person who starts it."""

from collections.abc import Mapping

# What the person who starts the program set wrong, in his language; the settings say it in that of the logs.
_OF_VARIABLES: Mapping[str, str] = {
    "TRACKER_SECRET_KEY": "签名密钥没有设置，或者太短、太简单。处理：运行 openssl rand -hex 32，把结果写入该变量。",
    "TRACKER_DATA_DIR": "数据目录不能使用。处理：换成系统专用的目录，属主为运行用户。",
    "TRACKER_MODE": "运行方式只能是 production 或者 demo。",
    "TRACKER_TRUSTED_PROXIES": "前置代理应写IP地址、网段或者 unix，以逗号分隔。",
    "TRACKER_METRICS_TOKEN": "监控口令不能少于16个字符。",
    "TRACKER_CLAMD": "病毒扫描的地址应写成 unix:///路径 或者 tcp://主机:端口。",
    "TRACKER_OIDC_ISSUER": "统一身份认证的地址、客户端标识和密钥须一并设置，地址须以 https:// 开头。",
    "TRACKER_OIDC_REDIRECT_URI": "统一身份认证的回调地址须以 https:// 开头。",
    "TRACKER_ALLOW_ROOT": "正式环境不以root运行。处理：换用系统专用的用户，确需以root运行的，将该变量设为1。",
    "TRACKER_ANCHOR_KEY": "锚记密钥文件里没有密钥。处理：放回原来的密钥文件。",
    "PORT": "端口应为1至65535。",
}


def settings_words(words: str) -> str:
    """Say in Chinese with what settings nothing can be started; what has no sentence is said as it was refused."""
    if not words.isascii() and not words.startswith("TRACKER_"):
        return words
    variable = words.split(":")[0].split()[0]
    return f"{variable}有误，系统不能启动。{_OF_VARIABLES.get(variable) or f'（{words}）'}"
