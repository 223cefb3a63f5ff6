"""An invented scheme: two counties, what two bureaus and nobody hand in, three open questions.

It is only data, to show that the next document needs no code.
"""

SMALL_TEXT = """项目月度考评办法
项目个数和开工率排名计分。
完成活动得分，批评扣分，现场核查扣分。"""

SMALL_SCHEME = """
code = "small"
document = "测政办〔2022〕1号"
title = "项目月度考评办法"
full = 10
organiser = "wjw"
issued_on = 2022-01-05
from_month = [2022, 1]

[sources]
"1" = { clause = "一", sentence = "项目个数和开工率排名计分。" }
"2" = { clause = "二", sentence = "完成活动得分，批评扣分，现场核查扣分。" }

[bands]
"5" = [[1, 1, 5], [2, 2, 3]]
"3" = [[1, 1, 3], [2, 2, 1]]

[[objects]]
unit = "yc"
name = "驿城区"
kind = "county"

[[objects]]
unit = "sp"
name = "遂平县"
kind = "county"

[[figures]]
code = "projects"
name = "项目个数"
unit = "个"
window = "month"
supplier = "swj"

[[figures]]
code = "started"
name = "已开工项目个数"
unit = "个"
window = "month"
supplier = "tjj"

[[figures]]
code = "planned"
name = "计划开工项目个数"
unit = "个"
window = "month"

[[metrics]]
code = "projects"
name = "项目个数"
kind = "value"
figure = "projects"

[[metrics]]
code = "rate"
name = "开工率"
kind = "rate"
figure = "started"
base = "planned"

[[annexes]]
code = "1"
label = "附件"
title = "考评细则"
full = 10

[[annexes.items]]
code = "1-1"
label = "一"
title = "项目情况"
full = 8

[[annexes.items.marks]]
kind = "rank"
code = "1-1-count"
name = "项目个数"
full = 5
sources = ["1"]
metrics = ["projects"]
bands = "5"
roles = { ranks = ["swj"] }

[[annexes.items.marks]]
kind = "rank"
code = "1-1-rate"
name = "开工率"
full = 3
sources = ["1"]
metrics = ["rate"]
bands = "3"

[[annexes.items]]
code = "1-2"
label = "二"
title = "活动和批评"
full = 2
floor = 0
ceiling = 2

[[annexes.items.marks]]
kind = "acts"
code = "1-2-acts"
name = "活动"
full = 2
sources = ["2"]
acts = { meeting = "项目推进会" }

[[annexes.items.marks]]
kind = "cases"
code = "1-2-cases"
name = "批评"
full = 0
sources = ["2"]
cases = [{ kind = "criticism", name = "批评", each = -1 }]
roles = { supplies = ["swj"] }

[[annexes.items]]
code = "1-3"
label = "三"
title = "现场核查"
full = 0

[[annexes.items.marks]]
kind = "checks"
code = "1-3-site"
name = "现场核查"
full = 0
sources = ["2"]
check = "site"
tiers = [{ above = 5, marks = 1 }]
cap = 2
roles = { supplies = ["wjw"] }

[[questions]]
code = "ties"
point = "ties"
title = "名次并列"
words = "并列怎么排，没有规定。"
sources = ["1"]
options = [
  { code = "skip", words = "并列占位", choice = "skip" },
  { code = "dense", words = "并列不占位", choice = "dense" },
]

[[questions]]
code = "over-full"
point = "over_full"
title = "超过满分"
words = "是否封顶，没有规定。"
sources = ["1"]
covers = ["total"]
options = [
  { code = "allowed", words = "照实计", choice = "allowed" },
  { code = "total", words = "不超过满分", choice = "total" },
]

[[questions]]
code = "issuer"
point = "office"
title = "由谁印发"
words = "由谁印发，没有规定。"
sources = ["1"]
options = [
  { code = "organiser", words = "领导小组办公室", choice = "organiser" },
  { code = "group", words = "领导小组", choice = "group" },
  { code = "office", words = "市政府办公室", choice = "office" },
]

[[settled]]
point = "all_zero"
choice = "tie"
sources = ["1"]

[[settled]]
point = "zero_base"
choice = "zero"
sources = ["1"]

[[settled]]
point = "rounding"
choice = "exact"
sources = ["1"]

[[settled]]
point = "difference_base"
choice = "found"
sources = ["2"]

[[settled]]
point = "difference_direction"
choice = "both"
sources = ["2"]
"""
