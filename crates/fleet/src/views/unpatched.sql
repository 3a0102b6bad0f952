-- Servers with open holes, by the last build seen; those that were broken into first.
-- possibly_open and mitigated are open, too, until somebody has looked.
SELECT
    s.server,
    s.domain,
    s.exposure,
    s.compromise,
    s.foothold,
    s.product,
    s.build,
    s.build_seen,
    cardinality(s.open_cves) AS open_holes,
    s.open_cves,
    s.package
FROM servers s
WHERE s.exposure IN ('open', 'possibly_open', 'mitigated')
ORDER BY
    CASE s.foothold WHEN 'used_after_fix' THEN 0 WHEN 'in_place' THEN 1 ELSE 2 END,
    CASE s.compromise WHEN 'compromised' THEN 0 WHEN 'passed' THEN 1 WHEN 'attempted' THEN 2 ELSE 3 END,
    open_holes DESC,
    s.server
