"""The sentences of refusals, keyed by the codes of errors."""

from collections.abc import Mapping
from datetime import date, datetime

from tracker.domain.calendar import local_day
from tracker.domain.claims import Claim
from tracker.domain.errors import TrackerError
from tracker.domain.quoting import nested
from tracker.wording.accounts import account_words
from tracker.wording.codes import (
    ACTION_NAMES,
    CIRCULAR_NAMES,
    EDITION_ACTS,
    EDITION_STATES,
    MACHINE_NAMES,
    NAMING_ACTS,
    RIGHTS,
    STATE_NAMES,
)
from tracker.wording.endings import stayed_by
from tracker.wording.inquiries import not_asked_words
from tracker.wording.judged_days import judged_words
from tracker.wording.moments import clock_words, day_words
from tracker.wording.namings import overtaken_words
from tracker.wording.notices import rhythm_names
from tracker.wording.parts_of_files import part_words
from tracker.wording.periods import period_label
from tracker.wording.scoring import DECISION_FAULTS, INPUT_PARTS
from tracker.wording.scoring_months import score_words
from tracker.wording.work import CLAIM_NAMES

_SPAN = "本稿所比的上期、所写“某日以来”的情况不再准确。"
_REDRAFT = "请由督查室在本稿页面点“按现在的数据重拟”，所写文字带入新稿。"
ERROR_SENTENCES: dict[str, str] = {
    "error": "操作未完成，请联系督查室。",
    "rejected": "当前状态下不能这样办理，请核对现在的情况。",
    "forbidden": "您没有办理此事的权限。",
    "not_found": "没有找到该内容，或者您无权查看。",
    "bad_input": "填写的内容有误，请核对后重新提交。",
    "unavailable": "系统的一部分暂时不可用，请稍后再试。",
    "stale": "您打开本页以后，这项内容有过改动（他人修改，或者您重复提交），请核对后再办理。",
    "transition_refused": "{machine}现为“{state}”，不能{action}。",
    "not_your_task": "您的岗位或单位不能{act}。",
    "not_an_extension": "新时限{new_due_on}不晚于原时限{due_on}，不构成延期。",
    "extension_not_asked": "{label}填写了延期，还没有提出：请先“申请延期”，不申请的请清空后再送。",
    "extension_too_late": "时限为{due_on}，延期须在到期前申请，现已逾期。",
    "reason_required": "请填写理由。",
    "title_too_long": "公文标题不能超过{most}字，现有{length}字，请精简。",
    "reason_too_long": "填写的文字不能超过{most}字，现有{length}字，请精简。",
    "sent_already": "同样的内容刚才已经送审，正待本单位负责人审签，没有重复送出。",
    "form_sent": "本表已由{by}于{sent_at}送本单位负责人审签；要改的，审签前先撤回，再填再送。",
    "answer_waits": "{by}{sent_at}已写好反馈送审，待本单位负责人审签，没有另送一份。"
    "已送的是：{said}。要改的，先在“今天”中撤回。",
    "already_underway": "已有一份同类申请或反馈在办，请等待办理结果。",
    "jotting_too_long": "草稿中一处最多存{most}字，现有{length}字，请精简。",
    "jotted_elsewhere": "您打开本表以后，在另一页面改了{count}处，已填在表中，请核对后再存再送。",
    "jotted_meanwhile": "您打开本表以后，他人改了{count}处，已标在各处，请核对选定后再存再送。",
    "only_the_lead": "办结由牵头单位申请，协办反馈由协办单位报送。",
    "rows_lacking": "还有必报事项没有填：{items}。",
    "tick_missing": "其他配合事项{count}项还没有说明：确无新情况的请勾选；有新情况的请展开填写，其余各项仍请勾选。",
    "nothing_filed": "表里还没有填写任何内容。",
    "due_before_opening": "本期{opens_on}起收，时限不能早于这一天。",
    "not_taken_yet": "本期{opens_on}起收，现在还不能报。",
    "row_ended": "事项{item}已经报出、办结或者不再由本单位承办，不能再报。",
    "envelope_changed": "本页打开以后，这份报送可以报出的内容有变化，没有审签。请看过下面现在的内容再审签。",
    "nothing_leaves": "{why}，这份报送所列事项（{items}）不能报出，请退回联络员。",
    "task_paused": "事项{item}已中止办理，恢复后再报；已经送审的请退回或者撤回。",
    "missed_words_required": "以前各期（{periods}）没有报，请写明漏报的原因。",
    "evidence_reason_missing": "必须的佐证还缺{count}件（{gaps}），请补传；确不能提供的在本行写明原因，督查室能看到。",
    "entries_unreadable": "有{count}处须改，原因写在各处。",
    "nothing_to_extend": "这一行现在不欠报送，不用申请延期。",
    "request_pending": "这一行已有申请在等批复。",
    "petition_waits": "已有同样的申请送本单位负责人审签，要改的请先撤回。",
    "petition_over": "这项申请已经审签、退回或者撤回，请核对现在的情况。",
    "request_already_decided": "该申请已经批复。",
    "not_awaiting_sign_off": "这份报送已经审签、退回或者撤回，请核对现在的情况。",
    "outcome_needed": "这份反馈中有办结行，单位没有写明达标或者未达标，请逐行审核并选定。",
    "not_under_review": "该反馈不在待审核状态。",
    "reminder_not_held": "该消息不处于“结果不明”或“发送失败”状态，不能补发或确认。",
    "not_registered": "没有登记文件{number}，请核对文号。",
    "nothing_to_do": "{number}没有可以办理此步骤的事项。",
    "nobody_to_task": "事项{item}的牵头单位均为上级机关，本市不能交办，请先拟定牵头单位。",
    "not_a_leading_group": "{unit}不是领导小组、指挥部等议事协调机构，应为其开通自己的联络员账号。",
    "may_not_keep": "{unit}不能承担领导小组办公室的工作，请选择部门或单位。",
    "kept_already": "{unit}的办公室所在单位没有变化。",
    "unclassified": "{number}尚有未归类的文字（第{start}字起：“{words}”），不能立项。",
    "quote_not_in_text": "事项{item}的引文“{quote}”与原文不一致。",
    "no_lead": "事项{item}没有牵头单位，请先拟定。",
    "no_issue_day": "{number}没有成文日期，不能推算报送时间，请先补填。",
    "label_twice": "序号{label}被两个不相邻的事项使用。",
    "leads_still_owe": "牵头单位{units}还有逾期未报的内容；确需放行的，请写明放行理由。",
    "dispute_too_late": "职责异议须在{until}（含）前提出。",
    "nothing_to_object": "这项核定不能提出异议：核定与自报一致，或者事项已经结束、不再由本单位承办。",
    "objection_too_late": "对核定的异议须在{until}（含）前提出。",
    "opinion_missing": "请选择核实意见：属实、建议调整或者建议退回。",
    "lower_claim_missing": "建议调整的，请选择调整为哪一种进展情况。",
    "nothing_to_verify": "该报送不需要核实：督查室已经审核，或者事项已经结束、不再由本单位牵头。",
    "verified_already": "{lead}已经核实，核实意见只提一次。",
    "verifying_too_late": "成员单位的报送须在{until}（含）前核实，现由督查室直接审核。",
    "decided_singly": "抽查的行、牵头单位建议调整或者退回的行、自报与数值不符的行、补正与退回前相同的行，请逐行审核。",
    "objected_already": "对这项核定已经提出过异议，不能重复提出。",
    "emergency_clock": "应急事件的限时报告、每日报告不办理延期，请在时限内先报已掌握的情况，随后续报。",
    "leader_decides": "再次延期或者延至文件印明的时限之后的，由领导批复。",
    "trigger_over": "该事件已登记结束。",
    "event_in_the_future": "发生时间{occurred}还没有到，事件发生后再登记。",
    "event_before_issue": "发生时间{occurred}早于文件成文日期{issued_on}，请核对。",
    "event_too_old": "发生时间{occurred}早于{earliest}，最多补登{days}天以内发生的事件，请核对。",
    "event_recorded_already": "{occurred}发生的事件已经登记，不用再次登记。",
    "event_still_running": "{occurred}发生的事件尚未终止响应，逐日反馈仍在进行，请先终止响应再登记新的事件。",
    "bearer_unclear": "事项{item}的要求由谁承担没有写清：写明由具体单位承担的要列出单位，其他的不列。",
    "span_out_of_text": "事项{item}的位置超出原文范围。",
    "no_entry": "请至少填写一个事项。",
    "head_incomplete": "请填写{field}。",
    "faulty_rows_left": "有{count}行有误：请改好文件重新选择，或者勾选不导入这些行、其余照常。",
    "rows_undecided": "还有{count}行没有选定是否采用台账，第一处是{first}。",
    "import_forgotten": "核对结果已经过期或者不完整，请重新选择台账文件。",
    "import_overtaken": "核对以后，系统中的事项或者草稿又有变化，请按下面新的核对结果重新选定。",
    "row_not_taken": "{row}不能更新：{refused}",
    "sheet_unreadable": "这不是从本系统下载的填报表，或者表头、隐藏的标记被改动，请重新下载后填写。",
    "sheet_too_long": "表超过{most}行，请删去多余的行再传。",
    "sheet_of_another_form": "这个文件是“{found}”的填报表，不是“{wanted}”的，请核对后重新选择。",
    "nothing_to_fill": "这张表现在没有可填的行（待审签、已经报出或者还没有起收），不能下载或者上传Excel。",
    "ledger_unreadable": "这不是可导入的台账：没有一个工作表的前30行里有“事项”“牵头单位”的表头。"
    "表头可有{columns}，请使用下载的模板。",
    "nothing_to_break_down": "没有读到公文事项，请核对文件是否为正式公文。",
    "scan_without_text": "这份PDF只有图像、没有文字层，无法拆解，请上传Word或带文字层的PDF。",
    "file_encrypted": "文件已加密，请解除密码后再传。",
    "file_damaged": "文件已损坏或者不是所标的格式，无法读取。",
    "pdf_too_long": "PDF超过{max_pages}页，请拆分后再传。",
    "text_too_long": "文字超过{longest}字，请拆分后再传。",
    "no_such_draft_item": "草稿没有第{index}项，请核对现在的情况。",
    "words_not_found": "原文中找不到“{words}”，请从左侧原文选取。",
    "no_such_possible": "这处可能漏项已经确定，请刷新后再办。",
    "decider_needed": "“{words}”可能是事项，不能自动列为背景：请选文字本身表明的类别，或者填写认定人。",
    "span_taken": "所选文字已属于事项{label}，请先拆分或改为背景。",
    "draft_incomplete": "还有{count}处须处理才能立项，先看“{first}”。",
    "members_unknown": "集体“{group}”的成员单位还没有登记，不能立项、交办，请在“集体成员”中选定。",
    "no_such_draft_group": "草稿中没有集体“{group}”，请核对现在的情况。",
    "members_missing": "请选定集体“{group}”的成员单位。",
    "members_not_entered": "名册里没有{names}，请改为名册中的名称，或者先在“名册里没有的单位”中登记。",
    "drafted_already": "同样的文件或者台账刚才已经上传，尚未改动，没有重复上传；在“文件拆解”中继续办理。",
    "circular_drafted_already": "同样的文稿刚才已经拟出，尚未改动，没有重复拟稿；在“通报”中继续办理。",
    "draft_closed": "这份草稿已经立项或者作废。",
    "nothing_to_supersede": "要替代的文件{number}没有登记，请核对文号。",
    "superseded_already": "文件{number}已由{by_number}替代，请填写现行一版的文号。",
    "correction_under_way": "这份文稿的更正稿已经拟出，请在文稿列表中打开继续办理。",
    "correction_awaits": "这份文稿的更正稿正在办理，请先由督查室作废更正稿，再撤回原件。",
    "nothing_corrected": "更正稿与原件文字、附件都相同，还没有更正。请先修改要更正之处；不需要更正的，作废这份更正稿。",
    "not_drawn_yet": "这份文稿已编号，正式文件正在排印，请稍后再下载。",
    "excused_since": f"拟稿后登记过系统停用，文稿所计{{moments}}处时限已顺延。{_REDRAFT}"
    "（更正稿请先作废，再撤回原件另拟。）",
    "span_told_otherwise": f"拟稿后同文种、同范围的文稿有变化，{_SPAN}{_REDRAFT}",
    "span_told_since": f"拟稿后{{number}}已经印发，与本稿同文种、同范围，{_SPAN}{_REDRAFT}",
    "previous_corrected": f"拟稿后上期{{previous}}已由{{number}}更正，{_SPAN}{_REDRAFT}",
    "previous_withdrawn": f"拟稿后上期{{previous}}已经撤回，{_SPAN}{_REDRAFT}",
    "no_redraft": "更正稿沿用原件的数据，没有留存数据的旧稿不能重算，都不能按现在的数据重拟；不再需要的，请作废本稿。",
    "names_outdated": f"拟稿后有单位更名或者并入其他单位（{{names}}），文稿仍用原名。{_REDRAFT}",
    "ordered_day_past": f"文稿要求于{{day}}（含）前办理，该日已过。{_REDRAFT}",
    "answer_day_past": "文稿要求于{day}（含）前答复，该日已到或者已过，请删去该句（已送批的先退回修改），"
    "或者由督查室点“按现在的数据重拟”。",
    "answer_day_missing": "本文种须由收文单位书面答复，正文没有写明答复时限，印发后不计时限。"
    "请在“修改文字”中写回“{{answer_by}}（含）前”一句（已送批的先退回修改）。",
    "others_addressed": "本件送达{unit}，主送没有写{unit}，请在“修改文字”中改正主送（已送批的先退回修改）。",
    "paper_says_nothing": "正文没有一段文字，不能送批、签批、印发，请在“修改文字”中补写（已送批的先退回修改）。",
    "closing_day_past": "文稿要求于{day}（含）前报送收尾报告，该日已过，请删去该句（已送批的先退回修改），"
    "或者由督查室点“按现在的数据重拟”。",
    "mending_day_past": f"附件所列整改期限{{day}}已到或者已过。{_REDRAFT}",
    "edition_refused": "这份文稿现为“{state}”，不能{action}。",
    "scope_missing": "请选择{needs}。",
    "chain_head_gone": "审计日志的链头不在或者不能读出，没有保存任何改动。请管理员运行flask audit verify核对。",
    "no_head": "事件链的链头不在或者不能读出，未签署锚记，请先用flask audit verify核对。",
    "before_the_reckoning": "该时点早于现行报送口径的启用时间（{since}），不能按现行口径统计。",
    "nothing_to_say": "所选范围内没有可写入{type}的事项。",
    "asked_by_letter": "{unit}不属督查室责成的对象，不发{type}，有关事项{instead}。",
    "nobody_acts": "{unit}尚未明确办公室设在哪个单位，不发{type}，请先在“无人可提醒”中登记。",
    "unknown_token": "句子里的“{{{token}}}”不是本文稿的数字，请用页面列出的数字。",
    "digit_typed": "数字“{words}”不是由数据算出的。数字只能引用页面列出的各项，请改用相应的花括号。",
    "figure_moved": "“{words}”中的数字或者名单说的是“{meaning}”，改后的句子没有写明或者改变了意思，请按原文的说法写。",
    "nothing_cited": "人工撰写的段落须写明所依据的事项，如“驻政办〔2022〕48号三（一）1”。",
    "cited_unknown": "“{words}”不是已交办的事项。请写文号和条款，如“驻政办〔2022〕48号三（一）1”，多项用顿号隔开。",
    "stray_brace": "“{words}”中的花括号不是本文稿的数字。引用数字请照页面“数字来源”所列代号，用半角花括号"
    "写成{{overdue}}的样子；不是引用数字的，请去掉花括号。",
    "brace_in_field": "{field}中不能用花括号，请去掉；由数据算出的数字只能在正文段落中引用。",
    "paper_title_missing": "请填写标题。",
    "urgency_unknown": "紧急程度“{words}”不在可选范围内，请选“加急”“特急”或者“无”。",
    "naming_words_missing": "提出异议的，请在“说明”中写明哪一处不实、依据是什么。",
    "countersign_words_missing": "退回的，请在“会签意见”中写明理由和修改意见。",
    "template_of_another_type": "模板{name}用于{type}，不能用于所选文种，请改选版式或者文种。",
    "figure_by_hand": "人工撰写的段落不能用花括号。由数据算出的数字请在原有段落中引用。",
    "naming_out_of_chapter": "表扬、批评的语句须放在有标题的部分之内，不能移到第一个标题之前。",
    "place_unknown": "段落位置“{words}”应为1至99的整数。",
    "unit_typed": "“{unit}”不是由数据列出的。单位名称只能引用页面列出的各项名单，请改用相应的花括号。",
    "template_refused": "模板没有保存：{faults}",
    "template_unusable": "自制模板“{name}”不能用来排印：{faults}草稿请按现在的数据重拟（更正稿请作废后重新拟出），"
    "改用系统的版式，或者改好模板重新上传后选用。",
    "leader_needed": "涉及点名批评的文稿须由领导签批，撤回也须由领导办理。",
    "other_person_needed": "拟稿人不能签批、撤回自己的文稿，请另一位同志办理。",
    "no_such_letterhead": "该机关没有设置{type}的版头。",
    "second_person_needed": "上传或者核对过草稿的人不能立项，请另一位督查员办理。",
    "number_taken": "{number}已经登记。",
    "name_taken": "“{name}”已经是名册中的单位名称。",
    "name_taught": "“{name}”在“{issuer}”的文件中已登记沿用更正，须先撤销，才能作为单位名称登记。",
    "taught_otherwise": "“{name}”在“{issuer}”的文件中已登记为另外的含义，须先在“沿用更正”中撤销。",
    "lesson_unclear": "沿用的更正，须把原有名称逐个改成名册中的单位，改前改后个数一致；新建、暂不登记的不能沿用。",
    "lesson_withdrawn_already": "这项沿用更正已经撤销。",
    "issuer_missing": "没有发文机关的文件不能沿用更正，请先在“文件信息”中补上发文机关。",
    "unit_not_in_registry": "名册里没有“{name}”，请改成名册中的单位，或者先登记该单位。",
    "label_not_printed": "该事项的原文没有“{name}”这个栏目，请核对。",
    "unreadable_target": "目标“{line}”读不懂，应为：指标｜不低于｜数值｜单位｜原文；"
    "比较词用不低于、大于、等于、不超过、低于。",
    "unknown_correction": "没有这种更正，请核对后重试。",
    "no_return_reason": "请选择退回的类别。",
    "finding_too_short": "认定弄虚作假的，请写明查实什么不实、怎样查实的，不少于{fewest}字，现有{length}字。",
    "nothing_found_untrue": "该事项没有已经准予办结的报告，不能按弄虚作假重启。",
    "question_answered_already": "该事项已经明确。",
    "answer_unfit": "只能就所提的问题作决定，请核对后重填。",
    "deadline_set": "该事项已有期限{due_on}，改期限请在任务页办理。",
    "deadline_before_issue": "期限{due_on}早于文件成文日期{issued_on}，请核对。",
    "closing_under_review": "{units}的收尾情况已报出、待审核，请先审核通过或者退回，再办理本项。",
    "same_plan_end": "计划截止日期已经{day}，无须更正。",
    "validity_printed": "该文件载明有效期至{day}，以有效期为准，不另设计划截止日期。",
    "end_before_issue": "{field}{day}早于文件成文日期{issued_on}，请核对。",
    "not_waiting": "该事项不在等待事件触发的状态。",
    "redis_already_running": "此数据目录已有另一个Redis在运行，请先将其停止。",
    "wrong_credentials": "账号或密码不正确，或者尝试次数过多。请核对后再试；多次不成的，请过几分钟再试。",
    "passwords_closed": "账号须通过统一身份认证登录，不能在此用密码登录。",
    "provider_down": "统一身份认证暂时不可用，没有登录。请稍后再试，或者用账号和密码登录。",
    "identity_refused": "统一身份认证没有完成，没有登录。请重新点统一身份认证登录；多次不成的，用账号和密码登录。",
    "no_account_of_provider": "账号或密码不正确，或者尝试次数过多。统一身份认证已通过的，"
    "说明本系统没有与之对应的在用账号，请联系系统管理员开通或者启用。",
    "code_expired": "一次性口令已过有效期，请联系系统管理员重置。",
    "half_of_code": "一次性口令分前后两部分，须连在一起填写：前半部分由系统管理员告知，"
    "后半部分由安全保密管理员授予角色后告知。"
    "还没有后半部分的，角色尚待授予，不能登录，请联系安全保密管理员。",
    "too_many_log_ins": "现在登录的人较多，请稍后再试。",
    "password_to_be_changed": "请先设置新密码，再办理其他事项。",
    "password_refused": "新密码不符合要求：{rules}。",
    "passwords_differ": "两次输入的新密码不一致。",
    "hour_not_offered": "每日摘要的时间请从列出的时间中选。",
    "old_password_wrong": "原密码不正确。",
    "password_wrong": "密码不正确，或者输错次数过多。多次不成的，请过几分钟再试。",
    "factor_wrong": "验证码不正确、已经用过，或者输错次数过多。请等验证器显示新的再试；多次不成的，请过几分钟再试。",
    "second_step_wrong": "验证码不正确、已经用过，或者输错次数过多。请等验证器显示新的再试，或者用恢复码；"
    "多次不成的，请过几分钟再试。",
    "factor_not_confirmed": "验证码不正确，请核对验证器中本系统显示的6位数字，并检查手机时间是否准确。",
    "factor_set_up_ended": "二维码已过期，请重新开始设置。",
    "factor_to_be_set_up": "请先设置双因素验证，再办理其他事项。",
    "factor_mandatory": "本角色必须使用双因素验证，只能更换，不能取消。",
    "factor_off": "本系统没有启用双因素验证。",
    "half_log_in_ended": "验证超过五分钟，或者账号情况已有变化，请重新输入账号和密码。",
    "unit_unfit": "{role}不属任何单位，请先将所属单位改为“无”。",
    "unit_needed": "联络员、单位负责人必须有所属单位，请先选定单位。",
    "role_not_grantable": "请从列出的选项中选择角色。",
    "unknown_unit": "单位名册中没有这个单位，请重新选择。",
    "login_malformed": "账号只能用小写字母、数字、点、短横和下划线，以字母或者数字开头，2至40位。",
    "email_changed_again": "待确认的电子邮箱已有变动，请核对现在显示的邮箱后再确认。",
    "name_too_long": "姓名不能超过{most}字，现有{length}字，请核对。",
    "email_malformed": "电子邮箱格式不正确，请核对。",
    "last_administrator": "没有其他能够登录的{role}账号，这个账号不能停用、重置或者变更角色。"
    "请先另行开通一个并授予角色，由其本人登录一次；"
    "密码、验证器遗失的，由运维人员在服务器上用命令flask users办理。",
    "second_person_for_account": "授予角色须由另一人办理：这个账号是您开通、启用或者重置的。",
    "both_reset": "同一账号的密码和双因素验证，不能由同一人在{hours}小时内一并重置。"
    "另一项请由另一名系统管理员，或者由运维人员在服务器上用命令flask users办理。",
    "own_account": "不能办理本人的账号，请由另一名管理员办理。",
    "leave_ends_before": "请假的截止日期{last_on}早于起始日期{first_on}，请核对。",
    "leave_is_past": "请假的截止日期{last_on}已过，请核对。",
    "leave_too_long": "请假一次不超过{days}天，所填{first_on}至{last_on}共{asked}天。",
    "no_deputy_role": "该角色或者账号不登记请假和代办。",
    "deputy_unfit": "代办人须是同一单位、同一角色的其他在用账号。",
    "deputy_away": "代办人在这段时间也请假，请另选一人。",
    "receiver_away": "{name}请假至{until}（含），{deputy}。请另选接收人；确须移交的，勾选“接收人请假，仍移交”。",
    "leave_overlaps": "这段时间已经登记过请假，请先结束原来的。",
    "acting_for_another": "本人账号、请假和移交须以本人名义办理，请先结束代办。",
    "acting_over": "代办期限已满或者已经终止，刚才的内容没有提交；核对后可以本人名义办理。",
    "handed_over_already": "此人的工作已经全部移交给该接收人，此后没有新的事项，不必再次移交。",
    "leave_over": "这次请假已经提前结束，代办同时终止。",
    "receiver_unfit": "接收人须是同一单位、同一角色的其他在用账号。",
    "open_work_left": "本人名下还有{left}，请先移交；仍要办理的，勾选“不移交”一项。",
    "account_off": "账号已停用，不能授予、收回角色，也不能重置。请先由系统管理员启用账号，再行办理。",
    "account_unchanged": "账号现在已经如此，没有需要变更的内容。",
    "factor_absent": "该账号没有设置双因素验证，不需要重置。",
    "login_taken": "账号{login}已经存在。",
    "login_expired": "登录已过期，刚才的内容没有提交；请重新登录后再填。",
    "declaration_missing": "上传佐证须先确认材料不含国家秘密和工作秘密。",
    "not_a_number": "{field}应填写数字，填写的是“{value}”。",
    "number_out_of_bounds": "{field}的绝对值应小于{below}，小数不超过{decimals}位，填写的是“{value}”。",
    "days_reversed": "截止日期不能早于起始日期。",
    "object_kind_missing": "填了编号，请选是哪一类对象的编号。",
    "object_number_missing": "选了对象，请填对象编号；不限对象请选“全部”。",
    "object_number_unread": "没有编号为{number}的这类对象。编号是记录中“第几号”的数字，文稿也可以填印发的文号。",
    "search_too_short": "搜索词至少要有两个字。",
    "search_too_long": "一次最多搜索{words}个词、{characters}个字，请减少后再搜。",
    "not_a_time": "{field}应按2022-11-01T09:00的格式填写，填写的是“{value}”。",
    "not_a_day": "{field}应按2022-11-01的格式填写，填写的是“{value}”。",
    "day_too_far": "{field}最晚可定在{last}，填写的是{day}，请核对年份。",
    "day_out_of_bounds": "{field}应在{first_year}年至{last_year}年之间，填写的是{day}。",
    "empty_file": "文件是空的，请重新选择。",
    "files_too_large_together": "一次提交的附件合计超过{max_mb}MB，请减少附件，或者压缩、分次提交。",
    "too_many_files": "一次最多提交{most}份附件，其余的请分次提交。",
    "too_many_inspected": "正在检查的附件较多，这一份没有收下，请稍后再传。",
    "file_too_large": "文件超过{max_mb}MB，请压缩或拆分后再传。",
    "bad_file_name": "文件名无效，请改名后再传。",
    "ending_not_allowed": "不接收“{ending}”格式，可上传：{allowed}。",
    "member_not_allowed": "压缩包内的“{part}”不是可上传的格式，请从压缩包中删去，或者转换为以下格式后再传：{allowed}。",
    "content_unlike_ending": "文件内容与扩展名“{ending}”不符，请核对后再传。",
    "secrecy_marked": "文件带有国家秘密标志（位置：{place}）。涉密不上网、上网不涉密，本系统不得存储、处理涉密文件。"
    "请勿换格式再传，并立即按保密规定处理、报告本单位保密工作机构。不涉密而误标的，经定密责任人确认、去掉标志后再传。",
    "archive_damaged": "压缩包或文档已损坏，无法打开。",
    "archive_too_large": "文件解压后过大（最多{max_entries}个条目、{max_mb}MB，或压缩比异常），未予接收。",
    "archive_encrypted": "文件带有密码（{part}），请解除后再传。",
    "archive_name_unsafe": "压缩包内有不安全的路径或重名（{part}），未予接收。",
    "archive_nested": "压缩包内还有压缩包（{part}），请解开后分别上传。",
    "macros_inside": "文档含有宏程序（{part}），请另存为不含宏的格式（.docx、.xlsx、.pptx）后再传。",
    "program_inside": "文件里有可执行程序或者脚本（{part}），请删去后再传。",
    "object_inside": "文档嵌入了对象、控件或者数据连接（{part}），请删去，或者把它转为图片、文字后再传。",
    "part_not_allowed": "文档含有加载项、自定义界面或者其他不接收的内容（{part}：{kind}），请删去后再传；"
    "无法删去的，把正文或者表格复制到新建的文档中再传。",
    "link_outside": "文档引用了外部内容（{part}：{target}）。请断开外部模板、图片和文件的链接，把内容放进文档后再传；"
    "可点的链接只能是http、https网址（不带用户名和密码）、邮箱和文档内的位置，其他的请取消超链接。",
    "field_fetches": "文档有读取外部内容的域，或者不接收的公式、引用（{part}：{field}），请转为普通文字后再传："
    "Word中全选后按Ctrl+Shift+F9，Excel中复制后选择性粘贴为数值，名称在“公式—名称管理器”中删去。",
    "doctype_inside": "文档里有不允许的声明（{part}：DOCTYPE），请用Word、Excel或者WPS打开、另存一份后再传。",
    "pdf_active": "PDF里有{what}，请用“打印为PDF”另存一份只含页面的文件后再传。",
    "file_too_complex": "文件过于复杂，未能在限定的时间和内存内检查完，请拆分，或者打印为PDF、另存为简单的文件后再传。",
    "ledger_too_long": "台账超过{most}行，请拆分后再导入。",
    "day_quota_used_up": "本单位今天还可上传{left_mb}MB（每天不超过{most_mb}MB），这个文件没有保存，请明天再传。",
    "quota_used_up": "本单位合计还可上传{left_mb}MB（共不超过{most_mb}MB），这个文件没有保存，请联系督查室。",
    "virus_found": "文件查出病毒（{virus}），没有保存。请用杀毒软件检查电脑，清除后再传。",
    "scanner_failed": "病毒检查暂时不能进行，文件没有保存，请稍后再传；仍不行的，请联系系统管理员。",
    "backup_damaged": "备份文件不完整、被改动过或者不是本系统的备份（{part}），没有恢复任何内容。",
    "backup_exists": "{file}已经存在。备份不覆盖原有文件，请另取文件名。",
    "backup_files_lost": "有{count}个已登记的文件不在佐证库中或者内容已变（首个{first}），没有生成备份。"
    "确需先备份其余内容的，加--without-lost-files。",
    "backup_newer": "备份由更新版本的程序生成（数据库结构{revision}），请先升级程序再恢复。",
    "backup_no_schema": "数据库尚未建立或者不在原处，没有可备份的内容。",
    "backup_not_for_every_database": "备份中{table}表{column}列有PostgreSQL不能存放的内容"
    "（空字符、过大的整数或者不合格式的JSON），只能恢复到SQLite数据库。请联系数据库管理员更正后重新备份。",
    "backup_other_tables": "备份中的数据表或者列与其数据库结构不符：{what}。没有恢复任何内容，请改用其他备份。",
    "backup_packed": "这是{how}过的文件，没有恢复任何内容。请先用 {tool} 还原出.tar文件，再运行本命令。",
    "backup_unfit": "备份中{table}表的内容与数据库结构不符，没有恢复任何内容。",
    "database_other_schema": "数据库与结构版本{revision}不符，缺少{what}，没有生成备份，请联系数据库管理员。",
    "database_unreadable_cells": "数据库中{where}有本系统不能读取的内容（如二进制数据），没有生成备份。"
    "请联系数据库管理员更正。",
    "database_log_left_behind": "数据库文件{file}不在原处，它的日志（同名加-wal）还在，没有新建数据库。"
    "日志里有尚未并入的数据：请将原文件放回；确实不要原有数据的，将日志一并移走。",
    "database_file_away": "没有数据库文件{file}。文件被移走的，停止各进程，将其放回原处，或者从备份恢复；"
    "新装的系统运行flask db upgrade。",
    "database_file_replaced": "数据库文件{file}不是正在使用的那一个：原文件被移走或者替换，它的日志（同名加-wal）还在，"
    "没有打开，也没有改动。请停止各进程，将原文件放回；数据库和日志一并从备份或者副本恢复的，停止各进程后删去同名加-held的文件；只恢复了数据库文件、确定改用的，停止各进程后将日志（-wal、-shm）一并移走。",
    "database_log_replaced": "数据库文件{file}正在使用的日志（同名加-wal、-shm）被移走或者替换，没有打开，也没有改动。"
    "请将日志放回；已经删去的，已受理的内容由系统写入数据库文件，停止各进程后重新启动即可。",
    "restore_newer_schema": "数据库虽为空，结构却比备份（{revision}）新，请换用尚未建表的空数据库。",
    "restore_occupied": "只能恢复到空的数据库和空的佐证库，{what}已有内容，没有恢复任何内容。",
    "restore_other_mode": "备份取自{mode}模式，请将TRACKER_MODE设为{mode}后再恢复。",
    "evidence_missing": "找不到该佐证文件。",
    "evidence_altered": "佐证文件内容与上传时不一致，请联系系统管理员。",
    "bad_smtp_url": "邮件服务器地址有误：{reason}。",
    "mail_temporary_failure": "邮件暂未发出，稍后自动重试：{reply}",
    "mail_permanent_failure": "邮件无法送达：{reply}",
    "mail_outcome_unknown": "邮件已交出但未收到回执，是否送达不明：{reply}",
    "score_month_not_kept": "{score_month}考评还没有冻结，不能通报。草稿和试算不通报。",
    "score_meeting_not_ordered": "{scheme}没有规定召开推进会，没有议程。",
    "score_ranking_not_ordered": "{scheme}没有规定通报排名，不能印发排名通报。",
    "score_ranking_held_back": "以下事项还没有决定，决定后才能通报：{questions}。",
    "score_not_by_decision": "月度考评通报由谁印发已有决定（{option}），不能用其他版头；"
    "没有相应版头的，请先在templates/circulars/offices.toml中设置。",
    "score_letterhead_of_others": "templates/circulars/offices.toml中这一代码的版头是{office}的，不是本考评办法的，"
    "不能用于本月通报。请另设版头，在考评办法的答案中使用其代码，并重新决定由谁印发；已拟的文稿请重拟或者作废。",
    "score_kept_differs": "{score_month}考评重算与冻结时不一致（第{line}行），不能通报，请报告系统管理员。",
    "score_ranking_out_already": "该月考评结果已由{number}通报。结果有误的，先更正考评结果，再印发更正通报。",
    "score_month_corrected_since": "{score_month}考评结果在拟稿后已经更正，请由督查室在本稿页面点“按现在的数据重拟”。",
    "score_corrected_result_waits": "{score_month}考评的更正结果已经冻结，原通报所载是更正前的得分，不再拟更正稿。"
    "请到“通报”拟月度考评通报，选该月，印发后替代原通报。",
    "score_correction_open_already": "{score_month}考评结果正在更正，更正通报印发后才能再次更正。",
    "score_no_correction": "{score_month}考评结果没有正在办理的更正。",
    "score_nothing_corrected": "{score_month}更正后的结果与原结果相同，没有需要更正的内容。不再更正的，取消更正。",
    "score_corrected_inputs": "{score_month}更正的数据已经报送，与原结果不同，不能取消更正；不再更正的，先改回原数。",
    "score_none_taken_back": "{score_month}原来说明“本月没有”的事项，更正中报过又撤回，现在没有说明：{names}。"
    "请报送单位重新说明“本月没有”，再取消更正。",
    "score_meeting_of_others": "{score_month}不是推进会所点评月份的最后一个月："
    "按决定，{score_months}合开一次推进会，每个月只点评一次。",
    "score_months_not_published": "{score_months}考评还没有通报。推进会和年度成绩只用已通报的月份。",
    "score_month_not_ready": "{score_month}考评现为“{score_state}”，不能{score_act}。",
    "score_month_unreadable": "月份应写成2022-09或者2022年9月，填写的是“{value}”。",
    "score_month_before_scheme": "考评办法自{score_first}起施行，不能考评{score_month}。",
    "score_month_running": "{score_month}还没有结束，数据须截至当月末；{until}过后才能计数、形成初稿、送考评对象核对。",
    "score_month_open_already": "{score_month}的考评已经开始。",
    "score_month_ahead": "{score_month}还没有开始，不能考评。",
    "score_month_incomplete": "还不能算出全部得分：待明确{asked}项，缺数据{lacking}个（含同一事项报数不一致的）。",
    "score_kinds_silent": "{score_month}有{count}类事项没有报，也没有说明“本月没有”：{names}。请报送单位填报；"
    "报不上来的，由督查室写明理由，按没有计。",
    "score_nothing_silent": "{score_month}各类事项都已报或者说明“本月没有”。",
    "score_inputs_due_in_past": "报送数据的期限{day}已过，请填今天或者以后的日期。",
    "score_inputs_due_early": "{score_month}的数据截至当月末，报送期限应在{until}以后，填写的是{day}。",
    "score_records_uncounted": "{score_month}项目台账有{count}处与得分不一致，冻结以前先从项目台账计数；"
    "确实不再更正的，写明处数（{count}）和理由，随通报印出。",
    "score_check_running": "核对期至{until}（含），期满后才能冻结。",
    "score_objections_open": "还有{count}件异议没有答复，不能冻结。",
    "score_objected_since_drafted": "拟稿以后又有{count}件对{score_month}考评的异议提出或者答复，本稿没有写明，"
    "不能送批、签批、印发。已经送批、签批的先退回修改，作废本稿后重拟一份月度考评通报，写明异议的答复结果，再送批、签批。",
    "score_correction_objected": "对{score_month}考评还有{count}件异议没有答复，答复以后更正通报才能送批、签批、印发。",
    "score_objections_owed": "还有{count}件异议属实而没有更正数据，不能冻结；不影响计分的，先写明理由。",
    "score_nothing_owed": "这件异议没有待更正的内容：已经更正、说明，或者没有认定属实。",
    "score_check_over": "核对期已于{until}结束，不能再提出异议。",
    "score_objected_already": "对这项指标的异议已经提出，正待答复。",
    "score_objection_answered": "这件异议已经答复。",
    "score_value_missing": "{field}没有填写数值。",
    "score_marks_fixed": "“{name}”得分、扣分由考评办法规定，不填认定扣分。",
    "score_told_twice": "{name}填了两次，同一件事、同一个项目只填一次。",
    "score_reference_missing": "{field}没有写明是哪件事、哪个项目，或者计入哪项指标。",
    "score_not_counted_there": "“{name}”不计入{label}，请核对计入哪项指标。",
    "score_not_your_figure": "“{name}”由{owners}报送，您不能填报、更正。",
    "score_lists_differ": "考评办法要数“{name}”，项目台账没有这份清单，请先核对清单名称。",
    "score_inputs_closed": "{score_month}考评已经冻结，不再接收、更正数据。",
    "score_input_changed": "{names}在读取以后已经更正（他人更正，或者本人另行更正），请核对最新的数据后再报。",
    "score_correction_reason": "更正已报的数据须写明理由：{names}。",
    "score_source_missing": "请写明数据来源：{names}。",
    "score_nothing_to_take_back": "这条数据已经更正或者撤回。",
    "score_happened_already": "勾选“本月没有”的类别中，有{count}类已经报有事项，请先核对；误报的先撤回。",
    "score_decided_meanwhile": "他人已经就“{question}”作出决定，请核对最新的决定后再办理。",
    "score_month_decided_already": "{score_month}已按原来的决定办理（已形成排名初稿；只影响通报的，为已经印发，"
    "或者通报已写明与哪月合开推进会），改变的决定不能用于该月；填写的是自{score_first}起执行，"
    "请改为从以后的月份起，或者写明执行到哪一月。",
    "score_decision_months_reversed": "执行到的月份不能早于开始执行的{score_first}，填写的是{score_month}。",
    "score_rules_newest": "{score_month}考评已经按最新的规则进行。",
    "score_rules_lack_inputs": "新版规则不接收{score_month}已报的下列数据，请先撤回：{inputs}。",
    "score_book_unreadable": "文件不是本系统导出的考评数据表，或者有的单元格损坏、读不出来，请下载表格填写后再传。",
    "score_book_of_another": "表格是{score_first}的，不能导入到{score_month}。",
    "score_book_of_other_scheme": "表格是按别的考评办法下载的，不能导入到{score_month}“{title}”，请在本月页面下载。",
    "score_book_faulty": "表格没有导入，有{count}处须改：{faults}",
    "score_book_too_long": "“{sheet}”超过{most}行，请删去多余的行或者拆分后再导入。",
    "score_book_empty": "表格中没有填写数据。",
    "score_book_forgotten": "核对的结果已过时，请重新上传表格。",
    "score_no_scheme": "没有考评办法，请先运行flask seed载入。",
    "score_no_month": "{score_month}的考评还没有开始。",
    "score_decided_in_future": "作出决定的日期{day}还没有到。",
    "score_decided_before_document": "作出决定的日期{day}早于文件印发的日期{issued_on}，请核对。",
    "score_number_outside": "“{question}”的数值应为{least}至{most}，填写的是{value}。",
    "score_number_not_whole": "“{question}”的数值应为{least}至{most}的整数，填写的是{value}。",
    "several_faults": "有{count}处须改，原因写在各处。",
    "value_day_to_come": "{item}：“{metric}”的截至日期{day}还没有到，请填已到的日期。",
    "value_day_too_early": "{item}：“{metric}”的截至日期{day}早于该指标的统计期（{earliest}起），请核对年份。",
    "value_below_nought": "{item}：“{metric}”是件数或者累计数，不能为负，填写的是“{value}”。",
    "value_far_beyond": "{item}：“{metric}”填写的是{value}，是目标{goal}的3倍以上。请核对；"
    "数值无误的，勾选“核对无误”再送。",
    "value_fallen": "{item}：“{metric}”是累计数，填写的是{value}，比已报的{before}（截至{before_on}）小。请核对；"
    "确实核减的，勾选“核对无误”再送。",
    "value_backdated": "{item}：“{metric}”的截至日期{day}早于上次报的{before_on}。请核对；"
    "确实补报此前数据的，勾选“核对无误”再送。",
    "next_day_past": "{item}：何时补上的日期{day}已过，请填今天或者以后的日期。",
    "completion_underway": "{item}：申请办结已在办，办理完毕前不能再报办结。",
    "claim_missing": "{item}：请选择自报情况。",
    "claim_unfit": "{item}不能选“{claim}”：有进度安排的按序时选，没有的按常态推进选。",
    "claim_leaves_open": "{item}已到办结期，不能选“{claim}”，请写明是否完成。",
    "claim_above_value": "{item}：“{metric}”填写的是{value}{as_of}，{by_day}应{must}{expected}，"
    "与自报的“{claim}”不符。请{check}，改选“未达序时”等相符的情况，并写明原因类别、为何落后、下一步怎么补、何时补上。",
    "goal_not_reached": "{item}：“{metric}”填写的是{value}，目标是{must}{goal}，不能报“已完成”。"
    "请核对数值；数值无误的，改选相符的情况。",
    "goal_not_met": "{item}：“{metric}”填写的是{value}，目标是{must}{goal}，不能报“已完成”“达标”。"
    "请核对数值；数值无误的，改选相符的情况，办结结果选“未达标”。",
    "claim_above_filed": "{item}：在档的“{metric}”为{value}{as_of}，{by_day}应{must}{expected}，"
    "与自报的“{claim}”不符。请同时填报该数，或者改选“未达序时”等相符的情况。",
    "goal_not_reached_by_filed": "{item}：在档的“{metric}”为{value}（截至{day}），目标是{must}{goal}，不能报“已完成”。"
    "请同时填报该数，或者改选相符的情况。",
    "begun_by_value": "{item}：“{metric}”填写的是{value}，工作已经启动，不能报“{claim}”。"
    "请核对数值；数值无误的，改选相符的情况。",
    "begun_by_filed": "{item}：在档的“{metric}”为{value}（截至{day}），工作已经启动，不能报“{claim}”。"
    "请改选相符的情况。",
    "begun_before": "{item}此前的反馈已核定为“{verified}”，工作已经启动，不能报“{claim}”。请改选相符的情况。",
    "count_before_window": "{item}：“{metric}”按期计数，应填{starts_on}至{ends_on}的数，截至日期填写的是{day}。"
    "请填写这一期的数和截至日期。",
    "outcome_above_claim": "{item}自报“{claim}”，办结结果不能选“达标”。",
    "cases_received_missing": "{item}：请填写本期收到的件数，没有收到的填0。",
    "cases_in_time_missing": "{item}：本期收到{received}件，请填写其中按时办结的件数。",
    "cases_in_time_too_many": "{item}：按时办结{in_time}件，多于本期收到的{received}件，请核对。",
    "score_decision_invalid": "“{question}”的决定不能用：{decision_fault}。",
    "score_input_unknown": "考评办法中没有这个{input_part}：“{name}”。",
    "score_below_least": "{name}不能小于{least}，填写的是{value}。",
    "score_not_whole": "{name}应填整数，填写的是{value}。",
    "score_part_over_whole": "{name}{value}，多于{whole}{of}，请核对。",
    "score_input_impossible": "{input_part}不成立：{name}，{value}。",
    "not_a_count": "{field}应填写0或者正整数，小于{below}，填写的是“{value}”。",
    "value_missing": "{item}：请填写数值。",
    "number_left_out": "{item}没有填“{metric}”，不能报“已完成”“达标”。请填写数值；数值还没有核定的，待核定后再报办结。",
    "number_unexplained": "{item}没有填“{metric}”，不能报“达序时”。请填写最近一次的数值和截至日期；"
    "这个数暂时没有的，请在“为何落后、缺数”中说明。",
    "number_of_another_year": "{item}：“{metric}”按年度累计，目标在{year}年，填写的是截至{day}的数{counted_as}，"
    "不能作为所报情况的依据。请填写{year}年的累计数和截至日期。",
    "value_unreadable": "{item}：数值读不懂，请填写数字。",
    "value_date_missing": "{item}：请填写数值的截至日期。",
    "fact_missing": "{item}：请写明一件实事，应有日期、数字、文号或者文件名称。",
    "no_change_refused": "{item}有量化目标或者未达序时，不能只填“无变化”，请写明现状。",
    "cause_class_missing": "{item}自报落后、难以完成，或者所填数值没有达到要求，请选择原因类别。",
    "cause_missing": "{item}自报落后、难以完成，或者所填数值没有达到要求，请写明为何落后。",
    "next_step_missing": "{item}自报落后、难以完成，或者所填数值没有达到要求，请写明下一步怎么补。",
    "next_date_missing": "{item}自报落后、难以完成，或者所填数值没有达到要求，请填写何时补上。",
    "claim_raised": "单位自报“{claim}”，核定只能维持或者调低，不能改为“{verified}”。",
    "outcome_raised": "单位自报未达标，不能核定为达标；确已达标的，请退回由单位更正。",
    "lowered_outcome_needs_reason": "单位自报达标，核定为未达标须说明理由。",
    "lowering_needs_reason": "将“{claim}”核定为“{verified}”须说明理由。",
    "redis_program_missing": "本机没有可用的Redis或Valkey程序。",
    "redis_not_ready": "Redis在{timeout_s}秒内没有就绪：{reason}",
    "new_deadline_needed": "该事项所依据的文件或者计划已于{ended_on}期满，继续办理须填写新时限。",
    "deadline_in_the_past": "{field}{due_on}已过，请填今天或者以后的日期。",
    "same_deadline": "时限已经是{due_on}，无须调整。",
    "refused_form": "{words}",
    "view_name_missing": "请填写视图名称。",
    "view_name_too_long": "视图名称不超过{most}个字。",
    "box_numbers_unreadable": "佐证箱编号“{text}”无法识别：填佐证箱里的编号，几份之间用顿号隔开，如12、15。",
    "no_file_chosen": "请选择文件。",
    "term_over": "有效期至{day}，已经过了，存入也不能附上，请核对日期。",
    "no_such_project_list": "没有这份项目清单，请重新选择。",
    "not_keeper_of_list": "项目由文件确定的单位登记、更正，您的岗位或者单位不能办理（{lists}）。",
    "project_changed": "他人刚刚更正过“{name}”，请看下面的最新情况。",
    "project_name_missing": "请填写项目名称，不超过{most}个字；项目代码不超过60个字符。",
    "project_known": "同一代码或者同一县区同名的项目已在册：“{name}”。",
    "not_money": "“{field}”应当是不小于0的万元数，最多四位小数，现为“{value}”。",
    "project_day_ahead": "{day}还没有到，已经发生的才登记。",
    "project_month_ahead": "{month}还没有到，没有累计完成投资。",
    "project_source_missing": "请填写数据来源。",
    "tick_evidence_missing": "已勾选的标准要写明佐证：文件、照片或者台账编号。",
    "milestone_not_reached": "日期没有登记或者标准没有核对齐全，不能确认。",
    "milestone_confirmed_already": "已经有人核查确认。",
    "site_check_says_nothing": "不属实的，请写明哪里不符或者填与上报不同的核查落实数。",
    "site_check_not_true": "核查落实数与上报的{reported}万元不一致，不能选“属实”：有出入的选“不属实”，未核投资的不填。",
    "export_taken_already": "这份导出表已经导入。",
    "export_overtaken": "核对以后他人有改动，涉及{names}；没有导入任何内容，请看新的核对结果，无误的再导入。",
    "export_other_period": "列名所写的时间与所选月份不一致（{heads}），确认无误的请勾选，月份选错的请重新上传。",
    "export_strange_values": (
        "有{count}个项目的累计完成投资须核对（标红），没有导入任何内容；确认无误的请勾选，有误的改好重新上传。"
    ),
    "project_off_before_listed": "移出日期不能早于列入日期（{since}）。",
    "project_not_listed_then": "{month}没有列入这份清单，没有移出可以撤销：请填原列入月份。",
    "project_plan_reversed": "计划竣工月份早于计划开工月份。",
    "import_faulty": "有{count}行与在册项目对不上，没有导入任何内容，请看核对结果。",
    "cell_unreadable": "单元格内容不能识别。",
    "project_sheet_unreadable": "没有找到“项目名称”和“县区”两列，请上传平台导出的xlsx，列名在前10行以内。",
    "project_sheet_too_long": "一次最多导入{most}个项目。",
    "not_a_month": "“{field}”应当写成2022-08或者2022年8月，现为“{value}”。",
    "box_file_unknown": "佐证箱里没有{number}号材料，请核对编号；已移出的不能选用。",
    "box_file_expired": "佐证箱{number}号材料“{name}”有效期至{until}，已经过期，请换新版或者在佐证箱中更正有效期。",
    "box_file_gone": "“{name}”已经移出佐证箱或者换了新版，请看下面的最新情况。",
    "box_file_changed": "他人刚刚改过“{name}”的有效期，请看下面的最新情况。",
    "handler_too_long": "经办科室、人员不能超过{most}字，现有{length}字。",
    "handler_unfit": "所选人员不是本单位在用的账号，请重新选择。",
    "rows_gone": "有的事项在本页打开以后已经结束、中止，或者不能再申请延期，没有送出；"
    "所写内容列在表前，请另行复制后再送其余。",
    "earlier_not_sent": "{periods}没有送出，本期未送：请先改好{periods}，一并再送。",
    "row_takes_nothing": "{item}在本页打开以后已经报出、结束或者改派，没有送出；所写内容请另行复制，清空后再送其余。",
    "view_name_taken": "已有名为{name}的视图，请另起一个名称。",
    "too_many_views": "每人最多存{most}个视图，请先删除不用的。",
    "field_missing": "请填写{field}。",
    "merged_dispute": "提出异议的单位已经合并，现承办单位另有该事项的分工，该异议只能维持；"
    "需调整分工的，维持后用“改派或免除”办理。",
    "nothing_to_receive": "该事项已经了结、到期或者中止，不需签收。",
    "task_not_open": "该事项不在办理中，不能调整承办单位、时限或者序时节点。",
    "points_not_taken": "“{metric}”是限额、补助额度或者每期达到的数，没有序时，不能设定节点。",
    "points_unchanged": "“{metric}”的序时节点没有变化，无须保存。",
    "points_do_not_rise": "“{metric}”的序时节点应按日期先后填写，{day}不在{before}之后。",
    "point_after_target": "“{metric}”的序时节点{day}晚于该目标的时限{reach_on}。",
    "point_of_another_year": "“{metric}”按年度累计，序时节点{day}不在目标所在的{year}年。",
    "point_unlike_target": "“{metric}”的序时节点{day}就是该目标的时限，当天应填目标数{target}，填写的是{value}。",
    "point_past_target": "“{metric}”的序时节点{day}填写的是{value}，已越过目标数{target}。",
    "point_turns_back": "“{metric}”的序时节点{day}填写的是{value}，比{before}的{old}后退，请核对。",
    "too_many_points": "序时节点最多{most}行，请删减后再保存。",
    "point_incomplete": "{field}的日期和数值应同时填写。",
    "reports_not_open": "该事项不在办理中，不能调整报送要求。",
    "only_completion_left": "该事项时限{due_on}已过，只报办结情况，不再调整报送要求；确需继续督办的，先调整时限。",
    "key_already": "该事项已是重点事项。",
    "not_key": "该事项不是重点事项。",
    "no_such_interval": "报送间隔只能在每旬、每月、每双月、每季度、每半年、每年中选择。",
    "interval_printed": "文件已写明该事项的报送要求（{printed}），以文件为准，不能另定报送间隔。",
    "interval_not_asked": "该事项没有按期报送（等待事件触发，或者按文件自定的监测安排办理），不能定报送间隔。",
    "key_is_monthly": "重点事项至少每月报送一次；要放宽间隔的，先取消重点。",
    "same_interval": "该事项的报送间隔已经是{interval}，无须调整。",
    "has_a_share": "{unit}已经承办该事项。",
    "completion_under_review": "该单位的办结报告正在审核，请先审核办结报告，再调整承办单位。",
    "last_lead": "该单位是唯一的牵头单位，不能免除，请改派给其他单位。",
    "same_unit": "不能将单位并入自身。",
    "never_tasked": "{unit}不属于市政府交办的范围，请改选具体承办或联系的单位。",
    "unit_gone": "{unit}已并入其他单位，请选择现有单位。",
    "not_yet_merged": "{valid_from}尚未到，请在当日及以后办理。",
    "name_missing": "请填写单位的全称和简称。",
    "name_in_use": "“{name}”是其他单位的名称。",
    "no_such_choice": "请从列出的选项中选择{field}。",
    "notice_unreadable": "节假日安排没有导入：第{line}行“{words}”{problem}。",
    "notice_incomplete": "节假日安排没有导入：文中没有{lacking}，请使用国务院办公厅通知全文。",
    "calendar_file_unreadable": "节假日安排没有导入：{place}{problem}。",
    "calendar_year_published": "{year}年的节假日安排已按{source}公布，与所导入的不同；确要改用新的安排，请选择替换。",
    "calendar_empty": "请选择通知文件或者粘贴通知全文。",
    "inquiry_words_missing": "请写明内容。",
    "no_such_proposal": "没有这项表扬或者批评建议，或者所涉单位已不在册（{words}），请刷新页面后再办。",
    "nothing_to_serve": "请勾选要送单位核对的表扬、批评建议。",
    "naming_served_already": "已经送{unit}核对，没有重复送达。",
    "naming_included_already": "这项表扬或者批评已经写入正文。",
    "no_naming_to_answer": "已经答复，或者核对期限已过，或者通报稿已经送批、印发、作废，不能再答复；"
    "期限内单位负责人可以改答。",
    "no_objection_to_keep": "没有待研究的异议：单位没有提出异议，或者已经"
    "写明仍予点名的理由，或者通报稿已经送批、印发、作废。",
    "naming_not_served": "拟表扬或者批评{unit}的内容尚未送该单位核对，请先送达核对，或者从正文中移出。",
    "naming_too_early": "{unit}的核对期限为{day}（含当日），期限未满且该单位负责人没有表示同意，"
    "次日起方可送批、签批、印发。",
    "named_by_hand": "{where}“{words}”点名{naming}了{unit}。点名表扬、批评须先送该单位核对："
    "请在督查通报的“拟表扬、批评”中送该单位核对后写入，此处删去单位名称或者{naming}的文字。",
    "blame_overtaken": "送达后情况有变化，不能再点名批评{unit}：{changed}。请从正文中移出；"
    "不是更正稿的，也可以点“按现在的数据重拟”。",
    "not_accepted": "该反馈不是审核认可的进展反馈，或者已经退回。未审核的在审核队列退回，准予办结的点“重启”。",
    "another_under_review": "同一行另有一份反馈待审核（单位合并前后各报一份），请先审核。",
    "objection_undecided": "该单位对这一行的核定提出的异议尚未答复，请先在审核队列答复。",
    "praise_overtaken": "不能表扬{unit}：该单位所报经查实弄虚作假，自认定之日起一年内不能表扬。"
    "已经写入正文的，请移出。",
    "naming_objected": "{unit}对拟通报内容提出异议，请写明仍予点名的理由，或者从正文中移出。",
    "no_joint_paper": "这种文稿不能联合印发：简报由督查室单独印发，市政府的文件没有同级机关可以联合。",
    "may_not_co_issue": "{unit}不能列为联合印发机关：联合行文限于同级机关，不含主办机关本身和主送单位。",
    "orders_its_issuers": "{type}所督办的单位都是印发机关，没有其他主送单位：机关不向自己行文，"
    "请由其他机关印发，或者改用其他文种。",
    "names_its_issuer": "文稿点名表扬或者批评了{unit}，该单位不能同时联合印发。请先从正文中移出。",
    "co_issuer_without_head": "{unit}没有在用的单位负责人账号，无人会签，请先开通账号。",
    "co_issuer_already": "{unit}已经是联合印发机关。",
    "co_issuers_of_correction": "更正件的联合印发机关与原件相同，不能增减；确需变动的，请撤回原件后另行拟稿。",
    "nobody_to_countersign": "没有需要送会签的机关：没有联合印发机关，或者都已送会签，或者文稿已签批、印发、作废。",
    "nothing_to_countersign": "没有待会签的内容：已经会签，或者文稿在本页打开以后修改、收回过，"
    "或者已移出、已作废，请刷新页面核对。",
    "not_countersigned": "联合印发机关尚未全部会签同意现在的文稿：{units}。请送会签，全部同意后方可签批、印发。",
    "co_issuer_changed": "联合印发机关{unit}已更名或者并入其他单位，请移出后重新列入；更正件请作废后重新拟出。",
    "withdrawal_not_countersigned": "原联合印发机关尚未全部会签同意按此原因撤回：{units}。"
    "请先送会签，撤回原因须与会签的一致。",
    "paper_answer_missing": "请写明答复内容。",
    "paper_answer_too_long": "答复不超过{most}字，现有{length}字，请精简；附件从填报表或者进展动态报送。",
    "paper_received_already": "本单位已经签收，或者文稿已撤回、已更正。",
    "no_paper_answer_wanted": "本件不用另行答复，或者已经送审、已经答复，或者文稿已撤回、已更正。",
    "no_paper_answer_waiting": "没有待审签的答复：已经审签、退回或者撤回，或者文稿已撤回、已更正。",
    "paper_answer_changed": "答复在本页打开以后改过，请核对新的内容后再审签。",
    "no_paper_answer_to_read": "这份答复已经标记为已阅，或者文稿已撤回、已更正。",
    "nobody_asked": "请勾选提请协办的单位。",
    "asked_already": "同样的协办刚才已经发给同样的单位，尚未反馈，没有重复发出。",
    "given_already": "同一领导{day}对同样单位的同样批示已经发出，尚未了结，没有重复发出。"
    "原批示列在事项页面“领导批示”中。",
    "given_in_the_future": "批示日期{day}还没有到，请填今天或者以前的日期。",
    "nobody_instructed": "请勾选批示交哪些单位办理。",
    "no_such_leader": "请选择作出批示的领导。",
    "instruction_over": "这件批示已经了结。",
    "wanted_day_past": "反馈时间{day}已过，请填今天或者以后的日期。",
    "not_to_be_asked": "{unit}现为牵头单位或者不再承办，不能提请协办，请核对后重新勾选。",
    "inquiry_over": "{over}，不需再反馈。",
    "reminded_today": "今天已经催过，同一单位每天催一次。",
    "not_yet_silent": "反馈时间为{answer_by}（含）前，过后仍未反馈的才能提请协调。",
    "coordination_sought": "已经提请督查室协调，请等待协调意见。",
    "nothing_to_coordinate": "没有待协调的单位：有关单位已经反馈，或者协办已撤回、已协调、已终止。",
    "clock_runs_forwards": "演示时钟不能回拨。",
    "outage_not_over": "停用结束时间不能晚于现在，恢复使用后再登记。",
    "outage_empty": "停用结束时间应晚于开始时间。",
    "outage_too_long": "一次停用不超过{most_days}天，请核对起止时间。",
    "outage_overlaps": "与已登记的停用（{from_at}至{until_at}）重叠，同一段停用只登记一次。",
}

