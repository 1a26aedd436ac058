"""Everything that writes stored files."""

from lianqi.files.actions.storing import remove_orphans, store_upload

__all__ = ["remove_orphans", "store_upload"]
