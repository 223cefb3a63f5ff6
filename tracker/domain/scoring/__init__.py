"""Evaluation by a scheme 「考评办法」: its rules as data, what a month hands in, and the marks with their working.

Nothing here knows any one scheme. What a scheme says stands in its `scheme.toml`, read by `gateways.schemes`. All
numbers are exact: `Decimal` for what is handed in and for marks, `Fraction` for rates; never a binary float.
"""
