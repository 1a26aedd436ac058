import os

# python-docx brings lxml, which openpyxl would read with as soon as it is there. Files of strangers
# are read by Python's own parser: its limits are those that the tests try.
os.environ["OPENPYXL_LXML"] = "False"
