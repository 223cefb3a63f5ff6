"""What the search calls the kinds of what it finds."""

from tracker.domain.searching import SearchKind

SEARCH_KINDS = {
    SearchKind.TASK: "事项",
    SearchKind.DOCUMENT: "文件原文",
    SearchKind.REPORT: "反馈",
    SearchKind.EVIDENCE: "佐证",
    SearchKind.CIRCULAR: "文稿",
    SearchKind.INSTRUCTION: "领导批示",
}
