"""Numbers in Chinese numerals 「汉字数字」: 九十八, 一百二十, 三点五, 两万 → their values."""

_DIGITS = {
    mark: value
    for value, marks in enumerate(("零〇○", "一", "二两", "三", "四", "五", "六", "七", "八", "九"))
    for mark in marks
}
_SCALES = {"十": 10, "百": 100, "千": 1000}


def numeral(text: str) -> float | None:
    """Read a number below a hundred million; None where the characters make none."""
    whole, point, rest = text.partition("点")
    value = _whole(whole)
    if value is None or (point and not all(mark in _DIGITS for mark in rest)):
        return None
    return float(f"{value}.{''.join(str(_DIGITS[mark]) for mark in rest)}") if point and rest else float(value)


def _whole(text: str) -> int | None:
    upper, myriad, lower = text.partition("万")
    if myriad:
        high, low = _below_myriad(upper or "一"), _below_myriad(lower) if lower else 0
        return None if high is None or low is None else high * 10_000 + low
    return _below_myriad(text)


def _below_myriad(text: str) -> int | None:
    total, digit = 0, None
    for mark in text:
        if mark in _DIGITS:
            digit = _DIGITS[mark]
        elif mark in _SCALES:
            total += (1 if digit is None else digit) * _SCALES[mark]
            digit = None
        else:
            return None
    return total + (digit or 0) if text else None
