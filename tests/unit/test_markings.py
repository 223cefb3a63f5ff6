"""Markings of state secrets are told from sentences that speak of secrecy."""

import re
import unicodedata

import pytest

from tracker.inspection.markings import is_marked, is_marked_name, is_starred


@pytest.mark.parametrize(
    "text",
    [
        "机密★1年",
        "机\n密★1年",
        "机\n密",
        "标题\n 机 \n\n密\n★\n一\n年\n正文",
        "机密——1年",
        "机密――长期",
        "绝密★启用前",
        "秘 密 ★ 10年",
        "关于召开会议的通知 机密☆长期",
        "机　密\n特急\n关于做好防汛工作的通知",
        "密级：机密",
        "密 级: 秘密★",
        "文件密级：【秘密】",
        "保密等级　绝密",
        "密级：☑机密 □秘密",
        "000001\n机密\n特急",
        "000001  机密  特急",
        "【机密】关于印发方案的通知",
        "（秘密）\n关于印发方案的通知",
        "正文\r\n绝密\r\n正文",
        "秘密10年",
        "机密·长期",
        "机密级",
        "关于召开会议的通知 機密★",
        "絕密★長期",
        "祕密☆",
        "㊙密★10年",
        "密級：機密",
        "请按 秘密*10年 管理",
        "请按秘密＊长期管理",
        "请按秘密∗一年管理",
        "机密*",
        "000001 机密 * 特急",
        "正文 机\u200b密★",
        "正文 机\u2060密\ufe0f★",
        "正文 机\u0332密\u034f★",
        "【密级】机密",
        "【密级】：秘密　特急",
        "密级（机密）",
        "文件密级(绝密)。",
        "密级：机密（1年）",
        "★机密",
        "000001 ★ 秘密 10年\n特急",
        "〖机密〗",
        "〖秘密〗关于印发方案的通知",
        "｛绝密｝",
        "机密（1年）",
        "秘密(十年)\n特急",
        "关于方案的通知 机密\uf0ab1年",
        "正文 ⁠机\u2003密\u00ad★",
    ],
)
def test_a_marking_is_found(text: str) -> None:
    assert is_marked(text)


@pytest.mark.parametrize(
    "text",
    [
        "做好机密文件管理工作",
        "严守国家秘密",
        "内部",
        "密级：内部",
        "密级：",
        "密级：□绝密 □机密 □秘密",
        "文件密级分为绝密、机密、秘密三级",
        "国家秘密的密级分为：\n绝密\n机密\n秘密\n三级。",
        "商业秘密",
        "商业秘密★",
        "工作秘密",
        "秘密级以上文件不得外传",
        "（一）机密信息管理",
        "（机密文件）管理",
        "机密文件\n由专人保管",
        "机密级计算机",
        "配备机密级计算机*2台",
        "保守国家秘密",
        "商业秘密*10年",
        "做好**机密**文件管理",
        "**机密**文件",
        "保护机密*严禁外传",
        "★机密文件管理办法",
        "★绝密\n★机密\n★秘密",
        "密级（绝密、机密、秘密）",
        "【密级】分为机密、秘密两级",
        "按密级（机密级）分类管理",
        "文件密级（机密）管理制度",
        "机密（1年）以上的应当登记",
        "机密\uf0a8 秘密\uf0a8",
        "密级：\uf0a8绝密 \uf0a8机密 \uf0a8秘密",
        "绝密\uf0e0机密\uf0e0秘密",
        "关于方案的通知 机密1年",
        "本件标注★机密 的部分",
        "本件为机密",
        "机密 关于方案的通知",
        "「机密」",
        "《机密》",
        "有机\n密切配合",
        "契机\n密\n码",
    ],
)
def test_a_sentence_about_secrecy_is_no_marking(text: str) -> None:
    assert not is_marked(text)


def _stars() -> list[str]:
    words = re.compile(r"\bSTAR\b")
    return [sign for sign in map(chr, range(0x2000, 0x1FB00)) if words.search(unicodedata.name(sign, ""))]


@pytest.mark.parametrize("star", [sign for sign in _stars() if ord(sign) not in range(0x3400, 0x1F000)])
def test_any_star_after_a_level_is_a_marking(star: str) -> None:
    """Stars that stand among letters of dead scripts are left out."""
    assert is_marked(f"关于印发方案的通知 机密{star}1年")
    assert is_marked(f"关于印发方案的通知 机密 {star}\ufe0f")
    assert is_starred(f"\0\x05机密{star}\x01")
    assert is_marked_name(f"方案（机密{star}）")


@pytest.mark.parametrize(
    ("name", "marked"),
    [
        ("机密-某方案", True),
        ("【秘密】某方案", True),
        ("机密", True),
        ("某方案（机密★1年）", True),
        ("文件（秘密）", True),
        ("01 机密 方案", True),
        ("方案-机密", True),
        ("方案_绝密级_1", True),
        ("方案【机密 1年】终稿", True),
        ("机密 方案", True),
        ("方案（商业秘密）", False),
        ("工作秘密 清单", False),
        ("密级（绝密、机密、秘密）说明", False),
        ("机密文件管理台账", False),
        ("保守国家秘密责任书", False),
        ("機密-某方案", True),
        ("机\u200b密—某方案", True),
        ("机密级计算机台账", False),
    ],
)
def test_a_name_is_marked_by_what_it_begins_with(name: str, marked: bool) -> None:
    assert is_marked_name(name) is marked
