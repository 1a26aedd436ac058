"""What a zone decides as data: grids, parks, chains, lists, categories, clocks."""
