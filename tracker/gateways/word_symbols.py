"""Characters of Word's symbol fonts, which have no place in Unicode of their own."""

# Code in the font Symbol → character.
_SYMBOLS = {
    0xA3: "≤", 0xB3: "≥", 0xB1: "±", 0xB4: "×", 0xB0: "°", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0xD7: "·",
    0xA5: "∞", 0xAE: "→", 0xAC: "←", 0xE5: "∑", 0x25: "%", 0x2D: "-", 0x3C: "<", 0x3D: "=", 0x3E: ">",
}  # fmt: skip
_PRIVATE = range(0xF000, 0xF100)


def symbol(code: str) -> str:
    """Return the character of a symbol's hexadecimal code; empty where it stands for a mere picture."""
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    if number in _PRIVATE:
        low = number - _PRIVATE.start
        return _SYMBOLS.get(low, chr(low) if chr(low).isascii() and chr(low).isalnum() else "")
    return chr(number) if 0x20 <= number < 0xD800 else ""
