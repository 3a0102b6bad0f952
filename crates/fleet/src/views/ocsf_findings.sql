-- Findings as detection findings (class 2004) of the Open Cybersecurity Schema Framework, version 1.5.0 (schema.ocsf.io).
-- Times are milliseconds since 1970, UTC. For a data lake that speaks this schema:
-- afterpatch fleet query "SELECT * FROM ocsf_findings" --lake LAKE -o findings.parquet
WITH holes AS (
    SELECT package, server, finding, array_agg(named_struct('cve', named_struct('uid', cve)) ORDER BY cve) AS vulnerabilities
    FROM (SELECT package, server, finding, unnest(cves) AS cve FROM findings)
    GROUP BY package, server, finding
),
techniques AS (
    SELECT package, server, finding,
        array_agg(named_struct('technique', named_struct('uid', technique)) ORDER BY technique) AS attacks
    FROM (SELECT package, server, finding, unnest(attack) AS technique FROM findings)
    GROUP BY package, server, finding
),
timed AS (
    SELECT
        f.*,
        p.version,
        arrow_cast(arrow_cast(f.first, 'Timestamp(Millisecond, Some("UTC"))'), 'Int64') AS first_seen,
        arrow_cast(arrow_cast(f.last, 'Timestamp(Millisecond, Some("UTC"))'), 'Int64') AS last_seen,
        arrow_cast(arrow_cast(p.finished, 'Timestamp(Millisecond, Some("UTC"))'), 'Int64') AS logged,
        f.package || '/' || f.server || '/' || f.finding AS uid
    FROM findings f JOIN packages p ON f.package = p.package
)
SELECT
    2004 AS class_uid,
    'Detection Finding' AS class_name,
    2 AS category_uid,
    'Findings' AS category_name,
    1 AS activity_id,
    'Create' AS activity_name,
    200401 AS type_uid,
    'Detection Finding: Create' AS type_name,
    coalesce(t.first_seen, t.logged) AS time,
    t.first_seen AS start_time,
    t.last_seen AS end_time,
    t.count,
    CASE t.severity WHEN 'info' THEN 1 WHEN 'low' THEN 2 WHEN 'medium' THEN 3 WHEN 'high' THEN 4 WHEN 'critical' THEN 5 ELSE 0 END
        AS severity_id,
    CASE t.confidence WHEN 'low' THEN 1 WHEN 'medium' THEN 2 WHEN 'high' THEN 3 ELSE 0 END AS confidence_id,
    CASE WHEN t.acknowledged THEN 3 ELSE 1 END AS status_id,
    t.standing = 'alone' AND NOT t.acknowledged AS is_alert,
    t.title AS message,
    named_struct(
        'version', '1.5.0',
        'uid', t.uid,
        'product', named_struct('name', 'afterpatch', 'vendor_name', 'afterpatch', 'version', t.version),
        'log_name', 'findings',
        'logged_time', t.logged
    ) AS metadata,
    named_struct(
        'uid', t.uid,
        'title', t.title,
        'types', make_array(t.step),
        'first_seen_time', t.first_seen,
        'last_seen_time', t.last_seen,
        'product_uid', 'afterpatch',
        'analytic', named_struct('uid', t.kind, 'name', t.kind, 'type_id', 1, 'type', 'Rule', 'category', t.campaign),
        'attacks', a.attacks
    ) AS finding_info,
    named_struct('type_id', 1, 'type', 'Server', 'name', t.server, 'hostname', t.server) AS device,
    make_array(named_struct('type', 'Server', 'name', t.server, 'hostname', t.server)) AS resources,
    make_array(named_struct('data', t.evidence_text)) AS evidences,
    h.vulnerabilities,
    named_struct(
        'package', t.package,
        'finding', t.finding,
        'incident', t.incident,
        'grade', t.grade,
        'step', t.step,
        'bytes_out', t.bytes_out,
        'evidence_path', t.evidence_path,
        'evidence_place', t.evidence_place
    ) AS unmapped
FROM timed t
LEFT JOIN holes h ON h.package = t.package AND h.server = t.server AND h.finding = t.finding
LEFT JOIN techniques a ON a.package = t.package AND a.server = t.server AND a.finding = t.finding
ORDER BY t.uid
