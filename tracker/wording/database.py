"""Why a database does not answer, said to the administrator, with what to do."""

from collections.abc import Mapping

_ADDRESS = "核对 TRACKER_DATABASE_URL 中的"
# By the kind of `tracker/store/server_troubles.py`; `name` is the database, user, host or socket of which it was said.
SERVER_TROUBLES: Mapping[str, str] = {
    "refused": f"连不上数据库：{{name}}没有数据库服务应答。请启动数据库服务，或者{_ADDRESS}主机和端口。",
    "no_socket": f"连不上数据库：没有套接字{{name}}。请启动数据库服务，或者{_ADDRESS}主机（host）。",
    "no_host": f"连不上数据库：找不到主机{{name}}。请{_ADDRESS}主机名，检查域名解析。",
    "silent": f"连不上数据库：服务器没有应答。请检查网络和防火墙，{_ADDRESS}主机和端口。",
    "no_database": (
        "连不上数据库：服务器上没有名为{name}的库。请以数据库管理员身份运行 createdb -O 用户 库名 建立，"
        f"或者{_ADDRESS}库名。"
    ),
    "no_role": (
        "连不上数据库：服务器上没有名为{name}的用户。请以数据库管理员身份运行 createuser 用户 建立，"
        f"或者{_ADDRESS}用户。没有写用户的，以当前系统账号登录。"
    ),
    "wrong_password": f"连不上数据库：用户{{name}}的密码不对。请{_ADDRESS}用户和密码，密码里的符号须写成 %40 一类。",
    "no_password": f"连不上数据库：服务器要求密码，而地址里没有。请{_ADDRESS}用户和密码。",
    "peer": (
        "连不上数据库：服务器只许同名的系统账号以用户{name}登录。请以运行服务的账号执行命令，"
        f"例如 sudo -u tracker，或者{_ADDRESS}用户。"
    ),
    "not_admitted": "连不上数据库：服务器不许本机或者该用户登录。请数据库管理员在 pg_hba.conf 中放行。",
    "not_yet": "连不上数据库：服务器正在启动、关闭或者恢复，暂不接受连接。请稍后重新运行，仍不行的查看其日志。",
    "closed": "数据库服务器关闭了连接，没有完成。请确认数据库服务在运行，然后重新运行。",
    "too_many": "连不上数据库：服务器的连接已满。请停用多余的进程，或者调大数据库的 max_connections。",
    "no_right": "数据库用户没有权限，没有完成。请以数据库管理员身份把库和其中的表改归该用户。",
    "option": "连不上数据库：TRACKER_DATABASE_URL 中问号后面的选项有误。请核对，或者删去。",
}
NO_TABLES = "数据库里没有本系统的表，或者表的结构比程序旧，没有完成。请停止各进程后运行 flask db upgrade。"
BUSY = "数据库正忙，没有完成。请稍后重新运行。"
UNKNOWN = "数据库不能使用（{said}），没有完成。请运行 flask doctor 检查。"
