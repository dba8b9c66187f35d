"""
Tables that people fill in, read safely into typed rows.

Pure: no Django, no database, no clock. `schema` declares sheets and columns, `reading.read_rows`
gives typed rows and rejections, `writing` makes workbooks that come out the same every time.
"""
