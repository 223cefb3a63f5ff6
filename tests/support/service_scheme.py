"""Another invented scheme: it evaluates bureaus, has other rules, marks and annexes, and its text settles much."""

SERVICE_TEXT = """便民服务月度考评办法
活动次数、办件进度。
作风问题扣分；排名通报，推进会点评；计入年度。"""

SERVICE_SCHEME = """
code = "service"
document = "测政办〔2022〕9号"
title = "便民服务月度考评办法"
full = 50
organiser = "wjw"
issued_on = 2022-01-05
from_month = [2022, 1]

[sources]
"a" = { clause = "二（一）", sentence = "活动次数、办件进度。" }
"b" = { clause = "三", sentence = "作风问题扣分；排名通报，推进会点评；计入年度。" }

[bands]
"b" = [[1, 1, 10], [2, 2, 6]]

[publication]
source = "b"
words = "排名通报"
matter = "便民服务考评"
bodies = "部门"
meeting = { months = 2, first = 1, last = 1, source = "b" }
year = "b"

[[objects]]
unit = "swj"
name = "市商务局"
kind = "bureau"

[[objects]]
unit = "tjj"
name = "市统计局"
kind = "bureau"

[[figures]]
code = "visits"
name = "走访"
unit = "次"
window = "month"
supplier = "tjj"
whole = true

[[figures]]
code = "done"
name = "办结件"
unit = "件"
window = "year_to_month"
supplier = "tjj"

[[figures]]
code = "asked"
name = "应办件"
unit = "件"
window = "year"
supplier = "tjj"

[[metrics]]
code = "visits"
name = "走访次数"
kind = "value"
figure = "visits"

[[metrics]]
code = "done"
name = "办结率"
kind = "rate"
figure = "done"
base = "asked"

[[metrics]]
code = "done-number"
name = "办结件数"
kind = "value"
figure = "done"

[[annexes]]
code = "A"
label = "二"
title = "服务"
full = 50

[[annexes.items]]
code = "A-1"
label = "（一）"
title = "走访"
full = 10
[[annexes.items.marks]]
kind = "target"
code = "A-1-t"
name = "走访"
full = 10
sources = ["a"]
metric = "visits"
targets = { bureau = 4 }
per_missing = 2

[[annexes.items]]
code = "A-2"
label = "（二）"
title = "进度"
full = 30
[[annexes.items.marks]]
kind = "gap"
code = "A-2-g"
name = "进度"
full = 30
sources = ["a"]
metric = "done"
per_point = 0.5

[[annexes.items]]
code = "A-3"
label = "（三）"
title = "件数"
full = 10
[[annexes.items.marks]]
kind = "rank"
code = "A-3-r"
name = "件数"
full = 10
sources = ["a"]
metrics = ["done-number"]
bands = "b"

[[annexes]]
code = "B"
label = "三"
title = "作风"
full = 0
[[annexes.items]]
code = "B-1"
label = "三"
title = "作风问题"
full = 0
[[annexes.items.marks]]
kind = "cases"
code = "B-1-c"
name = "作风问题"
full = 0
sources = ["b"]
cases = [{ kind = "bad", name = "作风问题" }]
roles = { supplies = ["wjw"] }

[[questions]]
code = "size"
point = "case_size"
title = "扣多少"
words = "怎么定，没有规定。"
sources = ["b"]
options = [
  { code = "one-by-one", words = "逐次认定", choice = "case" },
  { code = "five", words = "每次扣5分", choice = "fixed", number = 5 },
]

[[questions]]
code = "issuer"
point = "office"
title = "由谁印发"
words = "怎么定，没有规定。"
sources = ["b"]
options = [
  { code = "organiser", words = "办公室", choice = "organiser" },
  { code = "group", words = "领导小组", choice = "group" },
  { code = "office", words = "市政府办公室", choice = "office" },
]
[[questions]]
code = "meeting-order"
point = "later"
title = "按哪个名次"
words = "怎么定，没有规定。"
sources = ["b"]
options = [
  { code = "together", words = "两个月之和", choice = "sum" },
  { code = "each", words = "各月分别", choice = "each" },
]
[[questions]]
code = "year-total"
point = "later"
title = "年度"
words = "怎么定，没有规定。"
sources = ["b"]
options = [
  { code = "average", words = "平均", choice = "mean" },
  { code = "sum", words = "之和", choice = "sum" },
]

[[settled]]
point = "ties"
choice = "dense"
sources = ["b"]
[[settled]]
point = "over_full"
choice = "total"
sources = ["b"]
covers = ["total"]
[[settled]]
point = "all_zero"
choice = "none"
sources = ["a"]
[[settled]]
point = "zero_base"
choice = "full"
sources = ["a"]
[[settled]]
point = "schedule"
choice = "twelfths"
sources = ["a"]
[[settled]]
point = "floor"
choice = "item"
sources = ["a"]
"""
