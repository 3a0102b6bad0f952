"""Counts the lines of a log that one of some regular expressions matches, with DuckDB on one thread: a peer of `cargo xtask bench`.

python3 duckdb_filter.py LOG FILE_OF_EXPRESSIONS (one a line); without arguments it only says whether DuckDB is there.
"""

import sys

import duckdb

if len(sys.argv) > 1:
    log, expressions = sys.argv[1:]
    with open(expressions, encoding="utf-8") as file:
        one = "|".join(f"(?:{line.rstrip()})" for line in file if line.strip())
    db = duckdb.connect(config={"threads": 1})
    rows = db.execute(
        "SELECT count(*) FROM read_csv(?, delim = chr(1), quote = '', escape = '', header = false, auto_detect = false,"
        " null_padding = true, max_line_size = 4000000, columns = {'line': 'VARCHAR'}) WHERE regexp_matches(line, ?, 'i')",
        [log, one],
    )
    print(rows.fetchone()[0])
