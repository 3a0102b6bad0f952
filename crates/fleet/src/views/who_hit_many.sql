-- Addresses that attacked more than one server, the widest first.
-- Only what got at least as far as an attempt counts: scanners touch everybody. An address may still be a proxy or a shared network.
-- Addresses that mean something in their own network only (127.0.0.1, 10.0.0.1 ...) are left out: they are not the same everywhere.
SELECT
    t.value AS address,
    count(DISTINCT lower(t.server)) AS servers,
    count(DISTINCT s.domain) AS domains,
    count(DISTINCT t.package) AS packages,
    CASE max(t.grade_rank)
        WHEN 2 THEN 'attempt' WHEN 3 THEN 'success' WHEN 4 THEN 'compromise' ELSE 'post_patch_use'
    END AS grade,
    min(t.first) AS first,
    max(t.last) AS last,
    array_sort(array_agg(DISTINCT lower(t.server))) AS names
FROM things t
JOIN servers s ON s.package = t.package AND s.server = t.server
WHERE t.kind = 'address'
    AND t.grade_rank >= 2
    AND NOT regexp_like(t.value, '^(127\.|10\.|192\.168\.|172\.(1[6-9]|2[0-9]|3[01])\.|169\.254\.|::1$|f[cd][0-9a-f]{2}:|fe80:)', 'i')
GROUP BY t.value
HAVING count(DISTINCT lower(t.server)) > 1
ORDER BY servers DESC, max(t.grade_rank) DESC, address
