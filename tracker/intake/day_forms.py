"""Forms of days 「时限的写法」: how official prose prints the day by which something is to be done."""

import re

from tracker.intake.expressions import expression

# Between a day and 前 the day of the week and the hour may stand.
_HOUR = r"(?:[（(][^（）()\d]{1,6}[）)])?(?:(?:上午|下午|中午)?\d{1,2}(?:时|点|[:：]\d{2})(?:\d{1,2}分|整)?)?"
# Each form with words of which every match holds one: most texts hold none of them and need not be searched. The digit
# that a form begins with stands before what is looked for around it: places without one are passed over at once.
DAY_FORMS: tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...] = (
    # e.g. 2022年9月30日前完成
    # e.g. 2022年9月30日（星期五）下午6时前报送
    ("ymd", ("日",), expression(rf"(\d\d{{3}})年(\d{{1,2}})月(\d{{1,2}})日(?:{_HOUR}(?:之?前|以前|止)|$)")),
    (
        "dotted",
        ("前",),
        # e.g. 2024.12.31前完成
        # e.g. 2024.12底前
        expression(r"(?<![\d.])(20\d\d)[.．/](\d{1,2})(?:[.．/](\d{1,2}))?日?(?:底|末)?(?:之?前|以前)"),
    ),
    # e.g. 实现明年年底满负荷运行
    ("next_end", ("明年",), expression(r"明年(?:年?底|年?末|年?内)(?:之?前|以前)?")),
    # e.g. 明年上半年投用
    ("next_half", ("明年",), expression(r"明年上半年")),
    # A goal may name its year alone, before what is reached.
    (
        "reach",
        ("年",),
        # e.g. 2025年达到90%
        expression(
            r"(\d(?<![至到—\-－–～~\d]\d)\d{3})年(?:全年|全市|全省|全区|全县|力争|计划|预计)?(?=达到?\d|实现|完成|不[少低]于)"
        ),
    ),
    (
        "reach_now",
        ("年",),
        # e.g. 2024年新增外贸企业10家以上
        expression(
            r"(\d(?<![至到—\-－–～~\d]\d)\d{3})年(?:全年|全市|全省|全区|全县|力争|计划|再)?"
            r"(?=(?:新增|新建|建成|引进|培育|改造|新培育|打造|创建|建设|突破)[^，。；]{0,20}\d)"
        ),
    ),
    # e.g. 明年6月底前完成
    # e.g. 明年11月份建成
    ("next_year", ("明年",), expression(r"明年(\d{1,2})月(?:份)?(?:底|末)?(?:之?前|以前)?")),
    # e.g. 9月中旬前对接
    ("third", ("旬",), expression(r"(\d(?<![\d年]\d)\d?)月([上中下])旬(?:之?前|以前)?")),
    (
        "written",
        ("年底", "年末", "月底", "月末"),
        # e.g. 二〇二四年六月底前投入使用
        expression(r"([〇○零一二三四五六七八九]{4})年(?:([一二三四五六七八九十]{1,2})月)?(?:底|末)(?:之?前|以前)?"),
    ),
    # e.g. 2022年10月底前建成
    # but not 2022年10月15日前建成
    ("ym", ("月",), expression(r"(\d\d{3})年(\d{1,2})月(?:份)?(?:底|末)?(?:之?前|以前)?(?!\d{1,2}日)")),
    # e.g. 2023年第三季度末完成
    ("quarter", ("季度",), expression(r"(?:(\d{4})年)?第?([一二三四])季度(?:末|底|前)")),
    # Of a span of months the last binds.
    (
        "months",
        ("月",),
        # e.g. 2022年9月至11月
        # e.g. 3月—10月
        expression(
            r"(?=\d)(?:(20\d\d)年)?(?<!\d)\d{1,2}月(?:份)?[—–\-－~～至到]{1,2}(\d{1,2})月(?:份)?(?:底|末)?(?!\d{1,2}日)"
        ),
    ),
    # Of a span of days on which something goes on the last binds.
    (
        "days",
        ("日",),
        # e.g. 8月15日至8月28日开展专项行动
        # but not 5月1日至9月30日为汛期
        expression(
            r"(?=\d)(?:(20\d\d)年)?(?<!\d)\d{1,2}月\d{1,2}日[—–\-－~～至到]{1,2}(?:(\d{1,2})月)(\d{1,2})日(?=期间?开展|，?(?:集中)?(?:开展|组织|进行|实施|完成))"
        ),
    ),
    # What comes into being in a month is to be there at its end.
    (
        "built",
        ("月",),
        # e.g. 10月建成通车
        # but not 2024年10月建成的公路
        expression(
            r"(\d(?<![\d年明]\d)\d?)月(?:份)?(?=(?:全面|基本|正式|全部)?(?:建成|完工|竣工|完成|通车|投用|投产|启用)(?!的))"
        ),
    ),
    # Of a span of years the last binds.
    # e.g. 2021—2025年新建改建100公里
    ("span", ("年",), expression(r"\d\d{3}\s*[—–\-－~至]+\s*(\d{4})年")),
    # e.g. 到2025年底全部建成
    ("year_end", ("年底", "年末", "年内"), expression(r"(?:到|至)?(\d{4})年(?:底|末|年底|内)(?:之?前|以前)?")),
    # e.g. 到2025年，覆盖率明显提高
    # but not 到2025年6月
    # but not 到2022年—2025年
    ("by_year", ("年",), expression(r"[到至](\d{4})年(?![\d一二三四五六七八九十]*[—–\-])(?!\d{1,2}月)")),
    # e.g. 9月30日前完成
    # e.g. 10月20日（星期日）前上报
    ("md", ("日",), expression(rf"(\d(?<![\d年月]\d)\d?)月(\d{{1,2}})日{_HOUR}(?:之?前|以前)")),
    (
        "m",
        ("月",),
        # e.g. 6月底前建成
        # e.g. 10月前启动
        expression(
            r"(?=\d)(?:(?<![\d年明])(\d{1,2})月(?:份)?(?:底|末)(?:之?前|以前)?|(?<![\d年])(\d{1,2})月(?:份)?(?:之?前|以前))"
        ),
    ),
    # e.g. 上半年，完成主体工程
    # but not 上半年工作总结
    ("half", ("上半年",), expression(r"(?:今年|本年)?上半年(?:前|内)?(?=[，完实建启]|基本完成|力争|全面)")),
    (
        "this_year",
        ("年",),
        # e.g. 年内实现全覆盖
        # but not 离校两年内未就业
        # but not 可在5年内享受
        # e.g. 全年新增就业5万人
        expression(
            r"""(?=[今年本全])(?:(?<![明去\d])年底前|(?<![明去\d])年底之前|今年年?底
            |(?<![\d两一二三四五六七八九十几多数半首当届])年内|(?<!据)(?<!照)本年度内
            |全年(?=[^，。；,;]{0,24}(?:\d|完成|实现|新增|建成|评选))
            |今年(?=[^，。；,;]{0,20}\d))""",
            re.VERBOSE,
        ),
    ),
    (
        "months_after",
        ("起",),
        # e.g. 印发之日起三个月内报送
        expression(r"(?:印发|发布|施行|下发)(?:之日)?起([一二三四五六七八九十]+|\d{1,2})个?(月|工作日|日)内"),
    ),
)
