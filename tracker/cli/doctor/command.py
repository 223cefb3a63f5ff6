"""The command, and the order of its checks: what others stand on comes first."""

import click

from tracker.cli.doctor import data, machine, papers, surroundings
from tracker.cli.doctor.findings import Check, Level, line, run
from tracker.services import Services

CHECKS = (
    Check("数据目录", machine.folder, "已经建立。"),
    Check("数据库", data.database, "可以读写。"),
    Check("数据库结构", data.migrations, "是最新的。"),
    Check("事件链", data.event_chain, "链头与最后一个事件一致。", of_tables=True),
    Check("Redis", data.redis, "有应答。"),
    Check("后台进程", data.background, "都在运行，没有积压。", of_tables=True),
    Check("印发文稿", papers.undrawn_papers, "都有正式文件。", of_tables=True),
    Check("磁盘", machine.disk, "空间充足。", of_folder=True),
    Check("时钟", machine.clock, "与文件系统一致。", of_folder=True),
    Check("时间记录", data.clock_of_the_log, "与数据库和事件记录相符。", of_tables=True),
    Check("时区", machine.time_zone, "有北京时间。"),
    Check("邮件", machine.mail, "服务器可用，发件人已设置。"),
    Check("病毒扫描", surroundings.scanner, "有应答。"),
    Check("统一身份认证", surroundings.unified, "有应答，或者没有启用。"),
    Check("公文字体", machine.official_fonts, "齐全。"),
    Check("版面预览", machine.office, "LibreOffice和poppler已安装。"),
    Check("文件权限", machine.modes, "只有运行用户可以读写。", of_folder=True),
    Check("运行用户", machine.root, "不是root。"),
    Check("前置代理", machine.proxy, "已经写明。"),
    Check("管理员", data.administrators, "三类管理员都有在用账号。", of_tables=True),
    Check("联络员", data.liaisons, "有在办承办事项的单位都有联络员。", of_tables=True),
    Check("演示账号", data.demonstration_accounts, "没有。", of_tables=True),
    Check("工作日历", data.calendar, "今明两年都有。", of_tables=True),
    Check("事件锚记", surroundings.anchors, "最近一次锚记在一天半以内。"),
    Check("备份", machine.backups, "最近一次备份在一天半以内。"),
)


def doctor_command(services: Services) -> click.Command:
    @click.command("doctor")
    def doctor() -> None:
        """Say in plain Chinese what is missing or wrong; exit 1 where something must be mended."""
        wrong = 0
        tables, folder = data.has_tables(services), machine.has_folder(services)
        for check, finding in run(CHECKS, services, has_tables=tables, has_folder=folder):
            click.echo(line(check, finding))
            wrong += finding.level is Level.MEND
        click.echo(f"有{wrong}项应处理。" if wrong else "没有必须处理的问题。")
        if wrong:
            raise click.exceptions.Exit(1)

    return doctor


def doctor_of_settings(words: str) -> click.Command:
    """Return the command for settings with which nothing can be started; `words` is what says so."""

    @click.command("doctor")
    def doctor() -> None:
        """Say in plain Chinese what is missing or wrong; exit 1 where something must be mended."""
        click.echo(f"【{Level.MEND}】设置：{words}")
        raise click.exceptions.Exit(1)

    return doctor
