### English. Keys end in the words that the report's JSON uses, so that every format says the same.
### Never call a server free of trouble: "nothing seen" always comes with what was looked at.

## The page as a whole
report-title = Exchange server report
report-of = Made { $time } UTC by { $tool } { $version }
report-inputs = Evidence
report-rules = { $n ->
    [one] { $shown } detection rule
   *[other] { $shown } detection rules
  }
report-facts = Table of builds and fixes of { $date }
report-interrupted = This run was interrupted. What follows is incomplete: what is not said here may still be there.
report-filter-since = Only records from { $time } UTC on were read.
report-filter-until = Only records up to { $time } UTC were read.
report-no-server = No Exchange server was found in this evidence, so nothing can be said of one.
report-no-server-why = Below is what could not be read.
report-servers = { $n ->
    [one] { $shown } server
   *[other] { $shown } servers
  }
report-also-known-as = also seen as { $names }
report-all-times = All times are UTC.

## The three questions and their answers
question-exposure = Can they get in?
question-compromise = Did they get in?
question-foothold = Are they still in?

exposure-answer-cannot_tell = Cannot tell: no build was seen that can be judged for every hole
exposure-answer-fixed = Not through the holes checked here: the last build seen has their fixes
exposure-answer-fixed_if = Not by the build: it has the fixes of the holes checked here, but some work only if settings are right
exposure-answer-newer_than_table = Cannot tell: the build is newer than this version's table
exposure-answer-open = Yes: at least one hole is open

compromise-answer-cannot_tell = Cannot tell: too little could be read
compromise-answer-nothing_seen = Nothing seen in what could be read
compromise-answer-attempted = Tried, no success seen
compromise-answer-passed = The attack got through; no change was seen
compromise-answer-compromised = Yes: compromised

foothold-answer-cannot_tell = Cannot tell: too little could be read
foothold-answer-nothing_seen = No back door seen in what could be read
foothold-answer-removed = A back door was there; it is gone as far as can be seen
foothold-answer-in_place = Yes: a back door is there, or nothing says that it has gone
foothold-answer-used_after_fix = Yes: a back door was used after the fix was installed

## The sentence read first
headline-used-after-fix = This server was broken into, and the back door was used even after the fix was installed.
headline-in-place = This server was broken into. A back door is there, or nothing says that it has gone.
headline-foothold-only = A back door is on this server. How it came there was not seen.
headline-removed = This server was broken into. The back door that was seen is gone.
headline-compromised = This server was broken into. No back door was seen in what could be read.
headline-compromised-foothold-unknown = This server was broken into. Whether a back door is left cannot be told.
headline-foothold-was-there = A back door was on this server. It is gone as far as can be seen.
headline-passed = An attack got through to this server. What they did with it was not seen.
headline-attempted-open = This server was attacked, and a way in is open. No success was seen.
headline-attempted = This server was attacked. No success was seen.
headline-open = No break-in was seen in what could be read, but a way in is open.
headline-nothing-seen = No break-in was seen in what could be read.
headline-unknown-open = A way in is open. Whether somebody used it cannot be told: too little could be read.
headline-unknown = Whether somebody broke in cannot be told: too little could be read.

## What an answer rests on
looked-at = Looked at: { $span } UTC, { $records } of { $sources }.
looked-at-timeless = Looked at: { $records } of { $sources }; none of them has a time.
looked-at-same = Looked at: the same sources, { $span } UTC.
looked-at-nothing = Looked at: nothing. No source of this server could be read.
doubts-worth = Signs that logs may have been edited or removed. Each has harmless explanations (a job that deletes old files, a full disk, another collector), but look at them before you trust the silence of a log.
doubt-hours_missing = { $n ->
    [one] nothing in { $shown } hour in which IIS logged requests that this log should have, too
   *[other] nothing in { $shown } hours in which IIS logged requests that this log should have, too
  }
doubt-days_missing = { $n ->
    [one] nothing on { $shown } day on which the front end logged requests that this log should have, too
   *[other] nothing on { $shown } days on which the front end logged requests that this log should have, too
  }
doubt-fewer_rows = { $n ->
    [one] far fewer rows than usual in { $shown } hour, compared with the other log of the same requests
   *[other] far fewer rows than usual in { $shown } hours, compared with the other log of the same requests
  }
doubt-numbers_missing = { $n ->
    [one] { $shown } record number is missing
   *[other] { $shown } record numbers are missing
  }
doubt-written_before_its_end = { $n ->
    [one] { $shown } file was last written before its own last line
   *[other] { $shown } files were last written before their own last line
  }
not-there = Not there: { $sources }.
basis-no-build = No log or file named the build that was installed.
basis-build = Last build seen: { $build } ({ $product }).
basis-open = Open: { $cves }.
basis-table = Judged by the table of { $date }; other holes are not checked.
basis-newer = It is newer than the table of { $date }.
basis-conditional = Some fixes work only under a condition; see below.
basis-signs = First sign { $first }, last sign { $last } UTC.
basis-foothold-no-page = See the findings below.
page-present-used = the file is there; last answered a visitor { $last } UTC.
page-present = the file is there; nobody was seen asking for it.
page-deleted-used = the file was deleted, it is not known when; last answered a visitor { $last } UTC.
page-deleted = the file was deleted, it is not known when.
page-gone = stopped answering by { $gone } UTC.
page-used = last answered a visitor { $last } UTC; no removal was seen.
page-no-removal = it was written or used; no removal was seen.
page-after-fix = { $n ->
    [one] Used once after the fix.
   *[other] Used { $shown } times after the fix.
  }

## How far it went
heading-open-time = How long the door stood open
heading-taken = What was taken
heading-left = What is still there
open-time-closed = { $what }: break-ins through this hole are known since { $from }. Its fix was first seen on this server on { $until }, so it stood open for up to { $days } days.
open-time-open = { $what }: break-ins through this hole are known since { $from }. Up to { $until }, where these logs end, no fix was seen: { $days } days.
open-time-covered-all = Requests are logged for every one of these days.
open-time-covered-part = Requests are logged for { $covered } of these days ({ $percent } %). What happened in the other { $rest } % cannot be seen here.
open-time-covered-none = None of these days has logged requests: what happened then cannot be seen here.
taken-answers = Answers sent to visitors of the planted page
taken-nothing-seen = No trace says that mail or passwords were taken. That is no proof: what a planted page sends out is in no log, and whoever was inside could read everything.
taken-bytes = { $size } sent
taken-by = by { $names }
left-since = since { $since } UTC; no log would tell of its removal, so look for it.

