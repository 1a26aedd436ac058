"""Departments' lists: uploaded, looked at row by row, taken over into the register."""