_PLACES = {
    "name": "文件名",
    "text": "正文",
    "comment": "压缩包的注释",
    "drawn": "图章、水印、批注、表单等画出的文字",
    "entries": "批注、表单、书签、图层、文件属性等",
}


_MUST = {">=": "达到", ">": "超过", "=": "等于", "<=": "不高于", "<": "低于"}


# What is empty was not written wrongly.
_WRITTEN_EMPTY, _EMPTY = "填写的是“”", "现在没有填写"


def sentence(error: TrackerError) -> str:
    """Say a refusal in Chinese; a code without a sentence of its own takes that of its class."""
    codes = (kind.code for kind in type(error).__mro__ if issubclass(kind, TrackerError))
    code = next(code for code in codes if code in ERROR_SENTENCES)
    words = ERROR_SENTENCES[code]
    told = {
        name: part_words(code, str(fact)) if name in ("part", "place") else fact for name, fact in error.facts.items()
    }
    facts = _words(told)
    quoted = {name: nested(str(facts[name])) for name in facts if f"“{{{name}}}" in words}
    said = words.format_map({**facts, **quoted}).replace(_WRITTEN_EMPTY, _EMPTY)
    if "in_member" in facts:
        said = f"压缩包内的“{nested(str(facts['in_member']))}”：{said}"
    return f"“{nested(str(facts['in_file']))}”：{said}" if "in_file" in facts else said


