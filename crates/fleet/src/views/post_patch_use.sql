-- Back doors that were used after the fix was installed: an update closed the hole and left them in place.
SELECT
    p.server,
    p.page,
    p.path,
    p.after_fix,
    p.last_answered,
    i.campaign,
    i.closed,
    p.visitors,
    p.file_present,
    p.package
FROM pages p
JOIN incidents i ON i.package = p.package AND i.server = p.server AND i.incident = p.incident
WHERE p.after_fix > 0
ORDER BY p.last_answered DESC, p.server, p.page
