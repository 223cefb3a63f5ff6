"""How large a file is, as pages say it."""

_KB, _MB = 1024, 1024 * 1024


def size_words(size_bytes: int) -> str:
    """Write a size: 17字节, 2.4KB, 12.0MB."""
    if size_bytes < _KB:
        return f"{size_bytes}字节"
    return f"{size_bytes / _KB:.1f}KB" if size_bytes < _MB else f"{size_bytes / _MB:.1f}MB"
