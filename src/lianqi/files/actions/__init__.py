"""Everything that writes stored files."""

from lianqi.files.actions.storing import hand_over, remove_orphans, store_upload

__all__ = ["hand_over", "remove_orphans", "store_upload"]
