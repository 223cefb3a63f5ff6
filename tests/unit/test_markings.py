"""Markings of state secrets are told from sentences that speak of secrecy."""

import pytest

from tracker.inspection.markings import is_marked, is_marked_name


@pytest.mark.parametrize(
    "text",
    [
        "机密★1年",
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
    ],
)
def test_a_sentence_about_secrecy_is_no_marking(text: str) -> None:
    assert not is_marked(text)


@pytest.mark.parametrize(
    ("name", "marked"),
    [
        ("机密-某方案", True),
        ("【秘密】某方案", True),
        ("机密", True),
        ("某方案（机密★1年）", True),
        ("机密文件管理台账", False),
        ("保守国家秘密责任书", False),
    ],
)
def test_a_name_is_marked_by_what_it_begins_with(name: str, marked: bool) -> None:
    assert is_marked_name(name) is marked
