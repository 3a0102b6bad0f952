-- What could not be seen. "Nothing seen" of a server that stands here is worth less.
SELECT package, CAST(NULL AS VARCHAR) AS server, 'package_failed' AS gap, name AS what, reason AS detail,
    CAST(1 AS BIGINT UNSIGNED) AS count
FROM packages
WHERE state = 'failed'
UNION ALL
SELECT package, server, 'too_little', 'server', 'too little was readable to say that nothing was seen', CAST(1 AS BIGINT UNSIGNED)
FROM servers
WHERE NOT coverage_sufficient
UNION ALL
SELECT package, server, 'source_missing', source, 'would have decided and was not there', CAST(1 AS BIGINT UNSIGNED)
FROM coverage
WHERE NOT present
UNION ALL
SELECT package, server, 'hours_missing', trim(source || ' ' || part), 'hours without a record', missing_hours
FROM coverage
WHERE missing_hours > 0
UNION ALL
SELECT package, server, 'unreadable', trim(source || ' ' || part), 'files that could not be read to their end', unreadable
FROM coverage
WHERE unreadable > 0
UNION ALL
SELECT package, server, 'doubt', trim(source || ' ' || part), kind, count
FROM doubts
