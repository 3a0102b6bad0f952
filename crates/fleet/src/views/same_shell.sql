-- Files, scripts and pages that were planted on more than one server.
-- The same hash or script is the same shell; the same page name may be, attackers like the same names.
WITH planted AS (
    SELECT kind AS same, value, package, server, first, last
    FROM things
    WHERE kind IN ('hash', 'script') AND grade_rank >= 4
    UNION ALL
    SELECT 'page', page, package, server, coalesce(written, compiled, first_answered), last_answered
    FROM pages
)
SELECT
    same,
    value,
    count(DISTINCT lower(server)) AS servers,
    count(DISTINCT package) AS packages,
    min(first) AS first,
    max(last) AS last,
    array_sort(array_agg(DISTINCT lower(server))) AS names
FROM planted
GROUP BY same, value
HAVING count(DISTINCT lower(server)) > 1
ORDER BY servers DESC, same, value
