"""What people wrote, as it stands in a sentence of the system."""


def stopped(words: str) -> str:
    """End what somebody wrote as a sentence, whatever stop they gave it or left out."""
    words = words.strip()
    return words if words.endswith(("！", "？")) else f"{words.rstrip('。．.；;，,、')}。"
