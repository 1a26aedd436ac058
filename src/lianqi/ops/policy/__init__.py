"""`lianqi policy`: packs checked, explained, matched and settled without the web."""