_NEEDS = {"unit": "致送单位", "document": "依据文件", "month": "考评月份"}


# Of other moments the day is enough.
_TO_THE_MINUTE = frozenset({"sent_at"})


def _words(facts: Mapping[str, object]) -> dict[str, object]:
    """Translate the facts that are codes or days; a state is named by its machine."""
    named = {name: _plain(name, value) for name, value in facts.items()}
    machine = str(facts.get("machine", ""))
    if machine in MACHINE_NAMES:
        named["machine"] = MACHINE_NAMES[machine]
        named["state"] = STATE_NAMES[machine, str(facts["state"])]
        named["action"] = ACTION_NAMES[str(facts["action"])]
    elif "state" in facts and "action" in facts:
        named["state"] = EDITION_STATES.get(str(facts["state"]), facts["state"])
        named["action"] = EDITION_ACTS.get(str(facts["action"]), facts["action"])
    for name in facts.keys() & {"claim", "verified"}:
        named[name] = CLAIM_NAMES[Claim(str(facts[name]))]
    if "needs" in facts:
        named["needs"] = _NEEDS.get(str(facts["needs"]), "致送单位或者依据文件")
    named["must"] = _MUST.get(str(facts.get("op")), "")
    tables: dict[str, Mapping[str, str]] = {"type": CIRCULAR_NAMES, "place": _PLACES, "naming": NAMING_ACTS}
    tables |= {"decision_fault": DECISION_FAULTS, "input_part": INPUT_PARTS}
    for name in facts.keys() & tables.keys():
        named[name] = tables[name].get(str(facts[name]), facts[name])
    for name in facts.keys() & {"printed", "interval"}:
        named[name] = rhythm_names(str(facts[name]).split("、"))
    if "periods" in facts:
        named["periods"] = "、".join(period_label(code) for code in str(facts["periods"]).split("、"))
    named |= account_words(facts)
    named |= judged_words(facts)
    named |= not_asked_words(facts)
    named |= score_words(facts)
    named["changed"] = overtaken_words(str(facts.get("grounds", "")), into=facts.get("into"))
    if "why" in facts:
        named["why"] = stayed_by(str(facts["why"]).split("、"))
    if "act" in facts:
        named["act"] = RIGHTS.get(str(facts["act"]), "办理此事")
    return named


def _plain(name: str, value: object) -> object:
    if isinstance(value, datetime):
        if name in _TO_THE_MINUTE:
            return clock_words(value)
        return day_words(local_day(value), today=None)
    return day_words(value, today=None) if isinstance(value, date) else value
