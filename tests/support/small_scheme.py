"""An invented scheme of three objects and two annexes: only data, to show that the next document needs no code."""

SMALL_TEXT = """某区清洁考评办法
每月清运垃圾数量第1名得6分，第2名得4分，第3名得2分。
回收率第1-2名得4分，第3名得1分。名次并列的并列占位。
每被投诉一次扣1分，扣完为止。"""

SMALL_SCHEME = """
code = "small"
document = "某清〔2030〕1号"
title = "某区清洁考评办法"
full = 10
organiser = "office"

[sources]
weight = { clause = "一", sentence = "每月清运垃圾数量第1名得6分，第2名得4分，第3名得2分。" }
rate = { clause = "二", sentence = "回收率第1-2名得4分，第3名得1分。" }
ties = { clause = "二", sentence = "名次并列的并列占位。" }
complaints = { clause = "三", sentence = "每被投诉一次扣1分，扣完为止。" }

[bands]
six = [[1, 1, 6], [2, 2, 4], [3, 3, 2]]
four = [[1, 2, 4], [3, 3, 1]]

[[objects]]
unit = "east"
name = "东街"
kind = "street"

[[objects]]
unit = "west"
name = "西街"
kind = "street"

[[objects]]
unit = "north"
name = "北街"
kind = "street"

[[figures]]
code = "weight"
name = "清运垃圾"
unit = "吨"
window = "month"

[[figures]]
code = "recycled"
name = "回收"
unit = "吨"
window = "month"

[[metrics]]
code = "weight"
name = "清运垃圾"
kind = "value"
figure = "weight"

[[metrics]]
code = "rate"
name = "回收率"
kind = "rate"
figure = "recycled"
base = "weight"

[[annexes]]
code = "a"
label = "一"
title = "清运"
full = 6

[[annexes.items]]
code = "a-1"
label = "（一）"
title = "清运"
full = 6
floor = 0

[[annexes.items.marks]]
kind = "rank"
code = "weight"
name = "清运垃圾"
full = 6
sources = ["weight"]
metrics = ["weight"]
bands = "six"

[[annexes.items.marks]]
kind = "cases"
code = "complaints"
name = "投诉"
full = 0
sources = ["complaints"]
cases = [{ kind = "complaint", name = "投诉", each = -1 }]

[[annexes]]
code = "b"
label = "二"
title = "回收"
full = 4

[[annexes.items]]
code = "b-1"
label = "（一）"
title = "回收率"
full = 4

[[annexes.items.marks]]
kind = "rank"
code = "rate"
name = "回收率"
full = 4
sources = ["rate"]
metrics = ["rate"]
bands = "four"

[[settled]]
point = "ties"
choice = "skip"
sources = ["ties"]

[[settled]]
point = "all_zero"
choice = "tie"
sources = ["ties"]

[[settled]]
point = "rounding"
choice = "exact"
sources = ["rate"]

[[settled]]
point = "over_full"
choice = "allowed"
sources = ["complaints"]

[[questions]]
code = "nothing"
point = "zero_base"
title = "没有垃圾"
words = "没有清运垃圾的街道回收率怎么计。"
sources = ["rate"]
options = [
  { code = "last", words = "排在最后", choice = "last" },
  { code = "none", words = "不得分", choice = "none" },
]
"""
