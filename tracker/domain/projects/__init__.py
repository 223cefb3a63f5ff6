"""Projects that a scheme of evaluation counts: lists and their keepers, records, checklists, counts, contradictions.

Pure. Money is in whole 元 (`int`), so that sums are exact; counts hand it on in 万元 (`Decimal`).
"""
