"""How Word writes a number in each of its formats. Source: ECMA-376 part 1, 17.18.59 (ST_NumberFormat)."""

_HAN = "零一二三四五六七八九"
_FINANCIAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_CIRCLED = "⓪①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_CIRCLED_HAN = "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉"
_BRACKETED = "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"
_DOTTED = "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛"
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_COUNTED = {
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
    "koreanCounting",
}
_MARKS = {
    "decimalEnclosedCircle": (_CIRCLED, 0),
    "decimalEnclosedCircleChinese": (_CIRCLED, 0),
    "ideographEnclosedCircle": (_CIRCLED_HAN, 1),
    "decimalEnclosedParen": (_BRACKETED, 1),
    "decimalEnclosedFullstop": (_DOTTED, 1),
    "ideographTraditional": (_STEMS, 1),
    "ideographZodiac": (_BRANCHES, 1),
}
_FINANCIALS = {"chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"}
_MOST_LETTERS = 780


def written(number: int, form: str) -> str:
    """Return a number as `form` writes it; plain digits where the form is not known or ends before the number."""
    if form == "none":
        return ""
    if form in _COUNTED:
        return han(number, _HAN)
    if form == "ideographDigital":
        return "".join(_HAN[int(digit)] for digit in str(number)).replace("零", "〇")
    if form in _FINANCIALS:
        return han(number, _FINANCIAL)
    marks, first = _MARKS.get(form, ("", 0))
    if marks:
        return marks[number - first] if 0 <= number - first < len(marks) else str(number)
    if form in {"lowerLetter", "upperLetter"} and 1 <= number <= _MOST_LETTERS:
        turns, letter = divmod(number - 1, 26)
        return chr((97 if form == "lowerLetter" else 65) + letter) * (turns + 1)
    if form in {"lowerRoman", "upperRoman"} and 0 < number < 4000:
        roman = _roman(number)
        return roman.lower() if form == "lowerRoman" else roman
    return f"0{number}" if form == "decimalZero" and 0 <= number < 10 else str(number)


def han(number: int, digits: str) -> str:
    """Write 1 to 999 in Chinese: 十二, 壹拾贰, 一百零三."""
    if not 0 < number < 1000:
        return str(number)
    hundred, ten = ("佰", "拾") if digits == _FINANCIAL else ("百", "十")
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = digits[hundreds] + hundred if hundreds else ""
    if tens:
        words += ("" if tens == 1 and not hundreds and ten == "十" else digits[tens]) + ten
    elif hundreds and ones:
        words += digits[0]
    return words + (digits[ones] if ones else "")


def _roman(number: int) -> str:
    words = ""
    for value, mark in _ROMAN:
        times, number = divmod(number, value)
        words += mark * times
    return words
