"""Everything that writes stored files."""

from lianqi.files.actions.handing_out import carries_files, hand_out
from lianqi.files.actions.storing import hand_over, remove_orphans, share_files, store_upload

__all__ = [
    "carries_files",
    "hand_out",
    "hand_over",
    "remove_orphans",
    "share_files",
    "store_upload",
]
