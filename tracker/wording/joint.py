"""What is said of papers that several organs issue: why what was asked counts no more."""

from collections.abc import Mapping

ASK_ENDS: Mapping[str, str] = {"taken_back": "收回", "changed": "文稿有修改"}