## What to do now
advice-isolate = Cut this server off from the internet now, but leave it switched on: memory and logs are evidence.
advice-keep-evidence = Do not delete anything yet. Copy the logs and the files named here to another machine first; logs are overwritten within days.
advice-get-help = Call your incident responder or national CERT and show them this report. Deadlines for telling authorities and customers may already run.
advice-patch-is-not-enough = Install the updates, but do not stop there: an update closes the hole and leaves in place what was planted.
advice-remove-after-securing = Once the evidence is copied, take the back door out and check that it no longer answers.
advice-passwords = Treat every password, key and mailbox on this server as known to the attacker, and change them from a machine you trust.
advice-look-around = Look at the other servers too: an Exchange server has far-reaching rights in its domain.
advice-update-now = Install the newest security update today. Then run this again: it also finds what came in before the update.
advice-attempts-go-on = Attempts are normal for a server on the internet. What matters is that none succeeded; check that the time span below reaches back far enough.
advice-keep-logs = Keep the logs of the time before and after, in case a new sign becomes known.
advice-collect-more = Collect more and run this again: the IIS logs (C:\inetpub\logs\LogFiles), Exchange's Logging folder (HttpProxy, ECP) and the Windows event logs, as far back as they go.
advice-check-build = Find out which build is installed (the file version of Bin\ExSetup.exe in Exchange's folder) and ask afterpatch check about it.
advice-missing-sources = These sources would have helped to decide.

## Headings
heading-servers = Servers
heading-because = Decided by
heading-advice = What to do now
heading-story = What happened
heading-story-none = No attack was put together from what could be read.
heading-findings = Findings and their evidence
heading-findings-text = Other findings
heading-findings-none = No findings.
heading-pages = Life of the planted pages
heading-exposure = Known holes
heading-exposure-none = Nothing could be judged: no build was seen.
heading-builds = Installed builds, as the logs tell them
heading-coverage = What could be seen
heading-coverage-none = No source of this server could be read.
heading-gaps = What could not be read
heading-gaps-none = Nothing that was found had to be left out.
heading-notes = What was assumed or corrected
heading-actors = Addresses in these incidents
heading-artifacts = Files that this report points to
heading-glossary = Words
heading-limits = What this program does not look at
limits = Memory, the content of mailboxes, other machines, and any implant that leaves no trace in the sources listed above. Attacks that it has no rule for are not seen either.
to-details = Details, evidence and the files behind each line are in the HTML and JSON report (-o report.html).

## Columns and labels
label-time = Time (UTC)
label-step = Step
label-what = What
label-who-where = Who and where
label-source = Source
label-files = Files
label-records = Records
label-span = First – last record
label-unreadable-files = { $n ->
    [one] { $shown } file unreadable
   *[other] { $shown } files unreadable
  }
label-hours-missing = { $n ->
    [0] no hour missing
    [one] { $shown } hour missing
   *[other] { $shown } hours missing
  }
label-coverage-small = Too little for "nothing seen": where no trace was found, the answer is "cannot tell".
label-coverage-enough = Enough to say "nothing seen" where no trace was found.
label-attack-time = time of the attack
label-no-time = no time
label-after-fix = after the fix
label-fix-seen = fix first seen
label-why = Why (points)
label-grade = Grade
label-severity = Severity
label-confidence = Confidence
label-attack = ATT&CK
label-cves = CVE
label-rule-author = Rule by
label-things = Things
label-evidence = Evidence
label-more-evidence = { $n ->
    [one] { $shown } more record says the same.
   *[other] { $shown } more records say the same.
  }
label-more-steps = { $n ->
    [one] … { $shown } more step; the HTML report has it.
   *[other] … { $shown } more steps; the HTML report has them.
  }
label-steps = { $n ->
    [one] { $shown } step
   *[other] { $shown } steps
  }
label-addresses = Addresses
label-joined-by = Why these steps belong together
join-same_thing = Same { $kind }: { $value }
join-close_in_time = Within { $seconds } s on this server, and one of the sources names no client
join-attempts = Attempts of the same attack, none of which got through
join-only_foothold = The web server ran a command, and nothing else had been planted on this server before
join-untied_commands = Commands of the web server that no source ties to a page or a visitor
join-user_rules = Hits of your own rules on records of which nothing else speaks
label-lasted = lasted { $length }
label-alone = stands alone
acknowledged = Acknowledged by { $who }, so it does not count: { $why }
acknowledged-until = Acknowledged by { $who } until { $until }, so it does not count: { $why }
verdict-acknowledged = { $n ->
    [one] { $shown } finding is acknowledged and not counted; it is listed under the findings.
   *[other] { $shown } findings are acknowledged and not counted; they are listed under the findings.
  }
label-written = Written
label-compiled = Compiled
label-first-answered = First answered
label-last-answered = Last answered
label-gone = No longer answered
label-requests = Answered requests
label-visitors = Visitors
label-file-present = File in the evidence
label-after-fix-requests = After the fix
label-state = State
label-build = Build
label-since = Fix first seen
label-condition = Condition
label-first = First seen
label-last = Last seen
label-seen-in = Seen in
label-kind = Kind
label-deleted = no, its entry in the file table is a deleted file's
label-yes = yes
label-no = no
label-unknown = not known
label-timeline-alt = Timeline of the incident: { $steps }, { $span } UTC. The same steps stand in the table below.
label-not-to-scale = Left to right in order of time; distances are shortened, long pauses are written out.
label-show-all = { $n ->
    [one] Show { $shown } line
   *[other] Show all { $shown }
  }
label-incident = Incident { $id }

## Links and filter of the page
skip-to-content = To the content
label-step-of = { $id } step { $number }
label-step-findings = Findings:
label-told-in = Told in
label-told-in-incident = part of an incident
label-page-steps = Steps about it
label-page-findings = Findings about it
label-file-findings = Findings in it:
label-address = Address
label-first-last = First – last
label-actor-steps = Steps
label-actor-pages = Planted pages visited
label-actor-findings = Findings
findings-in-a-line = { $n ->
    [one] { $shown } finding that got less far has one line only; its records stand in the JSON report.
   *[other] { $shown } findings that got less far have one line only; their records stand in the JSON report.
  }
filter-name = Filter of steps and findings
filter-text = Search (key /)
filter-grade = Grade, at least
filter-confidence = Confidence, at least
filter-incident = Incident
filter-any = any
filter-reset = Show all
filter-count = Steps: { $steps } of { $allsteps }. Findings: { $findings } of { $allfindings }.
filter-none = No finding fits this search. That says nothing of the server: only that no finding shown here has these words and choices.
filter-more = Show { $next } more ({ $rest } not shown yet)
zoom = Enlarge the timeline
zoom-in = Larger
zoom-out = Smaller
zoom-reset = Whole
zoom-how = Keys + − 0, or the wheel with Ctrl.

## Places and sources
place-record = record
place-offset = byte
coverage-event-channel = Windows event log: { $channel }
artifact-kind-iis_w3c = IIS access log
artifact-kind-exchange_httpproxy = Exchange HttpProxy log
artifact-kind-exchange_ecp = Exchange control panel log
artifact-kind-exchange_oab_generator = Offline address book log
artifact-kind-evtx = Windows event log
artifact-kind-event_json = Windows events (JSON)
artifact-kind-event_xml = Windows events (XML)
artifact-kind-aspnet_compiled = Compiled pages
artifact-kind-served_script = Served script files
artifact-kind-exchange_ecp_activity = Exchange control panel activity log
artifact-kind-exchange_rps_http = Remote PowerShell HTTP log
artifact-kind-exchange_rps_cmdlet = Cmdlet log
artifact-kind-exchange_audit = Admin audit log
artifact-kind-exchange_message_tracking = Message tracking log
artifact-kind-exchange_ews = Exchange web services log
artifact-kind-exchange_setup = Exchange setup log
artifact-kind-http_err = Error log of HTTP.sys
artifact-kind-access_log = Access log (Apache, nginx, Tomcat)
artifact-kind-iis_config = IIS configuration
artifact-kind-transport_agents = Transport agents
artifact-kind-registry_hive = Registry hive
artifact-kind-scheduled_task = Scheduled tasks
artifact-kind-pe_version = Exchange program version
artifact-kind-ntfs_mft = NTFS master file table
artifact-kind-ntfs_usn = NTFS change journal
artifact-kind-defender_log = Microsoft Defender log
artifact-kind-defender_history = Microsoft Defender detection history
artifact-kind-vault_journal = Journal of what afterpatch took away
artifact-kind-collection_manifest = Manifest of an afterpatch collection
artifact-kind-live_state = What the running system said of itself
artifact-kind-known_unread = Known, not read yet

## Amounts
records = { $n ->
    [one] { $shown } record
   *[other] { $shown } records
  }
files = { $n ->
    [one] { $shown } file
   *[other] { $shown } files
  }
length-seconds = { $n ->
    [0] less than a second
    [one] { $shown } second
   *[other] { $shown } seconds
  }
length-minutes = { $n ->
    [one] { $shown } minute
   *[other] { $shown } minutes
  }
length-hours = { $n ->
    [one] { $shown } hour
   *[other] { $shown } hours
  }
length-days = { $n ->
    [one] { $shown } day
   *[other] { $shown } days
  }
length-seconds-short = { $shown } s
length-minutes-short = { $shown } min
length-hours-short = { $shown } h
length-days-short = { $n ->
    [one] { $shown } day
   *[other] { $shown } days
  }

## Who and where
who-address = from { $value }
who-account = as { $value }
who-mailbox = mailbox { $value }
who-process = by { $value }
who-script = script: { $value }

## Campaigns
campaign-proxylogon = ProxyLogon attack
campaign-proxyshell = ProxyShell attack
campaign-proxynotshell = ProxyNotShell attack
campaign-owassrf = OWASSRF attack
campaign-proxytoken = ProxyToken attack
campaign-proxyoracle = ProxyOracle attack
campaign-cve_2026_62911 = Attack on mailbox replication (CVE-2026-62911)
campaign-viewstate = ViewState attack (CVE-2020-0688 or stolen machine keys)
campaign-dlp_transport = Attack through data-loss-prevention policies
campaign-cve_2020_17144 = Attack on the mailbox assistants (CVE-2020-17144)
campaign-cve_2021_28480 = Attack through published calendars (CVE-2021-28480)
campaign-cve_2021_42321 = Attack through user configuration (CVE-2021-42321)
campaign-powershell_back_end = Attack through the PowerShell back end of Exchange
campaign-unknown = Attack of unknown kind

## Steps
step-scan = Looked for holes
step-forged_request = Forged a request
step-session_opened = Opened a session
step-configuration_read = Read settings
step-configuration_changed = Changed settings
step-file_written = Wrote a file
step-directory_reset = Reset a directory
step-page_compiled = Page compiled
step-page_requested = Page requested
step-command_run = Ran a command
step-credentials_taken = Took credentials
step-mail_taken = Took mail
step-data_taken = Took data out
step-account_changed = Changed accounts
step-persistence_added = Made a way to stay
step-defences_weakened = Weakened defences
step-removed = Removed traces
step-page_gone = Page gone
step-file_present = File lies there
step-other = Other

## Grades, severities, confidences
grade-unclear = unclear
grade-scan = scan
grade-attempt = attempt
grade-success = success
grade-compromise = compromise
grade-post_patch_use = use after the fix
grade-meaning-unclear = somebody must look at it; it says nothing yet of an attack
grade-meaning-scan = a touch, no sign of passing
grade-meaning-attempt = shaped like the attack, refused or unfinished
grade-meaning-success = the server answered as the attack needs
grade-meaning-compromise = something was changed on the server
grade-meaning-post_patch_use = what was planted was used after the fix was installed
severity-info = info
severity-low = low
severity-medium = medium
severity-high = high
severity-critical = critical
confidence-low = low
confidence-medium = medium
confidence-high = high

## Things
thing-address = Address
thing-account = Account
thing-mailbox = Mailbox
thing-url = URL
thing-page = Page
thing-file = File
thing-process = Process
thing-command = Command
thing-object = Exchange object
thing-script = Script text
thing-request_id = Request id
thing-canary = Session canary
thing-user_agent = User agent
thing-autostart = Service, task or module
thing-hash = SHA-256

## States of a hole
exposure-state-open = open
exposure-state-fixed = fixed
exposure-state-fixed_if = fixed, under a condition
exposure-state-not_affected = not affected
exposure-state-newer_than_table = build newer than the table
exposure-state-unknown = cannot tell

## Gaps
gap-unreadable = Could not be opened or read
gap-truncated = Ends too early or is damaged; what came before was read
gap-malformed = Some rows or records do not parse; the rest was read
gap-too_long = A line is longer than any real one; it was skipped
gap-encrypted = Encrypted, and no password is known
gap-unsafe_name = Its name points outside the archive; it was read under a safe name
gap-bomb = Grows out of all proportion when unpacked; reading stopped
gap-not_read = Recognised, but this version does not read it
gap-not_what_it_says = Its content is not what its name says
gap-vanished = Was there at first and gone when it was to be read (did an antivirus take it away?)
gap-held_by_antivirus = The antivirus does not let it be read: it takes it for malware
gap-empty = Nothing in it
gap-capped = A bound was reached; what came after is counted, not shown
gap-internal_error = A fault of this program; the file was given up, the rest went on

## Notes
note-clock_corrected = The times in { $path } say UTC but are { $offset }; they were moved to UTC. { $records } prove it.
note-servers_merged = { $server } and { $alias } were taken as one server.
note-server_assumed = { $files } that name no server were given to { $server }, the only server of their collection.
note-server_unnamed = No file names a server; { $server } is the name of the collection.
note-time_filter = { $records } outside the time span asked for were left out.
note-resumed = An earlier scan was cut short. What it had read of { $files }, which have the same size and time of last change as then, was taken and not read again.
note-weak_signals_dropped = { $n ->
    [one] { $shown } weak signal that stands beside nothing strong is not listed.
   *[other] { $shown } weak signals that stand beside nothing strong are not listed.
  }
note-rules_loaded = Your own rules were used beside the built-in ones: { $sigma }, { $yara }.
note-rules_not_used = { $n ->
    [one] One file or rule of yours could not be used. `afterpatch rules test` says all about it:
   *[other] { $shown } files or rules of yours could not be used. `afterpatch rules test` names them all. The first:
}
note-acknowledgement_expired = The acknowledgement of { $what } by { $who } was good until { $until } and does not apply any more.
note-acknowledgement_unused = The acknowledgement of { $what } by { $who } matches nothing that was found.
rules-sigma = { $n ->
    [one] one Sigma rule
   *[other] { $shown } Sigma rules
}
rules-yara = { $n ->
    [one] one YARA rule
   *[other] { $shown } YARA rules
}
note-other = Something was assumed that this version has no words for; see the JSON report.

## Words
glossary-back-door = Back door
glossary-back-door-is = something an attacker leaves behind to come back without the hole; often a small page (web shell) that runs what a visitor sends it.
glossary-incident = Incident
glossary-incident-is = steps that belong together because they share an address, account, page, file or process.
glossary-finding = Finding
glossary-finding-is = what one detector says about records or a file. Its grade says how far an act got, its severity how bad that would be, its confidence how sure the detector is.
glossary-coverage = What could be seen
glossary-coverage-is = the sources that were there and the time they reach over. Outside of it nothing can be said.
glossary-gap = Gap
glossary-gap-is = something that could not be read, with the reason.
glossary-fix = Fix
glossary-fix-is = the update that closes a hole. It does not take out what was planted before.
glossary-virtual-directory = Virtual directory
glossary-virtual-directory-is = a part of the web site that Exchange serves (OWA, ECP, OAB). Attackers put script text into its settings and then have Exchange write it to a file.
glossary-compiled = Compiled
glossary-compiled-is = the web server translates a page when it is first asked for; the leftover shows that somebody asked.
glossary-cve = CVE
glossary-cve-is = the number under which a known hole is listed.
glossary-attack = ATT&CK
glossary-attack-is = a public list of attackers' techniques; the numbers (T1190) are its entries.

## Why a page is taken for a web shell by its visits: signs for and against
why-one-visitor = only one address asks for it
why-few-visitors = only two or three addresses ask for it
why-some-visitors = only a few addresses ask for it
why-visitors-see-nothing-else = its visitors look at hardly anything that others look at
why-visitors-load-nothing = its visitors load hardly any pictures or style sheets
why-browser-that-does-not-browse = its visitors call themselves a browser and do not browse
why-only-posts = hardly anything but POST requests are sent to it
why-mostly-posts = mostly POST requests are sent to it
why-only-queries = hardly any request to it comes without a query
why-used-in-sessions = it is used in sittings: many requests in a row, then nothing for hours
why-no-referrer = nobody comes to it from another page
why-leads-nowhere = no other request comes from it
why-path-behind-name = requests name a path behind its name
why-answers-vary = its answers differ in size
why-appeared-late = it was first answered long after these logs begin
why-static-name-posted = its name is that of a file that no server runs, yet it takes POST requests
why-in-open-folder = it lies in a folder that needs no log-on and to which no build adds pages
why-in-asset-folder = it lies in a folder for uploads, pictures or the like
why-same-answer = its answers are always of one size
why-sent-as-it-is = its answers are of one size, as a file's are
why-others-lead-here = visitors come to it from other pages
why-visitors-logged-on = its visitors are logged on
why-always-there = it is asked for all through these logs
why-like-clockwork = it is asked for at the same hour every day, as a job does
why-made-for-programs = it looks made for other programs to call
why-known-entry-point = well-known applications have a page of this name
why-own-server = only the server itself asks for it
why-visitors-of-many-pages = its visitors also try many other rare pages

## What the web-shell analyser says of a file (afterpatch inspect, and findings of scan)
inspect-headline = { $verdict } ({ $percent } %, { $severity }, { $language })
inspect-verdict-clean = nothing seen
inspect-verdict-opaque = OPAQUE
inspect-verdict-dual_use = ADMIN TOOL
inspect-verdict-suspicious = SUSPICIOUS
inspect-verdict-webshell = WEB SHELL
inspect-language-php = PHP
inspect-language-c_sharp = C#
inspect-language-visual_basic = VB.NET
inspect-language-jscript_net = JScript.NET
inspect-language-vb_script = VBScript
inspect-language-jscript = JScript
inspect-language-java = Java
inspect-language-cold_fusion = CFML
inspect-language-perl = Perl
inspect-language-python = Python
inspect-language-server_config = server configuration
inspect-product = It says it is { $product }, a tool for administrators: is it yours, and who can reach it?
inspect-family = It behaves like { $family }.
inspect-family-chopper = a one-line shell that runs what one parameter holds (China Chopper, AntSword)
inspect-family-behinder = Behinder (the body of the request is decrypted and run)
inspect-family-godzilla = Godzilla (a parameter is decoded with a key and run)
inspect-family-tunnel = a tunnel into the network behind the server (reGeorg and its like)
inspect-family-sharpyshell = SharPyShell (C# source from the request is compiled and run)
inspect-family-uploader = an uploader: a form that takes files
inspect-family-console = a console with commands and a file manager (ASPXSpy, WSO, b374k and their like)
inspect-more = { $n ->
    [one] { $shown } more dangerous call
   *[other] { $shown } more dangerous calls
  }
inspect-call = { $place }: { $call } { $what } that the visitor decides ({ $source }).
inspect-call-own = { $place }: { $call } { $what }.
inspect-hidden-name = { " " }The name of this call is computed, not written.
inspect-decoded = { " " }What it runs was decoded from hidden text.
inspect-line = line { $line }
inspect-line-layer = line { $line } of decoded code { $layer }
inspect-capability-code = runs code
inspect-capability-command = runs a command
inspect-capability-load = loads program code
inspect-capability-include = runs another file as code, by a path
inspect-capability-invoke = calls a function or class
inspect-capability-deserialise = makes objects of data
inspect-capability-write = writes a file
inspect-capability-upload = keeps an uploaded file
inspect-capability-read = reads a file
inspect-capability-list = lists a folder
inspect-capability-change = deletes, moves or changes a file
inspect-capability-sql = runs a database query
inspect-capability-tunnel = opens a connection to a machine
inspect-capability-fetch = fetches from an address
inspect-capability-resident = puts itself into the running server
inspect-capability-native = runs machine code or a native library
inspect-capability-mail = sends mail
inspect-source-storage = a file or database of the server
inspect-source-undefined = a variable that old PHP takes from the request
inspect-source-remote = data from another machine
inspect-source-upload_name = the name of an uploaded file
inspect-source-upload = an uploaded file
inspect-source-header = header
inspect-source-cookie = cookie
inspect-source-body = the body of the request
inspect-source-parameter = parameter
inspect-step-read = read from { $name }
inspect-step-kept = kept in { $name }
inspect-step-through = through { $name }
inspect-step-handed = handed to { $name }
inspect-layer = Decoded code { $layer }, run by { $by } at { $place }, { $size } bytes, begins:
inspect-layers = { $n ->
    [one] { $shown } piece of code was decoded and looked at, too.
   *[other] { $shown } pieces of code were decoded and looked at, too.
  }
inspect-setting = line { $line }: { $effect }: { $quote }
inspect-setting-runs_files_as_script = files that are no scripts are run as scripts
inspect-setting-runs_all_files_as_script = every file of the folder is run as a script
inspect-setting-runs_itself = the configuration itself is run as a script
inspect-setting-contains_script = code stands in the configuration
inspect-setting-runs_code_with_every_page = code runs with every page
inspect-setting-runs_file_with_every_page = an unusual file runs with every page
inspect-setting-allows_remote_code = pages may include code from the network
inspect-setting-changes_script_encoding = scripts are read in another encoding, in which their code cannot be seen
inspect-setting-logs_into_script = the error log is written to where it is run as a script
inspect-setting-runs_program = a program is started for requests
inspect-setting-executes_error_pages = error pages execute what their text says
inspect-setting-reads_files = a file of the server is read into an answer
inspect-setting-compiles_files_as_pages = files that are no pages are compiled as pages
inspect-setting-compiles_folder = source in a folder is compiled into the application
inspect-setting-allows_scripts_where_visitors_write = visitors may write and run files in the same folder
inspect-reason-hidden_names = The names of dangerous functions are computed, so that nobody finds them by searching.
inspect-reason-hidden_code = Code is decoded and run.
inspect-reason-unknown_function = A function whose name is computed gets data of the request.
inspect-reason-unknown_code = Code that is decoded at run time, and that nobody can know here, is run.
inspect-reason-disguised = The file looks like something else than a script.
inspect-reason-drops = It writes a page that would be a web shell.
inspect-reason-damaged = It cannot be read as it is, as if quotes were lost on its way; this is what it does when every string ends with its line.
inspect-reason-unlikely_include = It runs a file as code whose name is not one of code.
inspect-reason-file_manager = It does what a file manager does, for whoever comes.
inspect-reason-loader = It is encoded for a commercial loader and cannot be judged by reading.
inspect-reason-failed = The analysis of this file failed, which is our fault: nothing is known of it.
inspect-disguise-encoding = Its text is encoded as { $value }.
inspect-disguise-padding = A run of { $value } equal bytes pushes its code out of sight.
inspect-disguise-junk = { $value } bytes of it are neither code nor a page.
inspect-disguise-image = It begins like a picture ({ $value }).
inspect-disguise-document = It begins like another kind of file ({ $value }).
inspect-disguise-outlook_data = It begins like an Outlook data file, as a mailbox export writes it.
inspect-disguise-certificate_request = It begins like a certificate request.
inspect-disguise-directory_dump = It is the dump of a virtual directory's settings.
inspect-disguise-wrong_extension = Its name ends in { $value }, which promises no such script.
inspect-disguise-encoded_script = Its code is encoded with Microsoft's script encoder.
inspect-disguise-character_references = Its code is written in character references or cut into sections.
inspect-gate = { $place }: { $source } is compared with “{ $constant }”: perhaps the password.
inspect-gate-hashed = { $place }: a hash of { $source } is compared with “{ $constant }”: a password.
inspect-exhausted = The file needs more work than one file may cost: there may be more in it.
inspect-tally = { $files } files, { $scripts } with scripts. Web shells: { $webshell }, suspicious: { $suspicious }, admin tools: { $dual }, not to be judged: { $opaque }.
inspect-unread = { $n ->
    [one] { $shown } file could not be read: nothing is said of it.
   *[other] { $shown } files could not be read: nothing is said of them.
  }

## The exposure check
exposure-answer-mitigated = A mitigation stops what is known of the open holes. It is no fix: the server is not safe
exposure-answer-possibly_open = Perhaps: only part of the build was seen, and some builds of it have open holes
exposure-state-mitigated = mitigated, not fixed
exposure-state-possibly_open = possibly open
check-short-open = OPEN
check-short-possibly_open = possibly open
check-short-mitigated = mitigated
check-short-newer_than_table = newer than table
check-short-fixed_if = fixed if …
check-short-fixed = fixed
check-short-cannot_tell = cannot tell
check-build-released = { $name }, { $build }, released { $day }
check-build-newer = { $name }, { $build }: newer than this table
check-build-part = { $name }, { $build } (the last number was not seen)
check-build-unlisted = { $name }, { $build }: not in this table
check-facts = Table of builds and fixes of { $date }. All times are UTC.
check-facts-old = Table of { $date }, { $days } days old: later updates are not in it.
check-several-builds = Several servers answer to this name. The worst of them decides.
check-nothing = Nothing was found that could be checked.
check-exploited = exploited since { $day }
check-fix = fix: { $build }
check-open-since = open here since { $day } at the latest
check-fixed-by = { $update } of { $day }
check-fix-seen = fix seen here from { $day } on
check-holes = { $n ->
    [one] { $shown } hole
   *[other] { $shown } holes
  }
check-of-them-exploited = , { $n } known to be exploited
check-more = { $n ->
    [one] … and { $shown } more (--all)
   *[other] … and { $shown } more (--all)
  }
check-gaps = { $n ->
    [one] { $shown } thing could not be read (--all names it).
   *[other] { $shown } things could not be read (--all names them).
  }
check-all-for-details = One server alone, or --all, tells the reasons and what to do.
check-heading-conditions = Fixed only if a setting is right: please look
check-heading-others = Also seen
check-heading-requests = Requests made
check-column-answer = Answer
check-column-build = Build
check-column-target = Server
check-row-exploited = exploited: { $cves }

check-condition-extended_protection = Extended Protection
check-condition-serialized_data_signing = Signing of serialised data
check-condition-token_cache_module = TokenCacheModule gone or Windows updated
check-condition-download_domains = Download domains
check-condition-hybrid_application = Dedicated hybrid application
check-condition-directory_schema = Directory schema
check-condition-prepare_domain = Domains prepared by setup
check-condition-setting_override = No setting override takes it back
check-condition-loopback_check = Loopback check left on
check-condition-outside_in = Outside In module left off
check-condition-other = Another setting
check-condition-state-holds = in order
check-condition-state-fails = NOT in order
check-condition-state-not_seen = not seen

check-question-extended_protection = Does every virtual directory ask for Extended Protection as Microsoft recommends (front end: Require, EWS, ActiveSync and OAB Allow; back end: Require)? The script from https://aka.ms/ExchangeEPScript shows it:
check-question-serialized_data_signing = Has somebody switched the signing off? It must not stand in this list with Enabled=false:
check-question-token_cache_module = Is the module gone, or cachtokn.dll from the Windows update of October 2023 or later?
check-question-download_domains = Are download domains on, with a host name that is not webmail's own?
check-question-hybrid_application = Is the organisation hybrid? If so, the dedicated application must be in use (Enabled=true) and the keys of the old one removed (ConfigureExchangeHybridApplication.ps1 -ResetFirstPartyServicePrincipalKeyCredentials):
check-question-directory_schema = The list must not hold "computer". If it does, prepare the schema with the newest update's setup:
check-question-prepare_domain = Was this run with the setup of this cumulative update or later? Running it again does no harm:
check-question-setting_override = Does an override switch the fix off? None of these may name the setting below with the value given there:
check-question-loopback_check = The value must not be there, or be 0:
check-question-outside_in = Nothing may be found: each hit switches the vulnerable module on again:
check-question-other = See the words of the table:

check-mitigation-eomt-cookies = Mitigation script of 2021 (cookies)
check-mitigation-powershell-inbound = Rewrite rule against ProxyNotShell
check-mitigation-owa-content-policy = Mitigation M2.1 of webmail
check-mitigation-unified-messaging-off = Unified messaging switched off
check-mitigation-control-panel-off = Control panel switched off
check-mitigation-address-book-off = Offline address book switched off
check-mitigation-web-server-off = Web server switched off
check-mitigation-state-in_force = in force, but no fix
check-mitigation-state-weak = its pattern can be got around
check-mitigation-state-disabled = its rule is switched off
check-mitigation-state-overridden = taken away by a configuration further down
check-mitigation-state-incomplete = part of it is missing
check-mitigation-state-gone = was there once, is not in force (an update of Exchange wipes it)

check-weakness-product_unsupported = This product gets no updates any more, the last were of
check-weakness-extended_support_only = Updates only for those who pay, until
check-weakness-update_unsupported = This cumulative update gets no security updates any more, last one
check-weakness-antivirus_exclusion = The antivirus looks away where web shells lie or run
check-weakness-machine_key_known = The machine key is the one that everybody knows (CVE-2020-0688)
check-weakness-machine_key_shared = The same machine key stands on other servers
check-weakness-machine_key_fixed = A machine key stands in a configuration file
check-weakness-mitigation_service_off = The emergency mitigation service is switched off

check-mend-exclusion = Take out the antivirus exclusions that hide web shells.
check-mend-machine-key = Make a new machine key of its own on each server.
check-mend-mitigation-service = Switch the emergency mitigation service on (MSExchangeMitigation).

check-step-install_update = Install { $label } ({ $build }{ $kb }) today.
check-step-install_cumulative_update = Go to { $update } with { $label } ({ $build }): no update for this one closes all.
check-step-replace_product = Leave Exchange { $product }: move to Exchange SE. Until then keep it off the internet.
check-step-look_for_break_in = Look for a break-in: this has been exploited since { $day }. An update does not throw anybody out. afterpatch scan EVIDENCE
check-step-meet_condition = { $what }
check-step-answer_condition = Look at this setting: { $what } (--all says how).
check-step-questions = { $n ->
    [one] Look at { $shown } setting that decides (--all says how).
   *[other] Look at { $shown } settings that decide (--all says how).
  }
check-step-replace_mitigation = Do not rest on the mitigation: it stops what is known, and the next update of Exchange may wipe it. Install the fix.
check-step-find_build = Find out the build. On the server, in PowerShell: { $command }
check-step-ask_inside = Only the server itself knows the last number. There, in PowerShell: { $command }
check-step-renew_table = Get a newer table or version of afterpatch (--facts): this build is newer than what it knows.
check-step-mend_weakness = { $what }
check-step-stay_up_to_date = Nothing to do for these holes but to stay up to date: a security update comes every month.

check-outcome-shown = The server shows its build to every visitor
check-outcome-hidden = Exchange, but it shows no build: that does not mean it is safe
check-outcome-not_exchange = no Exchange seen
check-outcome-unreachable = no answer
check-outcome-not_asked = not asked again
check-certificate-invalid = certificate not valid ({ $why }): somebody else may have answered
check-certificate-none = no certificate (plain HTTP): somebody else may have answered
check-front-end = answered by { $name }

check-remedy-extended_protection = Switch Extended Protection on for every virtual directory: the script from https://aka.ms/ExchangeEPScript does it.
check-remedy-serialized_data_signing = Switch the signing of serialised data on again: remove the setting override that switches it off.
check-remedy-token_cache_module = Install the Windows updates of October 2023 or later: the web server still has the vulnerable TokenCacheModule.
check-remedy-download_domains = Switch download domains on: Set-OrganizationConfig -EnableDownloadDomains $true, with a host name of their own.
check-remedy-hybrid_application = Set up the dedicated hybrid application and remove the keys of the old one.
check-remedy-directory_schema = Prepare the schema of the directory with the newest setup (Setup.exe /PrepareSchema).
check-remedy-prepare_domain = Prepare all domains with the newest setup (Setup.exe /PrepareAllDomains).
check-remedy-setting_override = Remove the setting override that takes a fix back (Get-SettingOverride, Remove-SettingOverride).
check-remedy-loopback_check = Remove the value DisableLoopbackCheck from HKLM\SYSTEM\CurrentControlSet\Control\Lsa.
check-remedy-outside_in = Take the overrides of the Outside In module out of FIP-FS\Data\Configuration.xml.
check-remedy-other = Bring the setting into order that the fix needs (--all names it).
## Plans: what would be done to get an attacker out
plan-of = Plan for { $server }, made { $made } UTC from the report of { $report } UTC.
plan-nothing-changed = Nothing has been changed yet. Read this, take out what you do not want, then:
plan-command-look = shows what would be done, and changes nothing
plan-command-apply = does it, and looks afterwards whether it is so
plan-command-status = shows what was done, and whether what was taken is safe
plan-command-undo = puts everything back as it was; with A1 behind it, only that action
plan-how-to-edit = To leave an action out, delete it or write “skip: true” into it. Do not change paths and hashes: a file that is not exactly as described is left alone. Whatever is taken or changed goes into a vault first, and can be put back byte for byte.
plan-confidence = Only findings whose confidence is at least “{ $confidence }” lead to an action. What could not be read, and errors of the scan, never do.
plan-in-short = In short: actions that the program does: { $actions }. Instructions that only you can follow: { $instructions }; they are not optional. Removing the files alone does not get an attacker out.
plan-actions = WHAT THE PROGRAM DOES
plan-actions-explained = In this order. Before them, follow instruction N1.
plan-left-out = WHAT WAS SEEN, AND IS NOT TOUCHED
plan-left-out-explained = Somebody should look at each of these.
plan-instructions = WHAT ONLY YOU CAN DO
plan-instructions-explained = In this order. Commands are for the Exchange Management Shell, or PowerShell as administrator, on the server itself. Read them before you run them.
plan-why = Why:
plan-reason = { $title } ({ $finding }, confidence { $confidence })
plan-more-reasons = and { $more } more
plan-risk = Risk:
plan-notice = What users will notice:
plan-do-quarantine_file = Take the file { $name } away
plan-what-quarantine_file = The file goes into the vault with everything about it (content, owner, rights, times). There it is encrypted, so that nobody runs it by accident.
plan-risk-quarantine_file = low. If it was needed after all, undo puts it back exactly.
plan-notice-quarantine_file = nothing, unless they used this very file. Who asks for it gets an error page.
plan-do-remove_leftovers = Take away what the web server compiled from { $name }
plan-what-remove_leftovers = ASP.NET keeps a compiled copy of each page. These files belong to the planted page alone; those of other pages stay.
plan-risk-remove_leftovers = low. ASP.NET makes such files anew whenever it needs them.
plan-notice-remove_leftovers = nothing.
plan-do-remove_configuration = Take elements out of { $name }
plan-what-remove_configuration = Exactly the elements listed below are taken out; every other byte of the file stays. The file as it is now goes into the vault.
plan-risk-remove_configuration = medium. The web server reads the file at once and starts its applications anew. If one of the elements belongs to a product that you installed, leave this action out.
plan-notice-remove_configuration = a pause of some seconds, and perhaps a new log-on.
plan-do-remove_task = Take away the file of the scheduled task { $name }
plan-what-remove_task = The task's file goes into the vault.
plan-risk-remove_task = medium. If the task belongs to a product that you installed, leave this action out.
plan-notice-remove_task = nothing.
plan-do-switch_off = Switch { $name } off
plan-what-switch_off = What starts by itself here is switched off and what it runs is ended; it stays as it is otherwise, as evidence, and because Windows could not give it back whole. The file that it starts is another action, or another file to look at.
plan-risk-switch_off = medium. If it belongs to a product that you installed, leave this action out; undo switches it on again.
plan-notice-switch_off = nothing, unless a product of yours needs it.
plan-do-restore_page = Put the genuine page { $name } back
plan-what-restore_page = What lies there now goes into the vault, and the genuine page from your install medium, known by its hash, takes its place.
plan-risk-restore_page = low. The page is one that Exchange itself brings along.
plan-notice-restore_page = that the page works again as it should.
plan-do-add_mitigation = Add mitigations: { $name }
plan-what-add_mitigation = Microsoft's published rules for the URL Rewrite module are added to the web site's configuration. They refuse the requests of these attacks until the update is installed. They win time and replace no update; rules like these have been got around before.
plan-risk-add_mitigation = medium. Rules like this have broken single functions before; undo takes it out again.
plan-notice-add_mitigation = a pause of some seconds. If something stops working afterwards, undo this first.
plan-not-sure = Not sure enough: the confidence is “{ $confidence }”.
plan-not-acknowledged = Somebody vouches for it.
plan-not-user-rule = Only a rule that was brought along says so.
plan-not-there = It was not found where the plan looked, so it cannot be taken.
plan-not-genuine = Its content is that of a genuine file of Exchange.
plan-not-changed = Its content is no longer the one that the report speaks of. Scan again, then make a new plan.
plan-not-needed = It is part of Windows, of Exchange or of their configuration: taking it away as a whole would break the server, and what is wrong in it must be set right by hand.
plan-not-off = It is switched off already.
plan-not-refused = It cannot be taken safely: { $why }.
plan-instruction-keep_evidence = Before anything else: copy the disk, or at least the logs and the files named here, to another machine. Once something is changed, traces are lost for ever, and you may need them for the authorities, your insurance and the question what was taken.
plan-instruction-install_fix = Install the newest security update, or these holes stay open and the attacker comes back the same way.
plan-instruction-reset_directory_value = Set this virtual directory's addresses right. The first command shows them: a script in one of them is the attacker's. The second empties the external address; if yours had one, put it in place of $null.
plan-instruction-remove_task = Remove this scheduled task for good on the running server, unless a product of yours needs it. The first command keeps a copy, from which it can be registered again. Look at the program that it starts, too.
plan-instruction-remove_service = Remove this service for good on the running server, unless a product of yours needs it. The first two commands show it and keep a copy of its registry key. Look at the program that it starts, too.
plan-instruction-remove_transport_agent = Remove this transport agent, unless a product of yours needs it: it can read and change every mail. Look at its library, too.
plan-instruction-remove_exclusion = Let the antivirus look again at what it was told to leave out, then run a full scan with it. Microsoft's own list of exclusions for Exchange is short; anything else needs a reason.
plan-instruction-restore_pages = Put the genuine pages back, from the install medium of the same cumulative update, or by running its setup again. Until then what they are for does not work.
plan-instruction-restart_web_server = Restart the web server once the actions are done: a page or module that is loaded goes on working in memory until then. Users are logged off for a minute.
plan-instruction-rotate_keys = Make new machine keys for all web applications (IIS Manager, Machine Key, Generate Keys, for each site and application that has keys of its own), and replace the certificates whose private keys lay on this server. Whoever copied them can come back after every update.
plan-instruction-reset_accounts = Treat every password that was typed on or stored on this server as known to the attacker: change those of administrators and service accounts first, from a machine you trust, then those of the users; revoke sessions and tokens. If the memory of lsass was read or the server is a domain controller, that includes the krbtgt account, twice.
plan-instruction-check_accounts = Look at each of these accounts, groups and roles, and at every other change since the first sign of the attack; take back what nobody can explain.
plan-instruction-check_mailboxes = Look at these mailboxes for forwarding, inbox rules, permissions and delegates, and at transport and journal rules; take back what nobody can explain. Treat their content as read.
plan-instruction-look_at_the_rest = Look at what this plan leaves alone; the comments say why for each.
plan-instruction-rebuild = The only way to be sure is a new installation: whoever ran commands as SYSTEM may have left what no scan finds. Plan for it even if everything above is done.
plan-instruction-scan_again = Scan again when you are done, and once more after some days: new signs mean that something was missed.

## What a run of a plan did
clean-would = This would be done on { $server } below { $root }. Nothing has been changed.
clean-did = Done on { $server } below { $root }:
clean-nothing-planned = The plan has no action.
clean-outcome-would_be_done = would be done
clean-outcome-done = done
clean-outcome-done_before = was done before
clean-outcome-skipped = skipped, as the plan says
clean-outcome-refused = not done; nothing was changed for it
clean-action-quarantine_file = Take a file away
clean-action-remove_leftovers = Take away what was compiled
clean-action-remove_configuration = Take elements out of the configuration
clean-action-remove_task = Take away a scheduled task's file
clean-action-switch_off = Switch off what starts by itself
clean-action-restore_page = Put a genuine page back
clean-action-add_mitigation = Add mitigations
clean-file-goes = It goes into the vault. SHA-256 { $sha256 }
clean-file-changes = It gets another content: SHA-256 before { $sha256 }, after { $after }
clean-service = Service { $name }
clean-task = Scheduled task { $name }
clean-switches = It is switched from { $from } to { $to }.
clean-verified-off = It is off.
clean-not-verified-off = It was looked at again, and is NOT off: somebody switched it since.
clean-ended = What it ran was told to end.
clean-not-ended = What it started STILL RUNS: { $why }
clean-verified-gone = It is gone.
clean-verified-new = The new content is in place.
clean-not-verified = It was looked at again, and is NOT as it should be: somebody changed it since.
clean-kept-opened = The vault's copy was opened and has the right hash.
clean-kept-sealed = The vault's copy is whole; only the holder of the key can open it.
clean-not-kept = The vault's copy CANNOT be read.
clean-refused = { $n ->
    [one] { $shown } action was not done; the reason stands beside it.
   *[other] { $shown } actions were not done; the reasons stand beside them.
  }
clean-dry-run = To do it: { $command }. What is taken goes into the vault { $vault }.
clean-rescan = { $n ->
    [one] A new scan will not find { $shown } file any more that was taken away or set right. Requests and commands in the logs stay, and so do open holes: a scan goes on telling of them.
   *[other] A new scan will not find { $shown } files any more that were taken away or set right. Requests and commands in the logs stay, and so do open holes: a scan goes on telling of them.
  }
clean-way-back = To put everything back: { $command }. The vault { $vault } holds all that was taken; keep it, and copy it to another machine. Unless you named a recipient, its key lies in it: that guards against accidents and virus scanners, not against an attacker on this machine.
clean-instructions-left = { $n ->
    [one] { $shown } instruction in the plan is left for you.
   *[other] { $shown } instructions in the plan are left for you.
  }
clean-status = What the vault { $vault } says:
clean-status-empty = Nothing was done yet.
clean-change-removed = taken away
clean-change-changed = changed
clean-change-made = made
clean-change-switched = switched
clean-state-done = done
clean-state-undone = undone later
clean-state-undoing = this undid an earlier change
clean-state-withdrawn = not done; all is as before
clean-state-pending = interrupted
clean-can-be-undone = { $n ->
    [one] { $shown } change can be undone.
   *[other] { $shown } changes can be undone.
  }
clean-pending = A run was interrupted or is still at work. The next run that changes something brings it to an end first: what was half done is taken back.
clean-nothing-to-undo = There is nothing to undo.
clean-undone = undone
clean-undone-not-started = It starts again as it did; it was not started now.
clean-not-undone = NOT undone: { $why }
clean-question = Shall this be done? Type yes to do it:
clean-settled-done = { $path }: an earlier run was interrupted; this change had been made.
clean-settled-withdrawn = { $path }: an earlier run was interrupted; this change was taken back, all is as before it.
clean-scan-with-vault = Scan with the vault as evidence, too, and the report knows that the files were taken and when: { $command }
plan-risk-genuine_page = medium. The page is one of Exchange itself, with a content that is not its own. It must be put back: see the instructions.
plan-notice-genuine_page = that what the page is for does not work until the genuine one is back.
collected = Taken from { $host }: { $files }, { $size }.
collected-files = { $n ->
    [one] { $shown } file
   *[other] { $shown } files
  }
collected-interrupted = The collection was stopped before its end. What was taken until then can be used; what is missing stands in its manifest.
collected-scan = Scan it, here or on another machine: { $command }
collected-open = It is encrypted: nothing on this machine opens it. Where the key is, join the pieces if there are several, then: { $command }
collected-keep = It holds logs and pages of this server, with names and addresses of its users: pass it on to nobody who need not see them.
note-limited_rights = Without administrator rights: what only an administrator may read (event logs, registry, other users' files) was not seen. Start it as administrator to see everything.
clean-asked-answers = { $url } STILL answers (status { $status }): another copy lies somewhere, a cache holds it, or the server answers so for every page.
clean-asked-nothing = { $url } gives a visitor nothing any more (status { $status }).
clean-asked-silence = { $url } could not be asked: { $why }

# afterpatch watch
watch-watching = Watching { $pages } files that are judged as a whole and { $logs } logs. What changes is told as it happens.
watch-how = severity { $severity }, confidence { $confidence } · alert { $id }
watch-story = belongs to what alert { $story } began
watch-beside = Seen before: { $sign }
watch-repeats =
    { $n ->
        [one] Seen once more
       *[other] Seen { $shown } times more
    }
watch-repeats-of = since alert { $of }.
watch-gap = Could not be read: { $path }: { $why }
watch-taken = { $path }: taken into the vault { $vault } (alert { $id }). { $command } { $vault } puts it back.
watch-left = { $path }: the policy speaks of it, but it was left where it is: { $why }

# afterpatch fleet
fleet-line = { $done } of { $all } packages
fleet-line-failed = { $count } failed
fleet-line-rate = { $count } a minute
fleet-line-left = { $time } left
fleet-findings = { $n ->
    [one] { $shown } finding
   *[other] { $shown } findings
  }
fleet-packages = { $n ->
    [one] { $shown } package
   *[other] { $shown } packages
  }
fleet-read = { $packages } read in { $time } into the lake { $lake }
fleet-interrupted = The run was stopped: { $left } not read yet. What was read is in the lake, and the same command goes on from here.
fleet-before = { $n ->
    [one] { $shown } was in the lake before
   *[other] { $shown } were in the lake before
  }
fleet-elsewhere = { $n ->
    [one] { $shown } is read by another run
   *[other] { $shown } are read by another run
  }
fleet-failed = { $shown } failed
fleet-failed-before = { $shown } of those failed then
fleet-servers = What this run says of the servers
fleet-servers-foothold = { $shown } with a back door that is there, or was used after the fix
fleet-servers-compromised = { $shown } broken into, or the attack got through; no back door was seen that is left
fleet-servers-attempted = { $shown } attacked, no success seen
fleet-servers-nothing_seen = { $shown } with nothing seen in what could be read
fleet-servers-cannot_tell = { $shown } of which nothing can be told: too little could be read
fleet-failures = Packages that failed
fleet-retry = The table packages has all packages that failed, and why. The same command with --retry-failed tries them again.
fleet-ask = Ask it: { $command }
fleet-views = Ready-made views
fleet-view-who_hit_many = Addresses that attacked more than one server, the widest first.
fleet-view-same_shell = Files, scripts and pages that were planted on more than one server: by hash and script they are the same, by name they may be.
fleet-view-post_patch_use = Back doors that were used after the fix was installed.
fleet-view-unpatched = Servers with open holes, those that were broken into first.
fleet-view-coverage_gaps = What could not be seen: packages that failed, sources that were not there, hours without records, signs of edited logs.
fleet-view-ocsf_findings = Findings in the Open Cybersecurity Schema Framework (OCSF), for a data lake that speaks it.
fleet-tables = Tables
fleet-table-packages = One row a package, whether it could be read or not.
fleet-table-servers = One row a server of a package, with the answers to the three questions.
fleet-table-findings = One row a finding.
fleet-table-incidents = One row an incident.
fleet-table-steps = One row a step of an incident's story.
fleet-table-things = One row an address, account, file, page or other thing that findings of a server speak of.
fleet-table-pages = One row a page that was planted or used in an incident, with its life.
fleet-table-exposure = One row a hole and server.
fleet-table-builds = One row a build that a server was seen with: its patch history.
fleet-table-coverage = One row a source and server: what was seen, and what was not there.
fleet-table-doubts = One row a sign that logs were edited or removed.
fleet-table-gaps = One row a thing that could not be read, also of packages that failed.
fleet-views-more = With a name, views tells its columns, and the SQL of a view.
fleet-compacted = { $packages } in { $files } files, { $rows } rows
fleet-removed = { $n ->
    [one] { $shown } old file taken away
   *[other] { $shown } old files taken away
  }

# afterpatch fleet census
census-head = Census of the lake { $lake }, taken { $taken } UTC
census-servers = { $n ->
    [one] { $shown } server
   *[other] { $shown } servers
}
census-organisations = { $n ->
    [one] { $shown } organisation
   *[other] { $shown } organisations
}
census-counted = { $packages } read: { $servers } of { $organisations }
census-failed = { $n ->
    [one] { $shown } package could not be read. What is in it is not counted.
   *[other] { $shown } packages could not be read. What is in them is not counted.
}
census-merged = { $n ->
    [one] { $shown } server stands in more than one package, and counts once.
   *[other] { $shown } times a server stands in a further package, and does not count again.
}
census-names-alone = { $n ->
    [one] { $shown } server has no full public name: it is told from others only by its organisation in the inventory.
   *[other] { $shown } servers have no full public name: they are told from others only by their organisation in the inventory.
}
census-of-nobody = { $n ->
    [one] Of { $shown } server no owner is known. --inventory names owners.
   *[other] Of { $shown } servers no owner is known. --inventory names owners.
}
census-window = What happened from { $since } to { $until } UTC counts.
census-window-all = What happened at any time counts. For an estimate of the unseen a few days are better (--since, --until).
census-state = { $state }: { $servers }, { $organisations }
census-exposure = Can they get in? (by the newest build seen)
census-exposure-cannot_tell = cannot tell
census-exposure-fixed = fixed
census-exposure-fixed_if = fixed, if settings are right
census-exposure-newer_than_table = newer than the table of builds
census-exposure-mitigated = mitigated, not fixed
census-exposure-possibly_open = possibly open
census-exposure-open = open
census-compromise = Did they get in?
census-compromise-cannot_tell = cannot tell: too little could be read
census-compromise-nothing_seen = nothing seen in what could be read
census-compromise-attempted = tried, no success seen
census-compromise-passed = possibly: the attack got through, no change seen
census-compromise-compromised = compromised
census-foothold = Are they still in?
census-foothold-cannot_tell = cannot tell: too little could be read
census-foothold-nothing_seen = no back door seen in what could be read
census-foothold-removed = a back door was there and has gone, as far as can be seen
census-foothold-in_place = a back door is there, or nothing says that it has gone
census-foothold-used_after_fix = a back door was used after the fix
census-countries = By country, as the inventory has it
census-country-unknown = no country
census-country = { $country }: { $servers }, { $organisations } · open { $open } · compromised { $compromised }, possibly { $passed } more · back door in place { $foothold }
census-quiet = Where nothing was seen
census-quiet-enough = { $n ->
    [one] { $shown } server of which enough was read to say so
   *[other] { $shown } servers of which enough was read to say so
}
census-quiet-too-little = { $n ->
    [one] { $shown } server of which too little was read to say anything
   *[other] { $shown } servers of which too little was read to say anything
}
census-quiet-share = Their logs cover { $share } % of the days asked for, on average. Of the rest nobody knows.
census-unseen-examined = { $n ->
    [one] Break-ins that logs and files both missed, on the { $shown } server of which both were there
   *[other] Break-ins that logs and files both missed, on the { $shown } servers of which both were there
}
census-unseen-all = Break-ins that stand on no list
census-hit-sure = A server counts when it was changed: compromise or more.
census-hit-possible = A server counts when the attack got through, also where no change was seen.
census-merging-strict = Two names are one server when they are the same full public name, or the same name in one organisation.
census-merging-by-name = Counted again with a looser rule: equal names are one server, whatever they are.
census-list = { $name }: { $servers }
census-list-logs = seen in logs
census-list-files = seen in files and settings
census-list-lake = this lake
census-nameless = { $n ->
    [one] { $shown } row names no server and is left out
   *[other] { $shown } rows name no server and are left out
}
census-overlap = Together: { $seen }. On more than one: { $overlap }
census-method-chapman = Chapman
census-method-chao2 = Chao2 (a lower bound)
census-method-log_linear = log-linear model
census-method-sample_coverage = sample coverage
census-estimate = { $method }: about { $all } in all ({ $low } to { $high } with 95 %), so { $unseen } that nobody saw
census-no-width = An interval without width: the method finds nobody missing. That is no proof.
census-not-more = { $n ->
    [one] There is not more than the { $shown } server.
   *[other] There are not more than the { $shown } servers.
}
census-pairs = These lists know of each other, as the model has it: { $pairs }
census-no-pairs = The lists know nothing of each other, as the model has it.
census-refused = { $method }: no number. { $why }
census-refusal-overlap = Only { $overlap } are on more than one list; with fewer than { $least } any number would be wild.
census-refusal-empty = A list is empty.
census-refusal-few = At least { $needed } lists are needed.
census-refusal-many = It takes { $most } lists at most.
census-refusal-no-fit = No model fits these numbers.
census-assumptions = What these numbers rest on
census-assumption-closed = Nobody comes or goes meanwhile. Back doors that are removed and new break-ins make the estimate wrong: choose few days.
census-assumption-dependent = The lists know nothing of each other. Lists that copy each other make it too low; lists that avoid each other, too high.
census-assumption-equal = Everybody is as easy to find. Those that are hard to find make it too low: take it for a lower bound.
census-assumption-matched = The same server is known as the same. Matches that were missed make it too high.
census-assumption-days = The interval is about chance alone. It knows nothing of wrong assumptions: docs/census.md shows how often it holds.

# afterpatch fleet notify
notice-subject = { $n ->
    [one] Security notice about { $shown } server of { $organisation }
   *[other] Security notice about { $shown } servers of { $organisation }
}
notice-to = To: { $contact }
notice-date = As of { $taken } UTC. All times here are UTC.
notice-greeting = Dear colleagues,
notice-intro = { $n ->
    [one] the logs and files of { $shown } server of yours were examined for break-ins and open holes. Below stands what was seen and what you should do.
   *[other] the logs and files of { $shown } servers of yours were examined for break-ins and open holes. Below stands what was seen of each and what you should do.
}
notice-exposure = Can they get in?
notice-compromise = Did they get in?
notice-foothold = Are they still in?
notice-build = Last build seen: { $build } ({ $seen } UTC)
notice-holes = Open holes: { $cves }
notice-steps = What was seen
notice-addresses = from { $addresses }
notice-pages = pages: { $pages }
notice-more-steps = { $n ->
    [one] … and { $shown } more step
   *[other] … and { $shown } more steps
}
notice-covered = The records that were read reach from { $first } to { $last } UTC. What happened outside of that was not seen.
notice-covered-none = No record with a time was read.
notice-advice = What to do
notice-limits = How to read this
notice-limits-text = This rests on the evidence that was handed in, and on nothing else. "Nothing seen" is no proof that nothing happened: records may be missing, or may have been removed. An update closes the way in and leaves in place what was planted.
notice-tlp-clear = This notice may be passed on freely.
notice-tlp-green = This notice may be passed on inside of your community, not to the public.
notice-tlp-amber = This notice may be passed on inside of your organisation and to clients of yours who need it.
notice-tlp-amber_strict = This notice may be passed on inside of your organisation only.
notice-tlp-red = This notice is for its addressees only.
notices-written = { $n ->
    [one] { $shown } notice written into { $folder }. Nothing was sent.
   *[other] { $shown } notices written into { $folder }. Nothing was sent.
}
notices-index = index.csv says which file goes to whom.
notices-without-contact = { $n ->
    [one] { $shown } organisation has no contact in the inventory.
   *[other] { $shown } organisations have no contact in the inventory.
}
notices-unassigned = { $n ->
    [one] { $shown } server belongs to no organisation of the inventory: unassigned.txt. Do not send that file.
   *[other] { $shown } servers belong to no organisation of the inventory: unassigned.txt. Do not send that file.
}
notices-quiet = { $n ->
    [one] { $shown } server without anything to tell was left out; --all tells of it, too.
   *[other] { $shown } servers without anything to tell were left out; --all tells of them, too.
}
notice-unassigned-head = Servers that belong to no organisation of the inventory. Not to be sent: they may be of different owners.

# afterpatch fleet serve
dashboard-title = afterpatch fleet
dashboard-made = Lake { $lake }, as of { $time } UTC. All times are UTC.
dashboard-pages = Pages
dashboard-paging = Pages of this list
dashboard-other-language = Deutsch
dashboard-foot = Read-only. "Nothing seen" is no proof that nothing happened: see the coverage of each server.
dashboard-overview = Overview
dashboard-servers = Servers
dashboard-server = Server
dashboard-organisation = Owner
dashboard-build = Build
dashboard-first-last = First and last step
dashboard-package = Package
dashboard-report = the whole report
dashboard-contact = Contact
dashboard-open-holes = Open holes
dashboard-covered = Records reach
dashboard-days = Servers by the day of their first incident
dashboard-day = { $day }: { $hit } broken into, { $tried } attacked without success
dashboard-most = most: { $most }
dashboard-hit = broken into
dashboard-tried = attacked, no success seen
dashboard-as-table = As a table
dashboard-date = Date
dashboard-worst = The worst first
dashboard-all = All servers
dashboard-countries = By country
dashboard-sectors = By sector
dashboard-nameless = not in the inventory
dashboard-open = Open
dashboard-compromised = Compromised
dashboard-foothold = Back door in place
dashboard-search = Name, owner, CVE
dashboard-any = all
dashboard-apply = Show
dashboard-reset = Reset
dashboard-filter-foothold = Are they still in?
dashboard-filter-compromise = Did they get in?
dashboard-filter-exposure = Can they get in?
dashboard-filter-country = Country
dashboard-filter-sector = Sector
dashboard-filter-sort = Order
dashboard-sort-worst = the worst first
dashboard-sort-name = by name
dashboard-sort-first = by first step
dashboard-sort-last = by last step, newest first
dashboard-export = Take these rows along:
dashboard-before = Page before
dashboard-after = Next page
dashboard-page = Page { $page } of { $pages }
dashboard-rows = { $n ->
    [one] { $shown } row.
   *[other] { $shown } rows.
}
dashboard-not-found = There is no such page
dashboard-not-found-why = The address is wrong, or the server is not in the lake any more.
dashboard-view-who_hit_many = Attackers of many
dashboard-view-same_shell = Same shells
dashboard-view-post_patch_use = Used after the fix
dashboard-view-unpatched = Open servers
dashboard-view-coverage_gaps = Coverage gaps

## The incident summary
summary-title = Incident summary
summary-fill-in = What stands in [brackets] only you know: fill it in or take it out.
summary-who = Who reports
summary-who-organisation = Organisation: [name, sector, address]
summary-who-contact = Contact: [name, role, phone, mail, when reachable]
summary-who-noticed = Noticed: [when (UTC), by whom, how]
summary-who-told = Also told: [police, data protection authority, customers, insurer; when]
summary-short = In short
summary-systems = Systems concerned
summary-systems-more = Other systems that may be concerned: [what trusts these servers: domain controllers, other mail servers, backups]
summary-when = When
summary-when-none = No sign of an attack has a time.
summary-when-ongoing = State: [still going on / contained since / over since]
summary-sure = What is sure
summary-sure-none = Nothing that went through is sure by what could be read.
summary-unsure = What is not sure, was only tried, or could not be seen
summary-unsure-none = Nothing beside what stands here.
summary-gaps = { $n ->
    [one] { $shown } thing could not be read; the full report names it.
   *[other] { $shown } things could not be read; the full report names them.
  }
summary-taken = What was taken
summary-taken-none = Nothing is known to have been taken; that is no proof.
summary-taken-more = Effect: [services that failed, personal or secret data concerned, how many people]
summary-holes = Holes
summary-holes-used = Signs name { $cves }.
summary-holes-open = Open in the last build seen: { $cves }.
summary-holes-none = No hole is named by what was found.
summary-indicators = Indicators
summary-indicators-sure = Something got through with these:
summary-indicators-others = Seen beside it; may be harmless, do not block without a look:
summary-indicators-none = None.
summary-measures = Measures
summary-measures-taken = Taken so far: [what, when]
summary-measures-advised = Advised:

# What an error of the system means
error-not-found = Nothing lies there. Check how it is written, and that its folder exists: none is made.
error-permission = This user may not do that there. Run it as administrator (root), or name another place.
error-exists = Something lies there already, and nothing is overwritten. Name another place.
error-is-folder = That is a folder. Name a file, for example one in it.
error-no-folder = A part of the path is a file and no folder. Check how it is written.
error-full = There is no room left on that disk, and what was written is not whole. Make room, or name a place on another disk.
error-read-only = That disk cannot be written to. Name a place on another disk.
