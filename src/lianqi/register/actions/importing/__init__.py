"""A spreadsheet on its way into the register: columns, rows, plans, writing, runs."""
