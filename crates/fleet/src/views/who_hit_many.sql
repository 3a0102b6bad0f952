-- Addresses that attacked more than one server, the widest first.
-- Only what got at least as far as an attempt counts: scanners touch everybody. An address may be a proxy or a shared network.
SELECT
    t.value AS address,
    count(DISTINCT lower(t.server)) AS servers,
    count(DISTINCT s.domain) AS domains,
    count(DISTINCT t.package) AS packages,
    max(t.grade_rank) AS grade_rank,
    min(t.first) AS first,
    max(t.last) AS last,
    array_sort(array_agg(DISTINCT lower(t.server))) AS names
FROM things t
JOIN servers s ON s.package = t.package AND s.server = t.server
WHERE t.kind = 'address' AND t.grade_rank >= 2
GROUP BY t.value
HAVING count(DISTINCT lower(t.server)) > 1
ORDER BY servers DESC, grade_rank DESC, address
