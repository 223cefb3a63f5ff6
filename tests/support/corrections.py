"""What acts are told of a correction where what it says is no matter of the test."""

from tracker.domain.circulars.differences import Difference

CHANGED = (Difference(1, "原来的一段。", "改过的一段。"),)
