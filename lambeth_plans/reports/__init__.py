"""What leaves the house for a board: the pack of a plan as a web page, as Word and as a workbook.

`pack.pack_of` makes the pack once, of what the dashboards have judged; `word.word_of` and `workbook.workbook_of` only
write it down. The same pack gives the same bytes, so that two can be compared.
"""
