"""What can the corpus say of words or a number in a draft? Four facts, and no judgement."""

from enum import StrEnum


class Verdict(StrEnum):
    """What the corpus says: `SEVERAL` stands in several places, `DIFFERENT` stands there with a difference."""

    SAME = "一致"
    DIFFERENT = "有出入"
    SEVERAL = "多处"
    MISSING = "未找到"
