"""The frozen web: research runs recorded to standard WARC files, and replayed from anybody's."""

from tools.archive.faults import ArchiveFault
from tools.archive.reader import Archive
from tools.archive.recorder import WarcRecorder
from tools.archive.replay import ReplayFetcher

__all__ = ["Archive", "ArchiveFault", "ReplayFetcher", "WarcRecorder"]
