### Deutsch. Dieselben Schlüssel wie in en.ftl (ein Test prüft es); dazu finding-<kind> mit den Titeln der Funde.
### Kein Server wird je für unbedenklich erklärt: Zu „nichts gesehen“ gehört immer, was angesehen wurde.

## Die Seite als Ganzes
report-title = Bericht über Exchange-Server
report-of = Erstellt { $time } UTC mit { $tool } { $version }
report-inputs = Beweismittel
report-rules = { $n ->
    [one] { $shown } Erkennungsregel
   *[other] { $shown } Erkennungsregeln
  }
report-facts = Tabelle der Builds und Korrekturen vom { $date }
report-interrupted = Dieser Lauf wurde abgebrochen. Das Folgende ist unvollständig: Was hier nicht steht, kann trotzdem da sein.
report-filter-since = Nur Einträge ab { $time } UTC wurden gelesen.
report-filter-until = Nur Einträge bis { $time } UTC wurden gelesen.
report-no-server = In diesen Beweismitteln wurde kein Exchange-Server gefunden; über einen solchen lässt sich also nichts sagen.
report-no-server-why = Unten steht, was nicht gelesen werden konnte.
report-servers = { $n ->
    [one] { $shown } Server
   *[other] { $shown } Server
  }
report-also-known-as = auch gesehen als { $names }
report-all-times = Alle Zeiten sind UTC.

## Die drei Fragen und ihre Antworten
question-exposure = Können sie hinein?
question-compromise = Waren sie drin?
question-foothold = Sind sie noch drin?

exposure-answer-cannot_tell = Nicht zu sagen: kein Build gesehen, der sich für jede Lücke beurteilen lässt
exposure-answer-fixed = Nicht durch die hier geprüften Lücken: Der zuletzt gesehene Build enthält die Korrekturen
exposure-answer-fixed_if = Nach dem Build nicht: Er enthält die Korrekturen der hier geprüften Lücken, aber manche wirken nur mit den richtigen Einstellungen
exposure-answer-newer_than_table = Nicht zu sagen: Der Build ist neuer als die Tabelle dieser Version
exposure-answer-open = Ja: Mindestens eine Lücke ist offen

compromise-answer-cannot_tell = Nicht zu sagen: Zu wenig war lesbar
compromise-answer-nothing_seen = Nichts gesehen in dem, was lesbar war
compromise-answer-attempted = Versucht, kein Erfolg gesehen
compromise-answer-passed = Der Angriff kam durch; keine Veränderung gesehen
compromise-answer-compromised = Ja: kompromittiert

foothold-answer-cannot_tell = Nicht zu sagen: Zu wenig war lesbar
foothold-answer-nothing_seen = Keine Hintertür gesehen in dem, was lesbar war
foothold-answer-removed = Es gab eine Hintertür; soweit zu sehen, ist sie weg
foothold-answer-in_place = Ja: Eine Hintertür ist da, oder nichts zeigt, dass sie weg ist
foothold-answer-used_after_fix = Ja: Eine Hintertür wurde nach dem Update noch benutzt

## Der Satz, der zuerst gelesen wird
headline-used-after-fix = In diesen Server wurde eingebrochen, und die Hintertür wurde selbst nach dem Update noch benutzt.
headline-in-place = In diesen Server wurde eingebrochen. Eine Hintertür ist da, oder nichts zeigt, dass sie weg ist.
headline-foothold-only = Auf diesem Server ist eine Hintertür. Wie sie dorthin kam, war nicht zu sehen.
headline-removed = In diesen Server wurde eingebrochen. Die gesehene Hintertür ist weg.
headline-compromised = In diesen Server wurde eingebrochen. Eine Hintertür war in dem, was lesbar war, nicht zu sehen.
headline-compromised-foothold-unknown = In diesen Server wurde eingebrochen. Ob eine Hintertür geblieben ist, lässt sich nicht sagen.
headline-foothold-was-there = Auf diesem Server war eine Hintertür. Soweit zu sehen, ist sie weg.
headline-passed = Ein Angriff auf diesen Server kam durch. Was damit getan wurde, war nicht zu sehen.
headline-attempted-open = Dieser Server wurde angegriffen, und ein Weg hinein steht offen. Ein Erfolg war nicht zu sehen.
headline-attempted = Dieser Server wurde angegriffen. Ein Erfolg war nicht zu sehen.
headline-open = In dem, was lesbar war, war kein Einbruch zu sehen, aber ein Weg hinein steht offen.
headline-nothing-seen = In dem, was lesbar war, war kein Einbruch zu sehen.
headline-unknown-open = Ein Weg hinein steht offen. Ob ihn jemand benutzt hat, lässt sich nicht sagen: Zu wenig war lesbar.
headline-unknown = Ob jemand eingebrochen ist, lässt sich nicht sagen: Zu wenig war lesbar.

## Worauf eine Antwort beruht
looked-at = Angesehen: { $span } UTC, { $records } aus { $sources }.
looked-at-timeless = Angesehen: { $records } aus { $sources }; keiner davon hat eine Zeit.
looked-at-same = Angesehen: dieselben Quellen, { $span } UTC.
looked-at-nothing = Angesehen: nichts. Keine Quelle dieses Servers war lesbar.
doubts-worth = Anzeichen, dass Protokolle verändert oder entfernt worden sein können. Jedes hat harmlose Erklärungen (Aufräumjob, volle Platte, anderer Sammler), aber wer dem Schweigen eines Protokolls trauen will, sollte sie ansehen.
doubt-hours_missing = { $n ->
    [one] nichts in { $shown } Stunde, in der IIS Anfragen protokolliert hat, die auch hier stehen müssten
   *[other] nichts in { $shown } Stunden, in denen IIS Anfragen protokolliert hat, die auch hier stehen müssten
  }
doubt-days_missing = { $n ->
    [one] nichts an { $shown } Tag, an dem das Frontend Anfragen protokolliert hat, die auch hier stehen müssten
   *[other] nichts an { $shown } Tagen, an denen das Frontend Anfragen protokolliert hat, die auch hier stehen müssten
  }
doubt-fewer_rows = { $n ->
    [one] in { $shown } Stunde weit weniger Zeilen als üblich, verglichen mit dem anderen Protokoll derselben Anfragen
   *[other] in { $shown } Stunden weit weniger Zeilen als üblich, verglichen mit dem anderen Protokoll derselben Anfragen
  }
doubt-numbers_missing = { $n ->
    [one] { $shown } Datensatznummer fehlt
   *[other] { $shown } Datensatznummern fehlen
  }
doubt-written_before_its_end = { $n ->
    [one] { $shown } Datei wurde zuletzt vor ihrer eigenen letzten Zeile geschrieben
   *[other] { $shown } Dateien wurden zuletzt vor ihrer eigenen letzten Zeile geschrieben
  }
not-there = Nicht vorhanden: { $sources }.
basis-no-build = Kein Protokoll und keine Datei nennt den installierten Build.
basis-build = Zuletzt gesehener Build: { $build } ({ $product }).
basis-open = Offen: { $cves }.
basis-table = Beurteilt nach der Tabelle vom { $date }; andere Lücken werden nicht geprüft.
basis-newer = Er ist neuer als die Tabelle vom { $date }.
basis-conditional = Manche Korrekturen wirken nur unter einer Bedingung; siehe unten.
basis-signs = Erstes Zeichen { $first }, letztes Zeichen { $last } UTC.
basis-foothold-no-page = Siehe die Funde unten.
page-present-used = Die Datei ist da; sie antwortete einem Besucher zuletzt { $last } UTC.
page-present = Die Datei ist da; niemand wurde gesehen, der sie aufrief.
page-deleted-used = Die Datei wurde gelöscht, unbekannt wann; sie antwortete einem Besucher zuletzt { $last } UTC.
page-deleted = Die Datei wurde gelöscht, unbekannt wann.
page-gone = antwortete spätestens ab { $gone } UTC nicht mehr.
page-used = antwortete einem Besucher zuletzt { $last } UTC; keine Entfernung gesehen.
page-no-removal = wurde geschrieben oder benutzt; keine Entfernung gesehen.
page-after-fix = { $n ->
    [one] Einmal nach dem Update benutzt.
   *[other] { $shown }-mal nach dem Update benutzt.
  }

## Wie weit es ging
heading-open-time = Wie lange die Tür offen stand
heading-taken = Was entwendet wurde
heading-left = Was noch da ist
open-time-closed = { $what }: Einbrüche durch diese Lücke sind seit { $from } bekannt. Die Korrektur wurde auf diesem Server zuerst am { $until } gesehen; die Lücke stand also bis zu { $days } Tage offen.
open-time-open = { $what }: Einbrüche durch diese Lücke sind seit { $from } bekannt. Bis { $until }, wo diese Protokolle enden, war keine Korrektur zu sehen: { $days } Tage.
open-time-covered-all = Für jeden dieser Tage sind Anfragen protokolliert.
open-time-covered-part = Für { $covered } dieser Tage ({ $percent } %) sind Anfragen protokolliert. Was in den übrigen { $rest } % geschah, ist hier nicht zu sehen.
open-time-covered-none = Für keinen dieser Tage sind Anfragen protokolliert: Was damals geschah, ist hier nicht zu sehen.
taken-answers = Antworten an Besucher der hinterlassenen Seite
taken-nothing-seen = Keine Spur sagt, dass Mail oder Passwörter entwendet wurden. Das ist kein Beweis: Was eine hinterlassene Seite hinausschickt, steht in keinem Protokoll, und wer drin war, konnte alles lesen.
taken-bytes = { $size } gesendet
taken-by = durch { $names }
left-since = seit { $since } UTC; eine Entfernung stünde in keinem Protokoll, also danach suchen.

## Was jetzt zu tun ist
advice-isolate = Trennen Sie diesen Server jetzt vom Internet, aber lassen Sie ihn eingeschaltet: Speicher und Protokolle sind Beweise.
advice-keep-evidence = Löschen Sie noch nichts. Kopieren Sie zuerst die Protokolle und die hier genannten Dateien auf einen anderen Rechner; Protokolle werden binnen Tagen überschrieben.
advice-get-help = Rufen Sie Ihren Notfalldienstleister oder das nationale CERT (in Deutschland das BSI) an und zeigen Sie diesen Bericht. Meldefristen können bereits laufen.
advice-patch-is-not-enough = Installieren Sie die Updates, aber belassen Sie es nicht dabei: Ein Update schließt die Lücke und lässt stehen, was schon eingeschleust wurde.
advice-remove-after-securing = Sind die Beweise kopiert, entfernen Sie die Hintertür und prüfen Sie, dass sie nicht mehr antwortet.
advice-passwords = Betrachten Sie alle Kennwörter, Schlüssel und Postfächer auf diesem Server als dem Angreifer bekannt, und ändern Sie die Kennwörter von einem Rechner aus, dem Sie trauen.
advice-look-around = Sehen Sie auch die anderen Server an: Ein Exchange-Server hat weitreichende Rechte in seiner Domäne.
advice-update-now = Installieren Sie noch heute das neueste Sicherheitsupdate. Starten Sie danach erneut: Auch was vor dem Update hereinkam, wird gefunden.
advice-attempts-go-on = Versuche sind bei einem Server am Internet alltäglich. Wichtig ist, dass keiner gelang; prüfen Sie, ob die Zeitspanne unten weit genug zurückreicht.
advice-keep-logs = Bewahren Sie die Protokolle der Zeit davor und danach auf, falls ein neues Anzeichen bekannt wird.
advice-collect-more = Sammeln Sie mehr und starten Sie erneut: die IIS-Protokolle (C:\inetpub\logs\LogFiles), den Ordner Logging von Exchange (HttpProxy, ECP) und die Windows-Ereignisprotokolle, so weit sie zurückreichen.
advice-check-build = Stellen Sie fest, welcher Build installiert ist (die Dateiversion von Bin\ExSetup.exe im Ordner von Exchange), und fragen Sie afterpatch check danach.
advice-missing-sources = Diese Quellen hätten bei der Entscheidung geholfen.

## Überschriften
heading-servers = Server
heading-because = Entschieden durch
heading-advice = Was jetzt zu tun ist
heading-story = Was geschehen ist
heading-story-none = Aus dem, was lesbar war, ergab sich kein Angriff.
heading-findings = Funde und ihre Belege
heading-findings-text = Weitere Funde
heading-findings-none = Keine Funde.
heading-pages = Leben der eingeschleusten Seiten
heading-exposure = Bekannte Lücken
heading-exposure-none = Nicht zu beurteilen: Kein Build wurde gesehen.
heading-builds = Installierte Builds, wie die Protokolle sie nennen
heading-coverage = Was zu sehen war
heading-coverage-none = Keine Quelle dieses Servers war lesbar.
heading-gaps = Was nicht lesbar war
heading-gaps-none = Von dem, was gefunden wurde, musste nichts ausgelassen werden.
heading-notes = Was angenommen oder berichtigt wurde
heading-actors = Adressen in diesen Vorfällen
heading-artifacts = Dateien, auf die dieser Bericht verweist
heading-glossary = Wörter
heading-limits = Was dieses Programm nicht ansieht
limits = Arbeitsspeicher, den Inhalt von Postfächern, andere Rechner und jedes Implantat, das in den oben genannten Quellen keine Spur hinterlässt. Auch Angriffe, für die es keine Regel hat, sieht es nicht.
to-details = Einzelheiten, Belege und die Dateien hinter jeder Zeile stehen im HTML- und JSON-Bericht (-o report.html).

## Spalten und Beschriftungen
label-time = Zeit (UTC)
label-step = Schritt
label-what = Was
label-who-where = Wer und wo
label-source = Quelle
label-files = Dateien
label-records = Einträge
label-span = Erster – letzter Eintrag
label-unreadable-files = { $n ->
    [one] { $shown } Datei unlesbar
   *[other] { $shown } Dateien unlesbar
  }
label-hours-missing = { $n ->
    [0] keine Stunde fehlt
    [one] { $shown } Stunde fehlt
   *[other] { $shown } Stunden fehlen
  }
label-coverage-small = Zu wenig für „nichts gesehen“: Wo keine Spur gefunden wurde, lautet die Antwort „nicht zu sagen“.
label-coverage-enough = Genug, um „nichts gesehen“ zu sagen, wo keine Spur gefunden wurde.
label-attack-time = Zeit des Angriffs
label-no-time = ohne Zeit
label-after-fix = nach dem Update
label-fix-seen = Update erstmals gesehen
label-why = Warum (Punkte)
label-grade = Stufe
label-severity = Schwere
label-confidence = Sicherheit
label-attack = ATT&CK
label-cves = CVE
label-rule-author = Regel von
label-things = Beteiligte
label-evidence = Belege
label-more-evidence = { $n ->
    [one] { $shown } weiterer Eintrag sagt dasselbe.
   *[other] { $shown } weitere Einträge sagen dasselbe.
  }
label-more-steps = { $n ->
    [one] … { $shown } weiterer Schritt; er steht im HTML-Bericht.
   *[other] … { $shown } weitere Schritte; sie stehen im HTML-Bericht.
  }
label-steps = { $n ->
    [one] { $shown } Schritt
   *[other] { $shown } Schritte
  }
label-addresses = Adressen
label-joined-by = Warum diese Schritte zusammengehören
join-same_thing = Dasselbe: { $kind } { $value }
join-close_in_time = Innerhalb von { $seconds } s auf diesem Server, und eine der Quellen nennt keinen Client
join-attempts = Versuche desselben Angriffs, von denen keiner durchkam
join-only_foothold = Der Webserver führte einen Befehl aus, und nichts anderes war zuvor auf diesem Server eingepflanzt worden
join-untied_commands = Befehle des Webservers, die keine Quelle mit einer Seite oder einem Besucher verbindet
join-user_rules = Treffer Ihrer eigenen Regeln in Einträgen, von denen sonst nichts spricht
label-lasted = Dauer { $length }
label-alone = steht allein
acknowledged = Von { $who } bestätigt und daher nicht gewertet: { $why }
acknowledged-until = Von { $who } bis { $until } bestätigt und daher nicht gewertet: { $why }
verdict-acknowledged = { $n ->
    [one] { $shown } Fund ist bestätigt und wird nicht gewertet; er steht bei den Funden.
   *[other] { $shown } Funde sind bestätigt und werden nicht gewertet; sie stehen bei den Funden.
  }
label-written = Geschrieben
label-compiled = Übersetzt
label-first-answered = Erste Antwort
label-last-answered = Letzte Antwort
label-gone = Antwortet nicht mehr
label-requests = Beantwortete Aufrufe
label-visitors = Besucher
label-file-present = Datei im Beweismittel
label-after-fix-requests = Nach dem Update
label-state = Zustand
label-build = Build
label-since = Korrektur erstmals gesehen
label-condition = Bedingung
label-first = Zuerst gesehen
label-last = Zuletzt gesehen
label-seen-in = Gesehen in
label-kind = Art
label-deleted = nein, ihr Eintrag in der Dateitabelle ist der einer gelöschten Datei
label-yes = ja
label-no = nein
label-unknown = nicht bekannt
label-timeline-alt = Zeitachse des Vorfalls: { $steps }, { $span } UTC. Dieselben Schritte stehen in der Tabelle darunter.
label-not-to-scale = Von links nach rechts in zeitlicher Folge; Abstände sind gekürzt, lange Pausen ausgeschrieben.
label-show-all = { $n ->
    [one] { $shown } Zeile zeigen
   *[other] Alle { $shown } zeigen
  }
label-incident = Vorfall { $id }

## Verweise und Filter der Seite
skip-to-content = Zum Inhalt
label-step-of = { $id } Schritt { $number }
label-step-findings = Funde:
label-told-in = Erzählt in
label-told-in-incident = Teil eines Vorfalls
label-page-steps = Schritte dazu
label-page-findings = Funde dazu
label-file-findings = Funde darin:
label-address = Adresse
label-first-last = Zuerst – zuletzt
label-actor-steps = Schritte
label-actor-pages = Besuchte eingeschleuste Seiten
label-actor-findings = Funde
findings-in-a-line = { $n ->
    [one] { $shown } Fund, der weniger weit ging, hat nur eine Zeile; seine Einträge stehen im JSON-Bericht.
   *[other] { $shown } Funde, die weniger weit gingen, haben nur eine Zeile; ihre Einträge stehen im JSON-Bericht.
  }
filter-name = Filter der Schritte und Funde
filter-text = Suche (Taste /)
filter-grade = Stufe mindestens
filter-confidence = Sicherheit mindestens
filter-incident = Vorfall
filter-any = alle
filter-reset = Alles zeigen
filter-count = Schritte: { $steps } von { $allsteps }. Funde: { $findings } von { $allfindings }.
filter-none = Kein Fund passt zu dieser Suche. Das sagt nichts über den Server, nur dass kein hier gezeigter Fund diese Wörter und Merkmale hat.
filter-more = { $next } weitere zeigen ({ $rest } noch nicht gezeigt)
zoom = Zeitachse vergrößern
zoom-in = Größer
zoom-out = Kleiner
zoom-reset = Ganz
zoom-how = Tasten + − 0, oder Rad mit Strg.

## Orte und Quellen
place-record = Eintrag
place-offset = Byte
coverage-event-channel = Windows-Ereignisprotokoll: { $channel }
artifact-kind-iis_w3c = IIS-Zugriffsprotokoll
artifact-kind-exchange_httpproxy = HttpProxy-Protokoll von Exchange
artifact-kind-exchange_ecp = Exchange-Systemsteuerung (ECP)
artifact-kind-exchange_oab_generator = Offline-Adressbuch-Protokoll
artifact-kind-evtx = Windows-Ereignisprotokoll
artifact-kind-event_json = Windows-Ereignisse (JSON)
artifact-kind-event_xml = Windows-Ereignisse (XML)
artifact-kind-aspnet_compiled = Übersetzte Seiten
artifact-kind-served_script = Ausgelieferte Skriptdateien
artifact-kind-exchange_ecp_activity = Aktivitätsprotokoll der Exchange-Systemsteuerung
artifact-kind-exchange_rps_http = HTTP-Protokoll der Remote-PowerShell
artifact-kind-exchange_rps_cmdlet = Cmdlet-Protokoll
artifact-kind-exchange_audit = Administrator-Überwachungsprotokoll
artifact-kind-exchange_message_tracking = Nachrichtenverfolgung
artifact-kind-exchange_ews = Protokoll der Exchange-Webdienste
artifact-kind-exchange_setup = Exchange-Setup-Protokoll
artifact-kind-http_err = Fehlerprotokoll von HTTP.sys
artifact-kind-access_log = Zugriffsprotokoll (Apache, nginx, Tomcat)
artifact-kind-iis_config = IIS-Konfiguration
artifact-kind-transport_agents = Transport-Agents
artifact-kind-registry_hive = Registrierungsdatei
artifact-kind-scheduled_task = Geplante Aufgaben
artifact-kind-pe_version = Version der Exchange-Programme
artifact-kind-ntfs_mft = NTFS-Dateitabelle
artifact-kind-ntfs_usn = NTFS-Änderungsjournal
artifact-kind-defender_log = Protokoll von Microsoft Defender
artifact-kind-defender_history = Erkennungsverlauf von Microsoft Defender
artifact-kind-vault_journal = Journal dessen, was afterpatch weggenommen hat
artifact-kind-collection_manifest = Verzeichnis einer afterpatch-Sammlung
artifact-kind-live_state = Was das laufende System über sich sagte
artifact-kind-known_unread = Bekannt, noch nicht gelesen

## Mengen
records = { $n ->
    [one] { $shown } Eintrag
   *[other] { $shown } Einträge
  }
files = { $n ->
    [one] { $shown } Datei
   *[other] { $shown } Dateien
  }
length-seconds = { $n ->
    [0] unter einer Sekunde
    [one] { $shown } Sekunde
   *[other] { $shown } Sekunden
  }
length-minutes = { $n ->
    [one] { $shown } Minute
   *[other] { $shown } Minuten
  }
length-hours = { $n ->
    [one] { $shown } Stunde
   *[other] { $shown } Stunden
  }
length-days = { $n ->
    [one] { $shown } Tag
   *[other] { $shown } Tage
  }
length-seconds-short = { $shown } s
length-minutes-short = { $shown } min
length-hours-short = { $shown } h
length-days-short = { $n ->
    [one] { $shown } Tag
   *[other] { $shown } Tage
  }

## Wer und wo
who-address = von { $value }
who-account = als { $value }
who-mailbox = Postfach { $value }
who-process = durch { $value }
who-script = Skript: { $value }

## Angriffe
campaign-proxylogon = Angriff über ProxyLogon
campaign-proxyshell = Angriff über ProxyShell
campaign-proxynotshell = Angriff über ProxyNotShell
campaign-owassrf = Angriff über OWASSRF
campaign-proxytoken = Angriff über ProxyToken
campaign-proxyoracle = Angriff über ProxyOracle
campaign-cve_2026_62911 = Angriff auf die Postfachreplikation (CVE-2026-62911)
campaign-viewstate = Angriff über ViewState (CVE-2020-0688 oder entwendete Computerschlüssel)
campaign-dlp_transport = Angriff über Richtlinien gegen Datenverlust (DLP)
campaign-cve_2020_17144 = Angriff auf die Postfachassistenten (CVE-2020-17144)
campaign-cve_2021_28480 = Angriff über veröffentlichte Kalender (CVE-2021-28480)
campaign-cve_2021_42321 = Angriff über Benutzereinstellungen (CVE-2021-42321)
campaign-powershell_back_end = Angriff über das PowerShell-Back-End von Exchange
campaign-unknown = Angriff unbekannter Art

## Schritte
step-scan = Lücken gesucht
step-forged_request = Anfrage gefälscht
step-session_opened = Sitzung eröffnet
step-configuration_read = Einstellungen gelesen
step-configuration_changed = Einstellungen geändert
step-file_written = Datei geschrieben
step-directory_reset = Verzeichnis neu angelegt
step-page_compiled = Seite übersetzt
step-page_requested = Seite aufgerufen
step-command_run = Befehl ausgeführt
step-credentials_taken = Zugangsdaten entwendet
step-mail_taken = Mail entwendet
step-data_taken = Daten herausgeholt
step-account_changed = Konten geändert
step-persistence_added = Sich festgesetzt
step-defences_weakened = Schutz geschwächt
step-removed = Spuren entfernt
step-page_gone = Seite weg
step-file_present = Datei liegt da
step-other = Anderes

## Stufen, Schwere, Sicherheit
grade-unclear = unklar
grade-scan = Abtasten
grade-attempt = Versuch
grade-success = Erfolg
grade-compromise = Kompromittierung
grade-post_patch_use = Benutzung nach dem Update
grade-meaning-unclear = muss jemand ansehen; von einem Angriff sagt es noch nichts
grade-meaning-scan = eine Berührung, kein Zeichen des Durchkommens
grade-meaning-attempt = hat die Form des Angriffs, abgewiesen oder unvollendet
grade-meaning-success = der Server antwortete so, wie der Angriff es braucht
grade-meaning-compromise = auf dem Server wurde etwas verändert
grade-meaning-post_patch_use = Eingeschleustes wurde nach dem Update benutzt
severity-info = Hinweis
severity-low = gering
severity-medium = mittel
severity-high = hoch
severity-critical = kritisch
confidence-low = gering
confidence-medium = mittel
confidence-high = hoch

## Dinge
thing-address = Adresse
thing-account = Konto
thing-mailbox = Postfach
thing-url = URL
thing-page = Seite
thing-file = Datei
thing-process = Prozess
thing-command = Befehl
thing-object = Exchange-Objekt
thing-script = Skripttext
thing-request_id = Anfrage-ID
thing-canary = Sitzungskennung (Canary)
thing-user_agent = User-Agent
thing-autostart = Dienst, Aufgabe oder Modul
thing-hash = SHA-256

## Zustände einer Lücke
exposure-state-open = offen
exposure-state-fixed = behoben
exposure-state-fixed_if = behoben, unter einer Bedingung
exposure-state-not_affected = nicht betroffen
exposure-state-newer_than_table = Build neuer als die Tabelle
exposure-state-unknown = nicht zu sagen

## Lücken im Lesbaren
gap-unreadable = Ließ sich nicht öffnen oder lesen
gap-truncated = Endet zu früh oder ist beschädigt; was davor stand, wurde gelesen
gap-malformed = Einzelne Zeilen oder Einträge sind nicht lesbar; der Rest wurde gelesen
gap-too_long = Eine Zeile ist länger als jede echte; sie wurde übersprungen
gap-encrypted = Verschlüsselt, und kein Kennwort ist bekannt
gap-unsafe_name = Der Name zeigt aus dem Archiv hinaus; gelesen wurde unter einem sicheren Namen
gap-bomb = Wächst beim Entpacken über jedes Maß; das Lesen wurde beendet
gap-not_read = Erkannt, aber diese Version liest es nicht
gap-not_what_it_says = Der Inhalt ist nicht, was der Name sagt
gap-vanished = War erst da und beim Lesen verschwunden (hat ein Virenschutz es entfernt?)
gap-held_by_antivirus = Der Virenschutz lässt es nicht lesen: Er hält es für Schadsoftware
gap-empty = Nichts darin
gap-capped = Eine Grenze wurde erreicht; was danach kam, ist gezählt, nicht gezeigt
gap-internal_error = Ein Fehler dieses Programms; die Datei wurde aufgegeben, der Rest ging weiter

## Anmerkungen
note-clock_corrected = Die Zeiten in { $path } heißen UTC, sind aber { $offset }; sie wurden auf UTC gestellt. { $records } belegen es.
note-servers_merged = { $server } und { $alias } wurden als ein Server genommen.
note-server_assumed = { $files } ohne Servernamen wurden { $server } zugerechnet, dem einzigen Server ihrer Sammlung.
note-server_unnamed = Keine Datei nennt einen Server; { $server } ist der Name der Sammlung.
note-time_filter = { $records } außerhalb der verlangten Zeitspanne wurden ausgelassen.
note-resumed = Eine frühere Untersuchung brach ab. Was sie aus { $files } gelesen hatte (Größe und Zeit der letzten Änderung sind dieselben wie damals), wurde übernommen und nicht noch einmal gelesen.
note-weak_signals_dropped = { $n ->
    [one] { $shown } schwaches Zeichen, das neben keinem starken steht, ist nicht aufgeführt.
   *[other] { $shown } schwache Zeichen, die neben keinem starken stehen, sind nicht aufgeführt.
  }
note-rules_loaded = Eigene Regeln wurden neben den eingebauten benutzt: { $sigma }, { $yara }.
note-rules_not_used = { $n ->
    [one] Eine eigene Datei oder Regel konnte nicht benutzt werden. `afterpatch rules test` sagt alles darüber:
   *[other] { $shown } eigene Dateien oder Regeln konnten nicht benutzt werden. `afterpatch rules test` nennt sie alle. Die ersten:
}
note-acknowledgement_expired = Die Bestätigung von { $what } durch { $who } galt bis { $until } und gilt nicht mehr.
note-acknowledgement_unused = Die Bestätigung von { $what } durch { $who } trifft auf nichts zu, was gefunden wurde.
rules-sigma = { $n ->
    [one] eine Sigma-Regel
   *[other] { $shown } Sigma-Regeln
}
rules-yara = { $n ->
    [one] eine YARA-Regel
   *[other] { $shown } YARA-Regeln
}
note-other = Etwas wurde angenommen, wofür diese Version keine Worte hat; siehe den JSON-Bericht.

## Wörter
glossary-back-door = Hintertür
glossary-back-door-is = etwas, das ein Angreifer zurücklässt, um ohne die Lücke wiederzukommen; oft eine kleine Seite (Web-Shell), die ausführt, was ein Besucher ihr schickt.
glossary-incident = Vorfall
glossary-incident-is = Schritte, die zusammengehören, weil sie Adresse, Konto, Seite, Datei oder Prozess gemeinsam haben.
glossary-finding = Fund
glossary-finding-is = was ein Detektor über Einträge oder eine Datei sagt. Die Stufe sagt, wie weit eine Tat kam, die Schwere, wie schlimm das wäre, die Sicherheit, wie gewiss der Detektor ist.
glossary-coverage = Was zu sehen war
glossary-coverage-is = die vorhandenen Quellen und die Zeit, über die sie reichen. Außerhalb davon lässt sich nichts sagen.
glossary-gap = Unlesbares
glossary-gap-is = was nicht gelesen werden konnte, mit dem Grund.
glossary-fix = Update, Korrektur
glossary-fix-is = schließt eine Lücke. Was vorher eingeschleust wurde, nimmt es nicht weg.
glossary-virtual-directory = Virtuelles Verzeichnis
glossary-virtual-directory-is = ein Teil der Website, die Exchange ausliefert (OWA, ECP, OAB). Angreifer schreiben Skripttext in seine Einstellungen und lassen Exchange ihn in eine Datei schreiben.
glossary-compiled = Übersetzt
glossary-compiled-is = Der Webserver übersetzt eine Seite, wenn sie zum ersten Mal aufgerufen wird; der Überrest zeigt, dass jemand sie aufrief.
glossary-cve = CVE
glossary-cve-is = die Nummer, unter der eine bekannte Lücke geführt wird.
glossary-attack = ATT&CK
glossary-attack-is = eine öffentliche Liste der Techniken von Angreifern; die Nummern (T1190) sind ihre Einträge.

## Warum eine Seite nach ihren Besuchen für eine Web-Shell gehalten wird: Zeichen dafür und dagegen
why-one-visitor = nur eine Adresse ruft sie auf
why-few-visitors = nur zwei oder drei Adressen rufen sie auf
why-some-visitors = nur wenige Adressen rufen sie auf
why-visitors-see-nothing-else = ihre Besucher sehen kaum etwas an, das auch andere ansehen
why-visitors-load-nothing = ihre Besucher laden kaum Bilder oder Stilvorlagen
why-browser-that-does-not-browse = ihre Besucher nennen sich Browser, benehmen sich aber nicht so
why-only-posts = an sie gehen fast nur POST-Anfragen
why-mostly-posts = an sie gehen überwiegend POST-Anfragen
why-only-queries = kaum eine Anfrage an sie kommt ohne Parameter
why-used-in-sessions = sie wird in Sitzungen benutzt: viele Anfragen hintereinander, dann stundenlang keine
why-no-referrer = niemand kommt von einer anderen Seite zu ihr
why-leads-nowhere = keine andere Anfrage kommt von ihr
why-path-behind-name = Anfragen nennen einen Pfad hinter ihrem Namen
why-answers-vary = ihre Antworten sind verschieden groß
why-appeared-late = sie antwortete erst lange nach dem Beginn dieser Protokolle
why-static-name-posted = ihr Name ist der einer Datei, die kein Server ausführt, und doch nimmt sie POST-Anfragen an
why-in-open-folder = sie liegt in einem Ordner, der keine Anmeldung verlangt und zu dem kein Build Seiten hinzufügt
why-in-asset-folder = sie liegt in einem Ordner für Hochgeladenes, Bilder oder dergleichen
why-same-answer = ihre Antworten sind immer gleich groß
why-sent-as-it-is = ihre Antworten sind gleich groß wie die einer Datei
why-others-lead-here = Besucher kommen von anderen Seiten zu ihr
why-visitors-logged-on = ihre Besucher sind angemeldet
why-always-there = sie wird in diesen Protokollen durchgehend aufgerufen
why-like-clockwork = sie wird jeden Tag zur selben Stunde aufgerufen, wie es ein geplanter Auftrag tut
why-made-for-programs = sie sieht aus, als riefen andere Programme sie auf
why-known-entry-point = bekannte Anwendungen haben eine Seite dieses Namens
why-own-server = nur der Server selbst ruft sie auf
why-visitors-of-many-pages = ihre Besucher probieren auch viele andere seltene Seiten

## Titel der Funde; die englischen kommen mit dem Fund. Der Schlüssel ist der Name der Regel oder des Detektors.
finding-back-end-configuration-write = Das Back-End nahm eine Änderung der Einstellungen von einem Computerkonto an
finding-control-panel-forged-error = Die Systemsteuerung scheiterte an einer gefälschten Adresse
finding-external-url-cleared = Die Adresse eines virtuellen Verzeichnisses wurde geleert
finding-forged-back-end-cookie = Ein Back-End-Cookie nennt mehr als einen Server
finding-forged-configuration-read = Einstellungen von Exchange wurden über eine gefälschte Sitzung gelesen
finding-forged-configuration-write = Einstellungen von Exchange wurden über eine gefälschte Sitzung geändert
finding-forged-routing-attempt = Mit einem gefälschten Routing-Cookie wurde das Back-End angesprochen
finding-forged-routing-scan = Ein gefälschtes Routing-Cookie berührte einen Pfad, den Scanner benutzen
finding-forged-routing-sid-lookup = Eine gefälschte Anfrage fragte nach der Kennung eines Postfachs
finding-forged-session = Mit einer gefälschten Anfrage wurde eine Sitzung der Systemsteuerung eröffnet
finding-oab-download-outside = Der Adressbuch-Generator benutzte eine Datei außerhalb seines Ordners
finding-static-page-posted = An eine unveränderliche Datei von OWA oder der Systemsteuerung wurde ein POST gesandt
finding-um-invalid-cast = Unified Messaging scheiterte an einem Objekt falscher Art
finding-um-worker-child = Unified Messaging startete ein Programm
finding-unc-write-to-web-root = Ein Computerkonto schrieb eine Webseite über eine Freigabe
finding-virtual-directory-created = Ein virtuelles Verzeichnis wurde angelegt
finding-virtual-directory-removed = Ein virtuelles Verzeichnis wurde entfernt
finding-virtual-directory-script = Ein Skript wurde in die Adresse eines virtuellen Verzeichnisses geschrieben
finding-virtual-directory-script-refused = Ein Skript als Adresse eines virtuellen Verzeichnisses wurde abgewiesen
finding-web-server-command = Der Webserver startete einen Befehl
finding-web-server-dropped-program = Der Webserver startete ein Programm aus einem Datenordner
finding-web-server-unusual-child = Der Webserver startete ein ungewöhnliches Programm
finding-web-server-windows-program = Der Webserver startete ein Windows-Programm, das er nicht braucht
finding-page-answered = Die Seite wurde aufgerufen und antwortete
finding-page-refused = Die Seite wurde aufgerufen und nicht gefunden
finding-shell-name-sweep = Ein Besucher probierte viele Seitennamen in einem Anmeldeordner; keine war da
finding-page-compiled = Der Webserver übersetzte eine Seite, die nicht in der Tabelle echter Dateien steht: Sie wurde zum ersten Mal aufgerufen
finding-unknown-page-compiled = Der Webserver übersetzte eine Seite, die zu keinem Exchange-Build gehört, in einem Ordner, den jeder erreicht
finding-page-written = Eine Seite wurde in einen Webordner geschrieben
finding-genuine-page-overwritten = Eine echte Seite wurde vom Webserver oder über eine Freigabe überschrieben
finding-page-taken-away = afterpatch hat die Seite weggenommen
finding-autostart-switched-off = afterpatch hat abgeschaltet, was von selbst startet
finding-page-deleted = Eine Seite wurde aus einem Webordner gelöscht
finding-virtual-directory-shell = Eine Seite aus den Einstellungen eines virtuellen Verzeichnisses, wie ProxyLogon seine Web-Shells macht
finding-outlook-data-page = Eine Seite, die eine Outlook-Datendatei ist, wie ein Postfach-Export in einen Webordner sie macht
finding-certificate-request-page = Eine Seite, die eine Zertifikatsanforderung ist, geschrieben in einen Webordner
finding-unknown-page-present = Eine Seite, die zu keinem Exchange-Build gehört, in einem Ordner, den jeder erreicht
finding-web-shell-code = Ein Skript, dessen Code seinem Besucher Macht über den Server gibt
finding-hidden-script-code = Code einer Webshell in einer Datei, die dem Namen nach kein Skript ist
finding-suspicious-script-code = Ein Skript, das seinem Besucher erlaubt, was eine Seite nicht sollte
finding-admin-tool-page = Ein Werkzeug für Administratoren, das kann, was eine Webshell kann
finding-opaque-script-code = Ein Skript, dessen Code verschlüsselt ist, sodass ihn niemand durch Lesen beurteilen kann
finding-unjudged-page-present = Eine Seite, die nicht in der Tabelle echter Dateien steht
finding-genuine-page-changed = Eine Seite mit echtem Namen und unbekanntem Inhalt
finding-path-confusion-scan = Ein Besucher versuchte, über Autodiscover einen anderen Dienst zu erreichen, und wurde abgewiesen
finding-path-confusion-attempt = Ein Besucher griff über Autodiscover nach einem anderen Dienst, und unterwegs schlug etwas fehl
finding-path-confusion-mapi-answered = Ein Besucher erreichte über Autodiscover das Adressbuch, ohne sich anzumelden
finding-path-confusion-ews-answered = Ein Besucher erreichte über Autodiscover ein Postfach
finding-path-confusion-answered = Ein Besucher erreichte über Autodiscover einen anderen Dienst
finding-rps-token-attempt = Ein selbst gemachtes Zugriffstoken für die Exchange-PowerShell wurde abgewiesen
finding-rps-token-accepted = Mit einem selbst gemachten Zugriffstoken wurde die Exchange-PowerShell geöffnet
finding-export-to-web-page = Ein Postfach wurde in eine Datei exportiert, die der Webserver ausführt
finding-certificate-request-to-web-page = Eine Zertifikatsanforderung wurde in eine Datei geschrieben, die der Webserver ausführt
finding-write-to-web-page-refused = Ein Befehl, der eine Webseite geschrieben hätte, schlug fehl
finding-hidden-virtual-directory = Ein virtuelles Verzeichnis liefert einen versteckten Ordner mit reserviertem Namen aus
finding-certificate-request-with-script = Eine offene Zertifikatsanforderung enthält Skripttext
finding-powershell-behind-autodiscover = Ein Benutzer erreichte über Autodiscover die Exchange-PowerShell
finding-powershell-behind-autodiscover-refused = Ein Benutzer griff über Autodiscover vergeblich nach der Exchange-PowerShell
finding-listener-address-requested = Ein Besucher rief eine Adresse auf, an der ein Implantat von 2022 lauscht
finding-listener-address-error = Der Webdienst des Systems vermerkte eine fehlgeschlagene Anfrage an eine Adresse, an der ein Implantat von 2022 lauscht
finding-listener-address-reserved = Auf dem Server ist eine Adresse reserviert, an der ein Implantat von 2022 lauscht
finding-powershell-behind-owa = Ein Benutzer erreichte über Outlook im Web die Exchange-PowerShell
finding-powershell-behind-owa-refused = Ein Benutzer griff über Outlook im Web vergeblich nach der Exchange-PowerShell
finding-powershell-behind-owa-scan = Ein Besucher probierte ohne Anmeldung den Weg von Outlook im Web zur PowerShell
finding-inbox-rule-without-log-on = Ein nicht angemeldeter Besucher legte eine Posteingangsregel an
finding-inbox-rule-attempt = Ein nicht angemeldeter Besucher versuchte, eine Posteingangsregel anzulegen
finding-security-token-in-address = Eine Anfrage an die Systemsteuerung trägt ein Sicherheitstoken in ihrer Adresse
finding-error-page-with-script = Ein Link auf die Fehlerseite von Outlook im Web enthält ein Skript
finding-replication-service-touched = Jemand berührte die Postfachreplikation über das Netz
finding-computer-account-ntlm-logon = Ein Computerkonto meldete sich mit NTLM von einer anderen Adresse über das Netz an
finding-mailbox-move-requested = Von außen wurde ein Postfachumzug angefragt
finding-view-state-in-address = Eine Seite von Exchange wurde mit einem ViewState in der Adresse aufgerufen
finding-view-state-in-address-refused = Ein Besucher ohne Anmeldung probierte einen ViewState in der Adresse
finding-control-panel-view-state-error = Die Systemsteuerung scheiterte an einem ViewState in einer Adresse
finding-view-state-check-failed = Einer Webseite wurde ein ViewState gesandt, der die Prüfung nicht bestand
finding-machine-key-publicly-known = Der Webserver prüft ViewStates mit einem Schlüssel, den jeder kennt
finding-policy-template-with-program = Eine Richtlinie gegen Datenverlust wurde aus einer Vorlage angelegt, die ein Programm startet
finding-policy-template-refused = Eine Vorlage, die ein Programm startet, wurde als Richtlinie gegen Datenverlust abgewiesen
finding-policy-template-uploaded = Eine Richtlinie gegen Datenverlust wurde aus einer Datei angelegt
finding-mailbox-assistants-child = Die Postfachassistenten starteten ein Programm
finding-calendar-path-posted = An eine Kalenderadresse, die niemandem gehört, wurde ein POST gesandt
finding-get-app-invalid-cast = Das Lesen der Add-Ins eines Postfachs scheiterte an einem Objekt falscher Art
finding-back-end-powershell-by-browser = Mit der PowerShell des Back-Ends sprach ein Browser oder ein Skript
finding-remote-shell-by-browser = Eine Remote-PowerShell-Sitzung führte ein Browser oder ein Skript
finding-remote-shell-unusual-client = Eine Remote-PowerShell-Sitzung führte ein ungewöhnliches Programm
finding-powershell-pool-command = Das PowerShell-Back-End von Exchange startete einen Befehl
finding-page-in-file-table = Die Dateitabelle führt in einem Webordner eine Seite, die zu keinem Exchange-Build gehört
finding-deleted-page-in-file-table = Die Dateitabelle führt noch eine gelöschte Seite in einem Webordner, die zu keinem Exchange-Build gehört
finding-page-entry-deleted = Die Seite wurde gelöscht; wann, sagt die Dateitabelle nicht
finding-page-name-in-journal = Das Journal des Dateisystems nennt eine Seite, deren Name nicht in der Tabelle echter Dateien steht
finding-antivirus-found-in-web-folder = Der Virenschutz fand etwas in einem Webordner
finding-page-behaves-like-shell = Eine Seite wird benutzt wie eine Web-Shell
finding-static-name-behaves-like-shell = Eine Datei, die kein Server ausführen sollte, wird benutzt wie eine Web-Shell
finding-directory-dump-script = Eine Seite aus den Einstellungen eines virtuellen Verzeichnisses, die Server-Skript enthält
finding-outlook-data-script = Eine Seite, die eine Outlook-Datendatei ist und Server-Skript enthält
finding-certificate-request-script = Eine Seite, die eine Zertifikatsanforderung ist und Server-Skript enthält
finding-picture-with-script = Ein Bild oder Dokument mit Server-Skript, unter dem Namen einer Seite
finding-request-evaluated-aspx = Eine ASP.NET-Seite, die einen Teil der Anfrage als Code auswertet
finding-request-evaluated-asp = Eine klassische ASP-Seite, die einen Teil der Anfrage als Code auswertet
finding-request-evaluated-php = Eine PHP-Seite, die einen Teil der Anfrage als Code oder Befehl ausführt
finding-request-run-jsp = Eine Java-Seite, die einen Teil der Anfrage als Befehl ausführt
finding-lsass-memory-dumped = Der Speicher, in dem Windows Kennwörter hält, wurde in eine Datei geschrieben
finding-lsass-opened = Ein Programm, das dort nichts zu suchen hat, las den Speicher von lsass
finding-registry-secrets-saved = Der Teil der Registrierung mit den Kennwort-Hashes wurde in eine Datei gespeichert
finding-directory-database-copied = Die Datenbank von Active Directory wurde kopiert
finding-shadow-copy-created = Eine Schattenkopie eines Laufwerks wurde per Befehl angelegt
finding-memory-dump-packed = Ein Speicherabbild wurde zum Abtransport gepackt
finding-loot-in-web-folder = Ein Archiv oder Speicherabbild liegt in einem Ordner, den der Webserver ausliefert
finding-machine-key-read = Die Schlüssel, mit denen der Webserver ViewStates prüft, wurden gelesen
finding-password-tool = Ein Werkzeug zum Entwenden von Kennwörtern wurde benutzt
finding-mailbox-exported-to-own-share = Ein Postfach wurde über den Server selbst auf dessen eigene Platte exportiert
finding-mailbox-exported = Ein Postfach wurde exportiert
finding-mailbox-export-removed = Die Aufzeichnung eines Postfachexports wurde entfernt
finding-export-right-granted = Jemand erhielt das Recht, Postfächer zu exportieren
finding-impersonation-right-granted = Jemand erhielt das Recht, in allen Postfächern zu arbeiten
finding-mailbox-opened-to-others = Ein Postfach wurde für jemand anderen geöffnet
finding-mailbox-folder-opened-to-all = Ein Mailordner wurde für alle geöffnet
finding-mail-forwarded = Die Mail eines Postfachs wurde an eine andere Adresse weitergeleitet
finding-inbox-rule-forwards = Eine Posteingangsregel sendet Mail an eine andere Adresse
finding-transport-rule-copies = Eine Transportregel kopiert Mail oder leitet sie um
finding-journal-rule = Eine Journalregel kopiert Mail
finding-mailbox-access-widened = Ein weiterer Weg in ein Postfach wurde freigegeben
finding-mailboxes-searched = Postfächer wurden durchsucht und die Treffer kopiert
finding-inbox-rules-by-web-services = Posteingangsregeln wurden über die Webdienste geändert
finding-mail-files-packed = Mail-Dateien wurden in einem Datenordner gepackt
finding-exchange-commands-in-plain-shell = Die Befehle von Exchange wurden in eine einfache PowerShell geladen
finding-account-created = Ein Konto wurde angelegt
finding-hidden-account-created = Ein Benutzerkonto mit einem Namen wie dem eines Computers wurde angelegt
finding-administrator-added = Jemand wurde in eine Administratorengruppe aufgenommen
finding-exchange-administrator-added = Jemand wurde in eine Rollengruppe von Exchange aufgenommen
finding-exchange-subsystem-member-added = Ein Benutzer wurde in eine Gruppe aufgenommen, die nur für Exchange-Server da ist
finding-built-in-account-enabled = Ein eingebautes, abgeschaltetes Konto wurde eingeschaltet
finding-account-created-by-command = Ein Konto wurde per Befehl angelegt oder zum Administrator gemacht
finding-role-group-member-added = Jemand wurde per Exchange-Befehl in eine Rollengruppe aufgenommen
finding-management-role-granted = Jemand erhielt eine Verwaltungsrolle von Exchange
finding-remote-powershell-allowed = Einem Konto wurde Remote-PowerShell erlaubt
finding-replication-right-granted = Jemand erhielt das Recht, das Verzeichnis samt Kennwörtern zu kopieren
finding-send-as-granted = Jemand darf nun im Namen eines anderen senden
finding-task-in-data-folder = Eine geplante Aufgabe startet ein Programm aus einem Datenordner
finding-task-with-hidden-script = Eine geplante Aufgabe führt ein in ihrem Befehl verstecktes Skript aus
finding-task-of-known-name = Eine geplante Aufgabe trägt einen Namen, den Angreifer benutzten
finding-task-created-for-data-folder = Ein Befehl richtete eine Aufgabe für ein Programm aus einem Datenordner ein
finding-task-created-by-command = Eine geplante Aufgabe wurde per Befehl eingerichtet
finding-service-in-data-folder = Ein Dienst wurde aus einem Datenordner installiert
finding-service-with-script = Ein Dienst wurde installiert, der ein Skript ausführt
finding-remote-execution-service = Ein Dienst zum Ausführen von Befehlen von einem anderen Rechner aus wurde installiert
finding-remote-control-tool = Ein Fernsteuerungsprogramm wurde installiert oder gestartet
finding-tunnel-tool = Ein Tunnel aus dem Netz heraus wurde gestartet
finding-tunnel-for-remote-desktop = Ein Tunnel für Remotedesktop wurde gestartet
finding-remote-desktop-from-itself = Remotedesktop wurde vom Rechner selbst aus benutzt
finding-remote-desktop-enabled = Remotedesktop wurde per Befehl eingeschaltet
finding-wmi-consumer = Ein WMI-Abonnement startet einen Befehl oder ein Skript
finding-web-module-from-data-folder = Ein Modul des Webservers wurde aus einem Datenordner installiert
finding-web-module-installed = Ein Modul des Webservers wurde installiert
finding-web-module-in-data-folder = Der Webserver lädt ein Programm aus einem Datenordner
finding-web-server-configuration-changed = Die Liste der Module des Webservers wurde geändert
finding-web-server-loaded-from-data-folder = Der Webserver hat eine Bibliothek aus einem Datenordner geladen
finding-web-server-loaded-unsigned = Der Webserver hat eine Bibliothek ohne Signatur geladen
finding-web-module-failed-to-load = Der Webserver konnte ein Modul nicht laden
finding-virtual-directory-of-data-folder = Ein virtuelles Verzeichnis liefert einen Datenordner aus
finding-transport-agent-from-data-folder = Ein Transport-Agent wurde aus einem Datenordner installiert
finding-transport-agent-installed = Ein Transport-Agent wurde installiert
finding-transport-agent-in-data-folder = Der Transport lädt einen Agent aus einem Datenordner
finding-outlook-add-in-installed = Ein Add-In für Outlook wurde per Befehl installiert
finding-outlook-add-in-by-web-services = Ein Add-In für Outlook wurde über die Webdienste installiert
finding-start-entry-in-data-folder = Die Registrierung startet bei der Anmeldung ein Programm aus einem Datenordner
finding-log-on-screen-debugger = Ein Programm des Anmeldebildschirms wurde durch ein anderes ersetzt
finding-service-entry-in-data-folder = In der Registrierung steht ein Dienst aus einem Datenordner
finding-program-in-odd-folder = Ein Programm wurde in einem Ordner abgelegt, in dem niemand installiert
finding-tool-fetched = Ein Windows-Werkzeug wurde dazu gebracht, eine Datei aus dem Netz zu holen
finding-reverse-shell-script = Ein Skript öffnet eine Shell zu einem Rechner draußen
finding-command-over-own-share = Ein Befehl wurde von einem anderen Rechner aus ausgeführt, seine Ausgabe auf einer Freigabe abgelegt
finding-antivirus-blind-for-web-folders = Der Virenscanner soll Webseiten, Werkzeugordner oder ein ganzes Laufwerk auslassen
finding-antivirus-exclusion-added = Der Virenscanner soll etwas auslassen
finding-antivirus-switched-off = Der Virenscanner wurde abgeschaltet
finding-script-check-switched-off = Ein Skript schaltete die Prüfung von Skripten ab
finding-request-check-switched-off = Die Prüfung von Anfragen durch den Virenscanner wurde in Exchange abgeschaltet
finding-mitigation-removed = Automatische Schutzmaßnahmen von Exchange wurden abgeschaltet
finding-event-log-emptied = Ein Ereignisprotokoll wurde geleert
finding-event-log-emptied-by-command = Ein Befehl leert Ereignisprotokolle
finding-page-left-out-of-log = Eine einzelne Seite wird vom Protokoll des Webservers ausgelassen
finding-web-log-off = Der Webserver führt kein Protokoll
finding-web-log-off-by-command = Ein Befehl schaltete das Protokoll des Webservers ab
finding-log-file-deleted = Ein Protokoll von Exchange oder des Webservers wurde von Hand gelöscht
finding-log-deleted-by-command = Ein Befehl löscht Protokolle von Exchange oder des Webservers
finding-page-hidden = Eine Webseite wurde versteckt
finding-page-time-changed = Das Datum einer Webseite wurde zurückgesetzt
finding-firewall-off = Die Firewall wurde abgeschaltet oder geöffnet
finding-audit-log-off = Exchange soll Befehle oder Zugriffe nicht mehr aufzeichnen
finding-antivirus-found-web-shell = Der Virenscanner fand etwas Schädliches in einem Webordner
finding-antivirus-names-web-shell = Der Virenscanner fand an anderer Stelle eine Web-Shell
finding-antivirus-saw-exchange-attacked = Der Virenscanner sah den Webserver tun, was Angriffe tun
finding-antivirus-found-attack-tool = Der Virenscanner fand ein Angriffswerkzeug
finding-antivirus-found-ransomware = Der Virenscanner fand Erpressungssoftware
finding-shadow-copies-deleted = Alle Schattenkopien oder Sicherungen wurden per Befehl gelöscht
finding-recovery-switched-off = Die Wiederherstellung von Windows wurde abgeschaltet
finding-ransom-note = Auf der Platte liegt ein Erpresserschreiben
finding-chopper-frame = Ein Befehl kam in der Verpackung einer China-Chopper-Web-Shell
finding-exchange-service-command = Ein Dienst von Exchange startete einen Befehl
finding-passwords-kept-readable = Windows soll Kennwörter lesbar im Speicher halten
finding-lsass-dump-by-exit-monitor = Windows soll lsass mit seinem eigenen Überwacher abbilden
finding-password-filter-added = Ein Programm, das jedes neue Kennwort sieht, wurde eingetragen
finding-port-forwarded = Der Server leitet einen Port an einen anderen Rechner weiter
finding-log-on-start-changed = Die Programme, die Windows bei jeder Anmeldung startet, wurden geändert
finding-library-for-every-program = Windows lädt eine Bibliothek in jedes Programm
finding-listener-beside-web-server = Ein Skript lauscht neben dem Webserver an einer Adresse von Exchange
finding-archive-downloaded = Ein Archiv, eine Maildatei oder ein Speicherabbild wurde vom Webserver heruntergeladen
finding-mailbox-bulk-read = Über die Webdienste wurden E-Mails in großer Zahl gelesen
finding-padding-burst = Ein Client wurde binnen Minuten Hunderte Male zur Anmeldeseite zurückgeschickt
finding-task-outside-of-windows = Eine geplante Aufgabe startet ein Programm, das nicht zu Windows gehört
finding-service-created-by-command = Ein Dienst wurde per Befehl angelegt
finding-transport-agent-outside-of-exchange = Ein Transport-Agent wird von außerhalb von Exchange geladen
finding-virtual-directory-added-by-command = Ein virtuelles Verzeichnis wurde per Befehl hinzugefügt
finding-page-written-elsewhere = Der Webserver schrieb eine Seite in einen Ordner, den keine bekannte Website ausliefert

## Was die Webshell-Analyse über eine Datei sagt (afterpatch inspect und Funde von scan)
inspect-headline = { $verdict } ({ $percent } %, { $severity }, { $language })
inspect-verdict-clean = nichts gesehen
inspect-verdict-opaque = UNDURCHSICHTIG
inspect-verdict-dual_use = ADMIN-WERKZEUG
inspect-verdict-suspicious = VERDÄCHTIG
inspect-verdict-webshell = WEBSHELL
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
inspect-language-server_config = Server-Konfiguration
inspect-product = Sie nennt sich { $product }, ein Werkzeug für Administratoren: Gehört es Ihnen, und wer kann es erreichen?
inspect-family = Sie verhält sich wie { $family }.
inspect-family-chopper = eine einzeilige Shell, die ausführt, was ein Parameter enthält (China Chopper, AntSword)
inspect-family-behinder = Behinder (der Rumpf der Anfrage wird entschlüsselt und ausgeführt)
inspect-family-godzilla = Godzilla (ein Parameter wird mit einem Schlüssel entschlüsselt und ausgeführt)
inspect-family-tunnel = ein Tunnel in das Netz hinter dem Server (reGeorg und Verwandte)
inspect-family-sharpyshell = SharPyShell (C#-Quelltext aus der Anfrage wird übersetzt und ausgeführt)
inspect-family-uploader = ein Uploader: ein Formular, das Dateien annimmt
inspect-family-console = eine Konsole mit Befehlen und Dateiverwaltung (ASPXSpy, WSO, b374k und Verwandte)
inspect-more = { $n ->
    [one] { $shown } weiterer gefährlicher Aufruf
   *[other] { $shown } weitere gefährliche Aufrufe
  }
inspect-call = { $place }: { $call } { $what }; darüber bestimmt der Besucher ({ $source }).
inspect-call-own = { $place }: { $call } { $what }.
inspect-hidden-name = { " " }Der Name dieses Aufrufs wird berechnet, er steht nicht da.
inspect-decoded = { " " }Was ausgeführt wird, wurde aus verstecktem Text entschlüsselt.
inspect-line = Zeile { $line }
inspect-line-layer = Zeile { $line } des entschlüsselten Codes { $layer }
inspect-capability-code = führt Code aus
inspect-capability-command = führt einen Befehl aus
inspect-capability-load = lädt Programmcode
inspect-capability-include = führt eine andere Datei als Code aus
inspect-capability-invoke = ruft eine Funktion oder Klasse auf
inspect-capability-deserialise = macht aus Daten Objekte
inspect-capability-write = schreibt eine Datei
inspect-capability-upload = speichert eine hochgeladene Datei
inspect-capability-read = liest eine Datei
inspect-capability-list = listet einen Ordner auf
inspect-capability-change = löscht, verschiebt oder ändert eine Datei
inspect-capability-sql = führt eine Datenbankabfrage aus
inspect-capability-tunnel = öffnet eine Verbindung zu einem Rechner
inspect-capability-fetch = ruft eine Adresse ab
inspect-capability-resident = nistet sich im laufenden Server ein
inspect-capability-native = führt Maschinencode oder eine native Bibliothek aus
inspect-capability-mail = verschickt E-Mail
inspect-source-storage = eine Datei oder Datenbank des Servers
inspect-source-undefined = eine Variable, die altes PHP aus der Anfrage nimmt
inspect-source-remote = Daten von einem anderen Rechner
inspect-source-upload_name = der Name einer hochgeladenen Datei
inspect-source-upload = eine hochgeladene Datei
inspect-source-header = Kopfzeile
inspect-source-cookie = Cookie
inspect-source-body = der Rumpf der Anfrage
inspect-source-parameter = Parameter
inspect-step-read = gelesen aus { $name }
inspect-step-kept = abgelegt in { $name }
inspect-step-through = durch { $name }
inspect-step-handed = übergeben an { $name }
inspect-layer = Entschlüsselter Code { $layer }, ausgeführt von { $by } in { $place }, { $size } Bytes, beginnt:
inspect-layers = { $n ->
    [one] { $shown } Stück Code wurde entschlüsselt und ebenfalls untersucht.
   *[other] { $shown } Stücke Code wurden entschlüsselt und ebenfalls untersucht.
  }
inspect-setting = Zeile { $line }: { $effect }: { $quote }
inspect-setting-runs_files_as_script = Dateien, die keine Skripte sind, werden als Skripte ausgeführt
inspect-setting-runs_all_files_as_script = jede Datei des Ordners wird als Skript ausgeführt
inspect-setting-runs_itself = die Konfiguration selbst wird als Skript ausgeführt
inspect-setting-contains_script = in der Konfiguration steht Code
inspect-setting-runs_code_with_every_page = mit jeder Seite läuft Code
inspect-setting-runs_file_with_every_page = mit jeder Seite läuft eine ungewöhnliche Datei
inspect-setting-allows_remote_code = Seiten dürfen Code aus dem Netz einbinden
inspect-setting-changes_script_encoding = Skripte werden in einer anderen Kodierung gelesen, in der ihr Code nicht zu sehen ist
inspect-setting-logs_into_script = das Fehlerprotokoll wird dorthin geschrieben, wo es als Skript ausgeführt wird
inspect-setting-runs_program = für Anfragen wird ein Programm gestartet
inspect-setting-executes_error_pages = Fehlerseiten führen aus, was in ihrem Text steht
inspect-setting-reads_files = eine Datei des Servers wird in eine Antwort gelesen
inspect-setting-compiles_files_as_pages = Dateien, die keine Seiten sind, werden als Seiten übersetzt
inspect-setting-compiles_folder = Quelltext in einem Ordner wird in die Anwendung übersetzt
inspect-setting-allows_scripts_where_visitors_write = Besucher dürfen im selben Ordner Dateien schreiben und ausführen
inspect-reason-hidden_names = Die Namen gefährlicher Funktionen werden berechnet, damit keine Suche sie findet.
inspect-reason-hidden_code = Code wird entschlüsselt und ausgeführt.
inspect-reason-unknown_function = Eine Funktion, deren Name berechnet wird, erhält Daten der Anfrage.
inspect-reason-unknown_code = Code, der erst zur Laufzeit entschlüsselt wird und hier nicht bekannt ist, wird ausgeführt.
inspect-reason-disguised = Die Datei sieht nach etwas anderem aus als einem Skript.
inspect-reason-drops = Sie schreibt eine Seite, die eine Webshell wäre.
inspect-reason-damaged = Sie lässt sich so nicht lesen, als wären unterwegs Anführungszeichen verloren gegangen; das tut sie, wenn jede Zeichenkette mit ihrer Zeile endet.
inspect-reason-unlikely_include = Sie führt eine Datei als Code aus, die nicht nach Code heißt.
inspect-reason-file_manager = Sie tut, was eine Dateiverwaltung tut, für jeden, der kommt.
inspect-reason-loader = Sie ist für einen kommerziellen Lader verschlüsselt und lässt sich durch Lesen nicht beurteilen.
inspect-reason-failed = Die Analyse dieser Datei schlug fehl, und der Fehler liegt bei uns: Über sie ist nichts bekannt.
inspect-disguise-encoding = Ihr Text ist als { $value } kodiert.
inspect-disguise-padding = { $value } gleiche Bytes schieben ihren Code aus dem Blick.
inspect-disguise-junk = { $value } Bytes davon sind weder Code noch Seite.
inspect-disguise-image = Sie beginnt wie ein Bild ({ $value }).
inspect-disguise-document = Sie beginnt wie eine andere Art Datei ({ $value }).
inspect-disguise-outlook_data = Sie beginnt wie eine Outlook-Datendatei, wie sie ein Postfachexport schreibt.
inspect-disguise-certificate_request = Sie beginnt wie eine Zertifikatsanforderung.
inspect-disguise-directory_dump = Sie ist das Abbild der Einstellungen eines virtuellen Verzeichnisses.
inspect-disguise-wrong_extension = Ihr Name endet auf { $value }, was kein solches Skript verspricht.
inspect-disguise-encoded_script = Ihr Code ist mit Microsofts Script Encoder verschlüsselt.
inspect-disguise-character_references = Ihr Code ist in Zeichenreferenzen geschrieben oder in Abschnitte zerschnitten.
inspect-gate = { $place }: { $source } wird mit „{ $constant }“ verglichen: vielleicht das Kennwort.
inspect-gate-hashed = { $place }: ein Hashwert von { $source } wird mit „{ $constant }“ verglichen: ein Kennwort.
inspect-exhausted = Die Datei verlangt mehr Arbeit, als eine Datei kosten darf: Es kann mehr darin stecken.
inspect-tally = { $files } Dateien, { $scripts } mit Skripten. Webshells: { $webshell }, verdächtig: { $suspicious }, Admin-Werkzeuge: { $dual }, nicht zu beurteilen: { $opaque }.
inspect-unread = { $n ->
    [one] { $shown } Datei war nicht lesbar: Über sie ist nichts gesagt.
   *[other] { $shown } Dateien waren nicht lesbar: Über sie ist nichts gesagt.
  }

## Die Prüfung, ob man hineinkommt
exposure-answer-mitigated = Eine Schutzregel hält ab, was von den offenen Lücken bekannt ist. Sie ist keine Korrektur: Der Server ist nicht sicher
exposure-answer-possibly_open = Vielleicht: Nur ein Teil des Builds war zu sehen, und manche Builds davon haben offene Lücken
exposure-state-mitigated = abgeschwächt, nicht behoben
exposure-state-possibly_open = möglicherweise offen
check-short-open = OFFEN
check-short-possibly_open = evtl. offen
check-short-mitigated = abgeschwächt
check-short-newer_than_table = neuer als Tab.
check-short-fixed_if = behoben, falls …
check-short-fixed = behoben
check-short-cannot_tell = nicht zu sagen
check-build-released = { $name }, { $build }, vom { $day }
check-build-newer = { $name }, { $build }: neuer als diese Tabelle
check-build-part = { $name }, { $build } (die letzte Zahl war nicht zu sehen)
check-build-unlisted = { $name }, { $build }: nicht in dieser Tabelle
check-facts = Tabelle der Builds und Korrekturen vom { $date }. Alle Zeiten sind UTC.
check-facts-old = Tabelle vom { $date }, { $days } Tage alt: Spätere Updates fehlen darin.
check-several-builds = Mehrere Server melden sich unter diesem Namen. Der schlechteste entscheidet.
check-nothing = Nichts gefunden, was sich prüfen ließe.
check-exploited = ausgenutzt seit { $day }
check-fix = behoben ab { $build }
check-open-since = hier offen spätestens seit { $day }
check-fixed-by = { $update } vom { $day }
check-fix-seen = Korrektur hier gesehen ab { $day }
check-holes = { $n ->
    [one] { $shown } Lücke
   *[other] { $shown } Lücken
  }
check-of-them-exploited = , davon { $n } bekanntermaßen ausgenutzt
check-more = { $n ->
    [one] … und { $shown } weitere (--all)
   *[other] … und { $shown } weitere (--all)
  }
check-gaps = { $n ->
    [one] { $shown } Sache war nicht lesbar (--all nennt sie).
   *[other] { $shown } Sachen waren nicht lesbar (--all nennt sie).
  }
check-all-for-details = Ein Server allein oder --all nennt die Gründe und was zu tun ist.
check-heading-conditions = Nur behoben, wenn eine Einstellung stimmt: bitte nachsehen
check-heading-others = Außerdem gesehen
check-heading-requests = Gestellte Anfragen
check-column-answer = Antwort
check-column-build = Build
check-column-target = Server
check-row-exploited = ausgenutzt: { $cves }

check-condition-extended_protection = Erweiterter Schutz (Extended Protection)
check-condition-serialized_data_signing = Signatur serialisierter Daten
check-condition-token_cache_module = TokenCacheModule entfernt oder Windows aktuell
check-condition-download_domains = Download-Domänen
check-condition-hybrid_application = Eigene Hybrid-Anwendung
check-condition-directory_schema = Schema des Verzeichnisses
check-condition-prepare_domain = Domänen vom Setup vorbereitet
check-condition-setting_override = Kein Setting Override nimmt es zurück
check-condition-loopback_check = Loopback-Prüfung nicht abgeschaltet
check-condition-outside_in = Outside-In-Modul bleibt aus
check-condition-other = Eine andere Einstellung
check-condition-state-holds = in Ordnung
check-condition-state-fails = NICHT in Ordnung
check-condition-state-not_seen = nicht zu sehen

check-question-extended_protection = Verlangt jedes virtuelle Verzeichnis den erweiterten Schutz, wie Microsoft ihn empfiehlt (Front-End: Require, bei EWS, ActiveSync und OAB Allow; Back-End: Require)? Das Skript von https://aka.ms/ExchangeEPScript zeigt es:
check-question-serialized_data_signing = Hat jemand die Signatur abgeschaltet? Sie darf hier nicht mit Enabled=false stehen:
check-question-token_cache_module = Ist das Modul entfernt, oder stammt cachtokn.dll aus dem Windows-Update vom Oktober 2023 oder später?
check-question-download_domains = Sind Download-Domänen eingeschaltet, mit einem anderen Hostnamen als dem von Outlook im Web?
check-question-hybrid_application = Ist die Organisation hybrid? Dann muss die eigene Anwendung in Gebrauch sein (Enabled=true), und die Schlüssel der alten müssen entfernt sein (ConfigureExchangeHybridApplication.ps1 -ResetFirstPartyServicePrincipalKeyCredentials):
check-question-directory_schema = In der Liste darf "computer" nicht stehen. Sonst das Schema mit dem Setup des neuesten Updates vorbereiten:
check-question-prepare_domain = Lief das mit dem Setup dieses kumulativen Updates oder eines späteren? Ein weiteres Mal schadet nicht:
check-question-setting_override = Schaltet ein Override die Korrektur ab? Keiner davon darf die unten genannte Einstellung mit dem dort genannten Wert haben:
check-question-loopback_check = Der Wert darf nicht da sein oder muss 0 sein:
check-question-outside_in = Es darf nichts gefunden werden: Jeder Treffer schaltet das verwundbare Modul wieder ein:
check-question-other = Siehe die Worte der Tabelle:

check-mitigation-eomt-cookies = Schutzskript von 2021 (Cookies)
check-mitigation-powershell-inbound = Rewrite-Regel gegen ProxyNotShell
check-mitigation-owa-content-policy = Schutzregel M2.1 für Outlook im Web
check-mitigation-unified-messaging-off = Unified Messaging abgeschaltet
check-mitigation-control-panel-off = Verwaltungskonsole abgeschaltet
check-mitigation-address-book-off = Offlineadressbuch abgeschaltet
check-mitigation-web-server-off = Webserver abgeschaltet
check-mitigation-state-in_force = in Kraft, aber keine Korrektur
check-mitigation-state-weak = ihr Muster lässt sich umgehen
check-mitigation-state-disabled = ihre Regel ist abgeschaltet
check-mitigation-state-overridden = weiter unten durch eine Konfiguration aufgehoben
check-mitigation-state-incomplete = ein Teil fehlt
check-mitigation-state-gone = war einmal da, ist nicht in Kraft (ein Update von Exchange löscht sie)

check-weakness-product_unsupported = Dieses Produkt erhält keine Updates mehr, die letzten waren vom
check-weakness-extended_support_only = Updates nur gegen Bezahlung, bis
check-weakness-update_unsupported = Dieses kumulative Update erhält keine Sicherheitsupdates mehr, das letzte
check-weakness-antivirus_exclusion = Der Virenschutz sieht weg, wo Webshells liegen oder laufen
check-weakness-machine_key_known = Der Machine Key ist der, den alle kennen (CVE-2020-0688)
check-weakness-machine_key_shared = Derselbe Machine Key steht auf anderen Servern
check-weakness-machine_key_fixed = Ein Machine Key steht in einer Konfigurationsdatei
check-weakness-mitigation_service_off = Der Notfall-Schutzdienst ist abgeschaltet

check-mend-exclusion = Nehmen Sie die Ausschlüsse des Virenschutzes heraus, die Webshells verbergen.
check-mend-machine-key = Erzeugen Sie auf jedem Server einen neuen, eigenen Machine Key.
check-mend-mitigation-service = Schalten Sie den Notfall-Schutzdienst ein (MSExchangeMitigation).

check-step-install_update = Installieren Sie noch heute { $label } ({ $build }{ $kb }).
check-step-install_cumulative_update = Gehen Sie auf { $update } mit { $label } ({ $build }): Kein Update für das hiesige schließt alles.
check-step-replace_product = Verlassen Sie Exchange { $product }: Wechseln Sie zu Exchange SE. Lassen Sie es bis dahin nicht ans Internet.
check-step-look_for_break_in = Suchen Sie nach einem Einbruch: Ausgenutzt wird das seit { $day }. Ein Update wirft niemanden hinaus. afterpatch scan BEWEISE
check-step-meet_condition = { $what }
check-step-answer_condition = Sehen Sie diese Einstellung an: { $what } (--all sagt, wie).
check-step-questions = { $n ->
    [one] Sehen Sie { $shown } Einstellung an, die entscheidet (--all sagt, wie).
   *[other] Sehen Sie { $shown } Einstellungen an, die entscheiden (--all sagt, wie).
  }
check-step-replace_mitigation = Verlassen Sie sich nicht auf die Schutzregel: Sie hält ab, was bekannt ist, und das nächste Update von Exchange kann sie löschen. Installieren Sie die Korrektur.
check-step-find_build = Stellen Sie den Build fest. Auf dem Server, in PowerShell: { $command }
check-step-ask_inside = Die letzte Zahl kennt nur der Server selbst. Dort, in PowerShell: { $command }
check-step-renew_table = Holen Sie eine neuere Tabelle oder Version von afterpatch (--facts): Dieser Build ist neuer, als sie weiß.
check-step-mend_weakness = { $what }
check-step-stay_up_to_date = Gegen diese Lücken ist nichts zu tun, als aktuell zu bleiben: Jeden Monat kommt ein Sicherheitsupdate.

check-outcome-shown = Der Server zeigt jedem Besucher seinen Build
check-outcome-hidden = Exchange, aber ohne sichtbaren Build: Das heißt nicht, dass er sicher ist
check-outcome-not_exchange = kein Exchange gesehen
check-outcome-unreachable = keine Antwort
check-outcome-not_asked = nicht noch einmal gefragt
check-certificate-invalid = Zertifikat ungültig ({ $why }): Es könnte jemand anders geantwortet haben
check-certificate-none = ohne Zertifikat (HTTP): Es könnte jemand anders geantwortet haben
check-front-end = geantwortet hat { $name }

check-remedy-extended_protection = Schalten Sie den erweiterten Schutz (Extended Protection) für jedes virtuelle Verzeichnis ein: Das Skript von https://aka.ms/ExchangeEPScript tut es.
check-remedy-serialized_data_signing = Schalten Sie die Signatur serialisierter Daten wieder ein: Entfernen Sie das Setting Override, das sie abschaltet.
check-remedy-token_cache_module = Installieren Sie die Windows-Updates vom Oktober 2023 oder später: Der Webserver hat noch das verwundbare TokenCacheModule.
check-remedy-download_domains = Schalten Sie Download-Domänen ein: Set-OrganizationConfig -EnableDownloadDomains $true, mit eigenem Hostnamen.
check-remedy-hybrid_application = Richten Sie die eigene Hybrid-Anwendung ein und entfernen Sie die Schlüssel der alten.
check-remedy-directory_schema = Bereiten Sie das Schema des Verzeichnisses mit dem neuesten Setup vor (Setup.exe /PrepareSchema).
check-remedy-prepare_domain = Bereiten Sie alle Domänen mit dem neuesten Setup vor (Setup.exe /PrepareAllDomains).
check-remedy-setting_override = Entfernen Sie das Setting Override, das eine Korrektur zurücknimmt (Get-SettingOverride, Remove-SettingOverride).
check-remedy-loopback_check = Entfernen Sie den Wert DisableLoopbackCheck aus HKLM\SYSTEM\CurrentControlSet\Control\Lsa.
check-remedy-outside_in = Nehmen Sie die Overrides des Outside-In-Moduls aus FIP-FS\Data\Configuration.xml.
check-remedy-other = Bringen Sie die Einstellung in Ordnung, die die Korrektur braucht (--all nennt sie).
## Pläne: was getan würde, um einen Angreifer hinauszubringen
plan-of = Plan für { $server }, erstellt { $made } UTC aus dem Bericht von { $report } UTC.
plan-nothing-changed = Noch ist nichts geändert. Lesen Sie dies, nehmen Sie heraus, was Sie nicht wollen, dann:
plan-command-look = zeigt, was getan würde, und ändert nichts
plan-command-apply = tut es, und sieht danach nach, ob es so ist
plan-command-status = zeigt, was getan wurde, und ob das Weggenommene sicher liegt
plan-command-undo = stellt alles wieder her, wie es war; mit A1 dahinter nur diese Aktion
plan-how-to-edit = Um eine Aktion auszulassen, löschen Sie sie oder schreiben Sie „skip: true“ hinein. Ändern Sie keine Pfade und Hashes: Eine Datei, die nicht genau der Beschreibung entspricht, bleibt unberührt. Was weggenommen oder geändert wird, kommt zuvor in einen Tresor und lässt sich Byte für Byte wiederherstellen.
plan-confidence = Nur Befunde, deren Sicherheit mindestens „{ $confidence }“ ist, führen zu einer Aktion. Was nicht gelesen werden konnte und Fehler der Untersuchung tun das nie.
plan-in-short = Kurz: Aktionen, die das Programm ausführt: { $actions }. Anweisungen, denen nur Sie folgen können: { $instructions }; sie sind nicht freiwillig. Dateien zu entfernen bringt allein keinen Angreifer hinaus.
plan-actions = WAS DAS PROGRAMM TUT
plan-actions-explained = In dieser Reihenfolge. Folgen Sie vorher der Anweisung N1.
plan-left-out = WAS GESEHEN WURDE UND UNBERÜHRT BLEIBT
plan-left-out-explained = Jemand sollte sich jedes davon ansehen.
plan-instructions = WAS NUR SIE TUN KÖNNEN
plan-instructions-explained = In dieser Reihenfolge. Befehle sind für die Exchange-Verwaltungsshell oder PowerShell als Administrator auf dem Server selbst. Lesen Sie sie, bevor Sie sie ausführen.
plan-why = Warum:
plan-reason = { $title } ({ $finding }, Sicherheit { $confidence })
plan-more-reasons = und { $more } weitere
plan-risk = Risiko:
plan-notice = Was Benutzer bemerken:
plan-do-quarantine_file = Die Datei { $name } wegnehmen
plan-what-quarantine_file = Die Datei kommt mit allem, was zu ihr gehört (Inhalt, Besitzer, Rechte, Zeiten), in den Tresor. Dort ist sie verschlüsselt, damit niemand sie versehentlich ausführt.
plan-risk-quarantine_file = gering. Wurde sie doch gebraucht, stellt das Rückgängigmachen sie genau wieder her.
plan-notice-quarantine_file = nichts, außer sie haben genau diese Datei benutzt. Wer sie aufruft, bekommt eine Fehlerseite.
plan-do-remove_leftovers = Wegnehmen, was der Webserver aus { $name } übersetzt hat
plan-what-remove_leftovers = ASP.NET behält von jeder Seite eine übersetzte Fassung. Diese Dateien gehören allein zur eingeschleusten Seite; die anderer Seiten bleiben.
plan-risk-remove_leftovers = gering. ASP.NET legt solche Dateien neu an, sobald es sie braucht.
plan-notice-remove_leftovers = nichts.
plan-do-remove_configuration = Elemente aus { $name } herausnehmen
plan-what-remove_configuration = Genau die unten genannten Elemente werden herausgenommen; jedes andere Byte der Datei bleibt. Die Datei in ihrer jetzigen Form kommt in den Tresor.
plan-risk-remove_configuration = mittel. Der Webserver liest die Datei sofort und startet seine Anwendungen neu. Gehört eines der Elemente zu einem Produkt, das Sie installiert haben, lassen Sie diese Aktion aus.
plan-notice-remove_configuration = eine Pause von einigen Sekunden, vielleicht eine neue Anmeldung.
plan-do-remove_task = Die Datei der geplanten Aufgabe { $name } wegnehmen
plan-what-remove_task = Die Datei der Aufgabe kommt in den Tresor.
plan-risk-remove_task = mittel. Gehört die Aufgabe zu einem Produkt, das Sie installiert haben, lassen Sie diese Aktion aus.
plan-notice-remove_task = nichts.
plan-do-switch_off = { $name } abschalten
plan-what-switch_off = Was hier von selbst startet, wird abgeschaltet, und was es laufen hat, beendet; sonst bleibt es, wie es ist, als Beweis und weil Windows es nicht vollständig wiederherstellen könnte. Die Datei, die es startet, ist eine andere Aktion oder eine weitere Datei zum Ansehen.
plan-risk-switch_off = mittel. Gehört es zu einem Produkt, das Sie installiert haben, lassen Sie diese Aktion aus; das Rückgängigmachen schaltet es wieder ein.
plan-notice-switch_off = nichts, außer ein Produkt von Ihnen braucht es.
plan-do-restore_page = Die echte Seite { $name } zurückbringen
plan-what-restore_page = Was jetzt dort liegt, kommt in den Tresor, und die echte Seite von Ihrem Installationsmedium, erkannt an ihrem Hash, tritt an ihre Stelle.
plan-risk-restore_page = gering. Die Seite ist eine, die Exchange selbst mitbringt.
plan-notice-restore_page = dass die Seite wieder arbeitet, wie sie soll.
plan-do-add_mitigation = Abwehrregeln hinzufügen: { $name }
plan-what-add_mitigation = Microsofts veröffentlichte Regeln für das Modul URL Rewrite kommen in die Konfiguration der Website. Sie weisen die Anfragen dieser Angriffe ab, bis die Aktualisierung installiert ist. Sie gewinnen Zeit und ersetzen keine Aktualisierung; solche Regeln wurden schon umgangen.
plan-risk-add_mitigation = mittel. Solche Regeln haben schon einzelne Funktionen gestört; das Rückgängigmachen nimmt sie wieder heraus.
plan-notice-add_mitigation = eine Pause von einigen Sekunden. Geht danach etwas nicht mehr, machen Sie zuerst dies rückgängig.
plan-not-sure = Nicht sicher genug: Die Sicherheit ist „{ $confidence }“.
plan-not-acknowledged = Jemand bürgt dafür.
plan-not-user-rule = Nur eine mitgebrachte Regel sagt das.
plan-not-there = Es wurde dort, wo der Plan nachsah, nicht gefunden und kann darum nicht weggenommen werden.
plan-not-genuine = Der Inhalt ist der einer echten Datei von Exchange.
plan-not-changed = Der Inhalt ist nicht mehr der, von dem der Bericht spricht. Untersuchen Sie erneut und erstellen Sie einen neuen Plan.
plan-not-needed = Es gehört zu Windows, zu Exchange oder zu deren Konfiguration: Es ganz wegzunehmen würde den Server lahmlegen; was darin falsch ist, muss von Hand berichtigt werden.
plan-not-off = Es ist schon abgeschaltet.
plan-not-refused = Es lässt sich nicht sicher wegnehmen: { $why }.
plan-instruction-keep_evidence = Vor allem anderen: Kopieren Sie die Festplatte oder wenigstens die Protokolle und die hier genannten Dateien auf einen anderen Rechner. Ist erst etwas geändert, sind Spuren für immer verloren, und Sie brauchen sie vielleicht für Behörden, Versicherung und die Frage, was abgeflossen ist.
plan-instruction-install_fix = Installieren Sie die neueste Sicherheitsaktualisierung, sonst bleiben diese Lücken offen und der Angreifer kommt auf demselben Weg zurück.
plan-instruction-reset_directory_value = Stellen Sie die Adressen dieses virtuellen Verzeichnisses richtig. Der erste Befehl zeigt sie: Ein Skript in einer davon stammt vom Angreifer. Der zweite leert die externe Adresse; hatte Ihres eine, setzen Sie sie an die Stelle von $null.
plan-instruction-remove_task = Entfernen Sie diese geplante Aufgabe endgültig vom laufenden Server, außer ein Produkt von Ihnen braucht sie. Der erste Befehl behält eine Kopie, aus der sie wieder angelegt werden kann. Sehen Sie sich auch das Programm an, das sie startet.
plan-instruction-remove_service = Entfernen Sie diesen Dienst endgültig vom laufenden Server, außer ein Produkt von Ihnen braucht ihn. Die ersten zwei Befehle zeigen ihn und behalten eine Kopie seines Registrierungsschlüssels. Sehen Sie sich auch das Programm an, das er startet.
plan-instruction-remove_transport_agent = Entfernen Sie diesen Transport-Agenten, außer ein Produkt von Ihnen braucht ihn: Er kann jede Mail lesen und ändern. Sehen Sie sich auch seine Bibliothek an.
plan-instruction-remove_exclusion = Lassen Sie den Virenschutz wieder prüfen, was er auslassen sollte, und dann alles. Microsofts eigene Liste der Ausnahmen für Exchange ist kurz; alles andere braucht einen Grund.
plan-instruction-restore_pages = Bringen Sie die echten Seiten zurück: vom Installationsmedium desselben kumulativen Updates oder durch dessen erneutes Setup. Bis dahin arbeitet nicht, wofür sie da sind.
plan-instruction-restart_web_server = Starten Sie den Webserver neu, sobald die Aktionen getan sind: Eine geladene Seite oder ein geladenes Modul arbeitet bis dahin im Speicher weiter. Benutzer sind für eine Minute abgemeldet.
plan-instruction-rotate_keys = Erzeugen Sie neue Computerschlüssel (Machine Keys) für alle Webanwendungen (IIS-Manager, Computerschlüssel, Schlüssel generieren, für jede Website und Anwendung mit eigenen Schlüsseln), und ersetzen Sie die Zertifikate, deren private Schlüssel auf diesem Server lagen. Wer sie kopiert hat, kommt nach jeder Aktualisierung zurück.
plan-instruction-reset_accounts = Behandeln Sie jedes Kennwort, das auf diesem Server eingegeben wurde oder gespeichert war, als dem Angreifer bekannt: Ändern Sie zuerst die der Administratoren und Dienstkonten, von einem vertrauenswürdigen Rechner aus, dann die der Benutzer; widerrufen Sie Sitzungen und Token. Wurde der Speicher von lsass gelesen oder ist der Server ein Domänencontroller, gehört das Konto krbtgt dazu, zweimal.
plan-instruction-check_accounts = Sehen Sie sich jedes dieser Konten, Gruppen und Rollen an und jede andere Änderung seit dem ersten Zeichen des Angriffs; nehmen Sie zurück, was niemand erklären kann.
plan-instruction-check_mailboxes = Sehen Sie in diesen Postfächern nach Weiterleitungen, Posteingangsregeln, Berechtigungen und Stellvertretern, und nach Transport- und Journalregeln; nehmen Sie zurück, was niemand erklären kann. Behandeln Sie ihren Inhalt als gelesen.
plan-instruction-look_at_the_rest = Sehen Sie sich an, was dieser Plan unberührt lässt; die Kommentare sagen zu jedem, warum.
plan-instruction-rebuild = Sicher ist nur eine Neuinstallation: Wer Befehle als SYSTEM ausgeführt hat, kann hinterlassen haben, was keine Untersuchung findet. Planen Sie sie ein, auch wenn alles Obige getan ist.
plan-instruction-scan_again = Untersuchen Sie erneut, wenn Sie fertig sind, und nach einigen Tagen noch einmal: Neue Zeichen bedeuten, dass etwas übersehen wurde.

## Was ein Plan bewirkt hat
clean-would = Dies würde auf { $server } unter { $root } getan. Geändert ist nichts.
clean-did = Getan auf { $server } unter { $root }:
clean-nothing-planned = Der Plan hat keine Aktion.
clean-outcome-would_be_done = würde getan
clean-outcome-done = getan
clean-outcome-done_before = war schon getan
clean-outcome-skipped = ausgelassen, wie der Plan es sagt
clean-outcome-refused = nicht getan; dafür wurde nichts geändert
clean-action-quarantine_file = Eine Datei wegnehmen
clean-action-remove_leftovers = Wegnehmen, was übersetzt wurde
clean-action-remove_configuration = Elemente aus der Konfiguration nehmen
clean-action-remove_task = Die Datei einer geplanten Aufgabe wegnehmen
clean-action-switch_off = Abschalten, was von selbst startet
clean-action-restore_page = Eine echte Seite zurückbringen
clean-action-add_mitigation = Abwehrregeln hinzufügen
clean-file-goes = Sie kommt in den Tresor. SHA-256 { $sha256 }
clean-file-changes = Sie bekommt einen anderen Inhalt: SHA-256 vorher { $sha256 }, nachher { $after }
clean-service = Dienst { $name }
clean-task = Geplante Aufgabe { $name }
clean-switches = Umgeschaltet von { $from } auf { $to }.
clean-verified-off = Es ist abgeschaltet.
clean-not-verified-off = Es wurde noch einmal angesehen und ist NICHT abgeschaltet: Jemand hat es seitdem umgeschaltet.
clean-ended = Was es laufen hatte, soll sich beenden.
clean-not-ended = Was es gestartet hat, LÄUFT NOCH: { $why }
clean-verified-gone = Sie ist weg.
clean-verified-new = Der neue Inhalt ist an seinem Platz.
clean-not-verified = Sie wurde noch einmal angesehen und ist NICHT, wie sie sein soll: Jemand hat sie seitdem geändert.
clean-kept-opened = Die Fassung im Tresor wurde geöffnet und hat den richtigen Hash.
clean-kept-sealed = Die Fassung im Tresor ist ganz; nur wer den Schlüssel hat, kann sie öffnen.
clean-not-kept = Die Fassung im Tresor ist NICHT lesbar.
clean-refused = { $n ->
    [one] { $shown } Aktion wurde nicht getan; der Grund steht dabei.
   *[other] { $shown } Aktionen wurden nicht getan; die Gründe stehen dabei.
  }
clean-dry-run = Um es zu tun: { $command }. Was weggenommen wird, kommt in den Tresor { $vault }.
clean-rescan = { $n ->
    [one] Eine neue Untersuchung findet { $shown } Datei nicht mehr, die weggenommen oder berichtigt wurde. Anfragen und Befehle in den Protokollen bleiben, offene Lücken auch: Eine Untersuchung erzählt weiter davon.
   *[other] Eine neue Untersuchung findet { $shown } Dateien nicht mehr, die weggenommen oder berichtigt wurden. Anfragen und Befehle in den Protokollen bleiben, offene Lücken auch: Eine Untersuchung erzählt weiter davon.
  }
clean-way-back = Um alles wiederherzustellen: { $command }. Der Tresor { $vault } enthält alles Weggenommene; behalten Sie ihn und kopieren Sie ihn auf einen anderen Rechner. Haben Sie keinen Empfänger genannt, liegt sein Schlüssel darin: Das schützt vor Versehen und Virenscannern, nicht vor einem Angreifer auf diesem Rechner.
clean-instructions-left = { $n ->
    [one] { $shown } Anweisung im Plan bleibt für Sie.
   *[other] { $shown } Anweisungen im Plan bleiben für Sie.
  }
clean-status = Was der Tresor { $vault } sagt:
clean-status-empty = Noch wurde nichts getan.
clean-change-removed = weggenommen
clean-change-changed = geändert
clean-change-made = angelegt
clean-change-switched = umgeschaltet
clean-state-done = getan
clean-state-undone = später rückgängig gemacht
clean-state-undoing = dies machte eine frühere Änderung rückgängig
clean-state-withdrawn = nicht getan; alles ist wie vorher
clean-state-pending = unterbrochen
clean-can-be-undone = { $n ->
    [one] { $shown } Änderung kann rückgängig gemacht werden.
   *[other] { $shown } Änderungen können rückgängig gemacht werden.
  }
clean-pending = Ein Lauf wurde unterbrochen oder arbeitet noch. Der nächste Lauf, der etwas ändert, bringt ihn zuerst zu Ende: Halb Getanes wird zurückgenommen.
clean-nothing-to-undo = Es gibt nichts rückgängig zu machen.
clean-undone = rückgängig gemacht
clean-undone-not-started = Es startet wieder wie zuvor; jetzt gestartet wurde es nicht.
clean-not-undone = NICHT rückgängig gemacht: { $why }
clean-question = Soll das getan werden? Zum Ausführen ja eingeben:
clean-settled-done = { $path }: Ein früherer Lauf wurde unterbrochen; diese Änderung war schon getan.
clean-settled-withdrawn = { $path }: Ein früherer Lauf wurde unterbrochen; diese Änderung wurde zurückgenommen, alles ist wie vorher.
clean-scan-with-vault = Untersuchen Sie mit dem Tresor als weiterem Beweismittel, dann weiß der Bericht, dass und wann die Dateien weggenommen wurden: { $command }
plan-risk-genuine_page = mittel. Die Seite ist eine von Exchange selbst, mit einem Inhalt, der nicht ihrer ist. Sie muss zurückgebracht werden: siehe die Anweisungen.
plan-notice-genuine_page = dass nicht arbeitet, wofür die Seite da ist, bis die echte zurück ist.
collected = Von { $host } mitgenommen: { $files }, { $size }.
collected-files = { $n ->
    [one] { $shown } Datei
   *[other] { $shown } Dateien
  }
collected-interrupted = Das Sammeln wurde vor dem Ende abgebrochen. Was bis dahin genommen wurde, ist brauchbar; was fehlt, steht im Verzeichnis der Sammlung.
collected-scan = Untersuchen Sie die Sammlung, hier oder auf einem anderen Rechner: { $command }
collected-open = Sie ist verschlüsselt: Auf diesem Rechner lässt sie sich nicht öffnen. Fügen Sie dort, wo der Schlüssel liegt, mehrere Teile zuerst zusammen, dann: { $command }
collected-keep = Sie enthält Protokolle und Seiten dieses Servers mit Namen und Adressen seiner Nutzer: Geben Sie sie an niemanden weiter, der das nicht sehen muss.
note-limited_rights = Ohne Administratorrechte: Was nur ein Administrator lesen darf (Ereignisprotokolle, Registrierung, Dateien anderer Benutzer), wurde nicht gesehen. Starten Sie das Programm als Administrator, um alles zu sehen.
clean-asked-answers = { $url } antwortet IMMER NOCH (Status { $status }): Irgendwo liegt eine weitere Kopie, ein Zwischenspeicher hält sie, oder der Server antwortet so auf jede Seite.
clean-asked-nothing = { $url } liefert Besuchern nichts mehr (Status { $status }).
clean-asked-silence = { $url } konnte nicht abgerufen werden: { $why }

# afterpatch watch
watch-watching = Beobachtet werden { $pages } Dateien, die als Ganzes beurteilt werden, und { $logs } Protokolle. Was sich ändert, wird sofort gemeldet.
watch-how = Schwere { $severity }, Sicherheit { $confidence } · Meldung { $id }
watch-story = gehört zu dem, was mit Meldung { $story } begann
watch-beside = Vorher gesehen: { $sign }
watch-repeats =
    { $n ->
        [one] Noch einmal gesehen
       *[other] Noch { $shown }-mal gesehen
    }
watch-repeats-of = seit Meldung { $of }.
watch-gap = Nicht lesbar: { $path }: { $why }
watch-taken = { $path }: in den Tresor { $vault } genommen (Meldung { $id }). { $command } { $vault } bringt die Datei zurück.
watch-left = { $path }: Die Regel nennt diese Datei, sie wurde aber liegen gelassen: { $why }

# afterpatch fleet
fleet-line = { $done } von { $all } Paketen
fleet-line-failed = { $count } gescheitert
fleet-line-rate = { $count } in der Minute
fleet-line-left = noch { $time }
fleet-findings = { $n ->
    [one] { $shown } Befund
   *[other] { $shown } Befunde
  }
fleet-packages = { $n ->
    [one] { $shown } Paket
   *[other] { $shown } Pakete
  }
fleet-read = { $packages } in { $time } gelesen, Ergebnisse in { $lake }
fleet-interrupted = Der Lauf wurde abgebrochen: { $left } noch nicht gelesen. Was gelesen wurde, ist gespeichert; derselbe Befehl macht hier weiter.
fleet-before = { $n ->
    [one] { $shown } war schon gespeichert
   *[other] { $shown } waren schon gespeichert
  }
fleet-elsewhere = { $n ->
    [one] { $shown } wird von einem anderen Lauf gelesen
   *[other] { $shown } werden von einem anderen Lauf gelesen
  }
fleet-failed = { $shown } gescheitert
fleet-failed-before = { $shown } davon gescheitert
fleet-servers = Was dieser Lauf über die Server sagt
fleet-servers-foothold = { $shown } mit einer Hintertür, die noch da ist oder nach dem Update benutzt wurde
fleet-servers-compromised = { $shown } mit einem Einbruch oder einem Angriff, der durchkam; eine Hintertür, die noch da wäre, wurde nicht gesehen
fleet-servers-attempted = { $shown } angegriffen, kein Erfolg gesehen
fleet-servers-nothing_seen = { $shown } ohne Anzeichen in dem, was lesbar war
fleet-servers-cannot_tell = { $shown }, von denen sich nichts sagen lässt: Zu wenig war lesbar
fleet-failures = Gescheiterte Pakete
fleet-retry = In der Tabelle packages stehen alle gescheiterten Pakete mit ihrem Grund. Derselbe Befehl mit --retry-failed versucht sie noch einmal.
fleet-ask = Fragen Sie die Ergebnisse ab: { $command }
fleet-views = Fertige Sichten
fleet-view-who_hit_many = Adressen, die mehr als einen Server angegriffen haben, die mit den meisten zuerst.
fleet-view-same_shell = Dateien, Skripte und Seiten, die auf mehr als einem Server abgelegt wurden: nach Prüfsumme und Skript dieselben, nach Namen vielleicht.
fleet-view-post_patch_use = Hintertüren, die benutzt wurden, nachdem das Update installiert war.
fleet-view-unpatched = Server mit offenen Lücken, die mit einem Einbruch zuerst.
fleet-view-coverage_gaps = Was nicht zu sehen war: gescheiterte Pakete, fehlende Quellen, Stunden ohne Einträge, Zeichen für veränderte Protokolle.
fleet-view-ocsf_findings = Befunde im Open Cybersecurity Schema Framework (OCSF), für einen Datenspeicher, der es spricht.
fleet-tables = Tabellen
fleet-table-packages = Eine Zeile je Paket, ob es lesbar war oder nicht.
fleet-table-servers = Eine Zeile je Server eines Pakets, mit den Antworten auf die drei Fragen.
fleet-table-findings = Eine Zeile je Befund.
fleet-table-incidents = Eine Zeile je Vorfall.
fleet-table-steps = Eine Zeile je Schritt eines Vorfalls.
fleet-table-things = Eine Zeile je Adresse, Konto, Datei, Seite oder anderem, wovon Befunde eines Servers handeln.
fleet-table-pages = Eine Zeile je Seite, die in einem Vorfall abgelegt oder benutzt wurde, mit ihrem Lebenslauf.
fleet-table-exposure = Eine Zeile je Lücke und Server.
fleet-table-builds = Eine Zeile je Build, mit dem ein Server gesehen wurde: seine Updates.
fleet-table-coverage = Eine Zeile je Quelle und Server: was zu sehen war, und was nicht da war.
fleet-table-doubts = Eine Zeile je Zeichen dafür, dass Protokolle verändert oder entfernt wurden.
fleet-table-gaps = Eine Zeile je Stelle, die nicht lesbar war, auch von gescheiterten Paketen.
fleet-views-more = Mit einem Namen nennt views die Spalten, und bei einer Sicht das SQL.
fleet-compacted = { $packages } in { $files } Dateien, { $rows } Zeilen
fleet-removed = { $n ->
    [one] { $shown } alte Datei entfernt
   *[other] { $shown } alte Dateien entfernt
  }

# afterpatch fleet census
census-head = Zählung des Datenbestands { $lake }, Stand { $taken } UTC
census-servers = { $n ->
    [one] { $shown } Server
   *[other] { $shown } Server
}
census-organisations = { $n ->
    [one] { $shown } Organisation
   *[other] { $shown } Organisationen
}
census-counted = { $packages } gelesen: { $servers }, { $organisations }
census-failed = { $n ->
    [one] { $shown } Paket war nicht lesbar. Was darin ist, ist nicht gezählt.
   *[other] { $shown } Pakete waren nicht lesbar. Was darin ist, ist nicht gezählt.
}
census-merged = { $n ->
    [one] { $shown } Server steht in mehr als einem Paket und zählt nur einmal.
   *[other] { $shown }-mal steht ein Server in einem weiteren Paket und zählt nicht noch einmal.
}
census-names-alone = { $n ->
    [one] { $shown } Server hat keinen vollen öffentlichen Namen: Von anderen unterscheidet ihn nur seine Organisation im Inventar.
   *[other] { $shown } Server haben keinen vollen öffentlichen Namen: Von anderen unterscheidet sie nur ihre Organisation im Inventar.
}
census-of-nobody = { $n ->
    [one] Von { $shown } Server ist kein Eigentümer bekannt. --inventory nennt Eigentümer.
   *[other] Von { $shown } Servern ist kein Eigentümer bekannt. --inventory nennt Eigentümer.
}
census-window = Es zählt, was von { $since } bis { $until } UTC geschah.
census-window-all = Es zählt, was irgendwann geschah. Für eine Schätzung der Ungesehenen sind wenige Tage besser (--since, --until).
census-state = { $state }: { $servers }, { $organisations }
census-exposure = Kommen sie hinein? (nach dem neuesten gesehenen Build)
census-exposure-cannot_tell = nicht zu sagen
census-exposure-fixed = behoben
census-exposure-fixed_if = behoben, falls die Einstellungen stimmen
census-exposure-newer_than_table = neuer als die Tabelle der Builds
census-exposure-mitigated = abgeschwächt, nicht behoben
census-exposure-possibly_open = möglicherweise offen
census-exposure-open = offen
census-compromise = Kamen sie hinein?
census-compromise-cannot_tell = nicht zu sagen: Zu wenig war lesbar
census-compromise-nothing_seen = nichts gesehen in dem, was lesbar war
census-compromise-attempted = versucht, kein Erfolg gesehen
census-compromise-passed = möglicherweise: Der Angriff kam durch, keine Veränderung gesehen
census-compromise-compromised = kompromittiert
census-foothold = Sind sie noch drin?
census-foothold-cannot_tell = nicht zu sagen: Zu wenig war lesbar
census-foothold-nothing_seen = keine Hintertür gesehen in dem, was lesbar war
census-foothold-removed = eine Hintertür war da und ist weg, soweit zu sehen
census-foothold-in_place = eine Hintertür ist da, oder nichts zeigt, dass sie weg ist
census-foothold-used_after_fix = eine Hintertür wurde nach dem Update benutzt
census-countries = Nach Land, wie im Inventar
census-country-unknown = ohne Land
census-country = { $country }: { $servers }, { $organisations } · offen { $open } · kompromittiert { $compromised }, möglicherweise { $passed } mehr · Hintertür vorhanden { $foothold }
census-quiet = Wo nichts zu sehen war
census-quiet-enough = { $n ->
    [one] { $shown } Server, von dem genug lesbar war, um das zu sagen
   *[other] { $shown } Server, von denen genug lesbar war, um das zu sagen
}
census-quiet-too-little = { $n ->
    [one] { $shown } Server, von dem zu wenig lesbar war, um etwas zu sagen
   *[other] { $shown } Server, von denen zu wenig lesbar war, um etwas zu sagen
}
census-quiet-share = Ihre Protokolle decken im Mittel { $share } % der gefragten Tage ab. Vom Rest weiß niemand etwas.
census-unseen-examined = { $n ->
    [one] Einbrüche, die Protokolle und Dateien beide übersehen haben, auf dem { $shown } Server, von dem beides vorlag
   *[other] Einbrüche, die Protokolle und Dateien beide übersehen haben, auf den { $shown } Servern, von denen beides vorlag
}
census-unseen-all = Einbrüche, die auf keiner Liste stehen
census-hit-sure = Ein Server zählt, wenn er verändert wurde: kompromittiert oder mehr.
census-hit-possible = Ein Server zählt, wenn der Angriff durchkam, auch wo keine Veränderung zu sehen war.
census-merging-strict = Zwei Namen sind ein Server, wenn sie derselbe volle öffentliche Name sind, oder derselbe Name in einer Organisation.
census-merging-by-name = Noch einmal nach einer lockereren Regel gezählt: Gleiche Namen sind ein Server, wie sie auch lauten.
census-list = { $name }: { $servers }
census-list-logs = in Protokollen gesehen
census-list-files = in Dateien und Einstellungen gesehen
census-list-lake = dieser Datenbestand
census-nameless = { $n ->
    [one] { $shown } Zeile nennt keinen Server und bleibt außen vor
   *[other] { $shown } Zeilen nennen keinen Server und bleiben außen vor
}
census-overlap = Zusammen: { $seen }. Auf mehr als einer: { $overlap }
census-method-chapman = Chapman
census-method-chao2 = Chao2 (eine untere Grenze)
census-method-log_linear = Log-lineares Modell
census-method-sample_coverage = Stichprobenabdeckung
census-estimate = { $method }: etwa { $all } insgesamt ({ $low } bis { $high } mit 95 %), also { $unseen }, die niemand gesehen hat
census-no-width = Ein Intervall ohne Breite: Das Verfahren vermisst niemanden. Das ist kein Beweis.
census-not-more = { $n ->
    [one] Es gibt nicht mehr als den { $shown } Server.
   *[other] Es gibt nicht mehr als die { $shown } Server.
}
census-pairs = Diese Listen wissen nach dem Modell voneinander: { $pairs }
census-no-pairs = Die Listen wissen nach dem Modell nichts voneinander.
census-refused = { $method }: keine Zahl. { $why }
census-refusal-overlap = Nur { $overlap } stehen auf mehr als einer Liste; mit weniger als { $least } wäre jede Zahl wild geraten.
census-refusal-empty = Eine Liste ist leer.
census-refusal-few = Mindestens { $needed } Listen sind nötig.
census-refusal-many = Es nimmt höchstens { $most } Listen.
census-refusal-no-fit = Kein Modell passt zu diesen Zahlen.
census-assumptions = Worauf diese Zahlen beruhen
census-assumption-closed = Niemand kommt hinzu oder fällt weg. Aufräumen und neue Einbrüche verfälschen die Schätzung: Wählen Sie wenige Tage.
census-assumption-dependent = Die Listen wissen nichts voneinander. Listen, die voneinander abschreiben, machen sie zu niedrig; Listen, die einander meiden, zu hoch.
census-assumption-equal = Alle sind gleich leicht zu finden. Schwer zu findende machen sie zu niedrig: Nehmen Sie sie als untere Grenze.
census-assumption-matched = Derselbe Server wird als derselbe erkannt. Übersehene Übereinstimmungen machen sie zu hoch.
census-assumption-days = Das Intervall handelt nur vom Zufall. Von falschen Annahmen weiß es nichts: docs/census.md zeigt, wie oft es stimmt.

# afterpatch fleet notify
notice-subject = { $n ->
    [one] Sicherheitshinweis zu { $shown } Server: { $organisation }
   *[other] Sicherheitshinweis zu { $shown } Servern: { $organisation }
}
notice-to = An: { $contact }
notice-date = Stand { $taken } UTC. Alle Zeiten sind in UTC angegeben.
notice-greeting = Sehr geehrte Damen und Herren,
notice-intro = { $n ->
    [one] die Protokolle und Dateien von { $shown } Ihrer Server wurden auf Einbrüche und offene Lücken untersucht. Unten steht, was zu sehen war und was Sie tun sollten.
   *[other] die Protokolle und Dateien von { $shown } Ihrer Server wurden auf Einbrüche und offene Lücken untersucht. Unten steht für jeden, was zu sehen war und was Sie tun sollten.
}
notice-exposure = Kommen sie hinein?
notice-compromise = Kamen sie hinein?
notice-foothold = Sind sie noch drin?
notice-build = Zuletzt gesehener Build: { $build } ({ $seen } UTC)
notice-holes = Offene Lücken: { $cves }
notice-steps = Was zu sehen war
notice-addresses = von { $addresses }
notice-pages = Seiten: { $pages }
notice-more-steps = { $n ->
    [one] … und { $shown } weiterer Schritt
   *[other] … und { $shown } weitere Schritte
}
notice-covered = Die gelesenen Aufzeichnungen reichen von { $first } bis { $last } UTC. Was außerhalb geschah, war nicht zu sehen.
notice-covered-none = Es wurde keine Aufzeichnung mit Zeitangabe gelesen.
notice-advice = Was zu tun ist
notice-limits = Wie das zu lesen ist
notice-limits-text = Dies beruht auf den eingereichten Spuren und auf nichts sonst. „Nichts gesehen“ ist kein Beweis, dass nichts geschah: Aufzeichnungen können fehlen oder entfernt worden sein. Ein Update schließt den Zugang und lässt zurück, was eingepflanzt wurde.
notice-tlp-clear = Dieser Hinweis darf frei weitergegeben werden.
notice-tlp-green = Dieser Hinweis darf innerhalb Ihrer Fachgemeinschaft weitergegeben werden, nicht an die Öffentlichkeit.
notice-tlp-amber = Dieser Hinweis darf innerhalb Ihrer Organisation und an Ihre Kunden weitergegeben werden, soweit diese ihn brauchen.
notice-tlp-amber_strict = Dieser Hinweis darf nur innerhalb Ihrer Organisation weitergegeben werden.
notice-tlp-red = Dieser Hinweis ist nur für seine Empfänger bestimmt.
notices-written = { $n ->
    [one] { $shown } Hinweis nach { $folder } geschrieben. Nichts wurde versandt.
   *[other] { $shown } Hinweise nach { $folder } geschrieben. Nichts wurde versandt.
}
notices-index = In index.csv steht, welche Datei an wen geht.
notices-without-contact = { $n ->
    [one] { $shown } Organisation hat im Inventar keinen Kontakt.
   *[other] { $shown } Organisationen haben im Inventar keinen Kontakt.
}
notices-unassigned = { $n ->
    [one] { $shown } Server gehört zu keiner Organisation des Inventars: unassigned.txt. Diese Datei nicht versenden.
   *[other] { $shown } Server gehören zu keiner Organisation des Inventars: unassigned.txt. Diese Datei nicht versenden.
}
notices-quiet = { $n ->
    [one] { $shown } Server, von dem nichts zu berichten ist, blieb außen vor; --all berichtet auch von ihm.
   *[other] { $shown } Server, von denen nichts zu berichten ist, blieben außen vor; --all berichtet auch von ihnen.
}
notice-unassigned-head = Server, die zu keiner Organisation des Inventars gehören. Nicht versenden: Sie können verschiedenen Eigentümern gehören.

# afterpatch fleet serve
dashboard-title = afterpatch fleet
dashboard-made = Datenbestand { $lake }, Stand { $time } UTC. Alle Zeiten in UTC.
dashboard-pages = Seiten
dashboard-paging = Seiten dieser Liste
dashboard-other-language = English
dashboard-foot = Nur zum Lesen. „Nichts gesehen“ ist kein Beweis, dass nichts geschah: siehe die Abdeckung jedes Servers.
dashboard-overview = Überblick
dashboard-servers = Server
dashboard-server = Server
dashboard-organisation = Eigentümer
dashboard-build = Build
dashboard-first-last = Erster und letzter Schritt
dashboard-package = Paket
dashboard-report = der ganze Bericht
dashboard-contact = Kontakt
dashboard-open-holes = Offene Lücken
dashboard-covered = Aufzeichnungen reichen
dashboard-days = Server nach dem Tag ihres ersten Vorfalls
dashboard-day = { $day }: { $hit } aufgebrochen, { $tried } ohne Erfolg angegriffen
dashboard-most = höchstens: { $most }
dashboard-hit = aufgebrochen
dashboard-tried = angegriffen, kein Erfolg gesehen
dashboard-as-table = Als Tabelle
dashboard-date = Datum
dashboard-worst = Die schlimmsten zuerst
dashboard-all = Alle Server
dashboard-countries = Nach Land
dashboard-sectors = Nach Sektor
dashboard-nameless = nicht im Inventar
dashboard-open = Offen
dashboard-compromised = Kompromittiert
dashboard-foothold = Hintertür vorhanden
dashboard-search = Name, Eigentümer, CVE
dashboard-any = alle
dashboard-apply = Zeigen
dashboard-reset = Zurücksetzen
dashboard-filter-foothold = Sind sie noch drin?
dashboard-filter-compromise = Kamen sie hinein?
dashboard-filter-exposure = Kommen sie hinein?
dashboard-filter-country = Land
dashboard-filter-sector = Sektor
dashboard-filter-sort = Reihenfolge
dashboard-sort-worst = die schlimmsten zuerst
dashboard-sort-name = nach Namen
dashboard-sort-first = nach dem ersten Schritt
dashboard-sort-last = nach dem letzten Schritt, neueste zuerst
dashboard-export = Diese Zeilen mitnehmen:
dashboard-before = Seite davor
dashboard-after = Nächste Seite
dashboard-page = Seite { $page } von { $pages }
dashboard-rows = { $n ->
    [one] { $shown } Zeile.
   *[other] { $shown } Zeilen.
}
dashboard-not-found = Diese Seite gibt es nicht
dashboard-not-found-why = Die Adresse ist falsch, oder der Server ist nicht mehr im Datenbestand.
dashboard-view-who_hit_many = Angreifer vieler
dashboard-view-same_shell = Gleiche Shells
dashboard-view-post_patch_use = Nach dem Update benutzt
dashboard-view-unpatched = Offene Server
dashboard-view-coverage_gaps = Lücken der Abdeckung

## Die Zusammenfassung eines Vorfalls
summary-title = Zusammenfassung des Vorfalls
summary-fill-in = Was in [Klammern] steht, wissen nur Sie: bitte ausfüllen oder herausnehmen.
summary-who = Wer meldet
summary-who-organisation = Organisation: [Name, Sektor, Anschrift]
summary-who-contact = Ansprechpartner: [Name, Funktion, Telefon, E-Mail, Erreichbarkeit]
summary-who-noticed = Bemerkt: [wann (UTC), von wem, wodurch]
summary-who-told = Auch gemeldet: [Polizei, Datenschutzaufsicht, Kunden, Versicherung; wann]
summary-short = In Kürze
summary-systems = Betroffene Systeme
summary-systems-more = Weitere Systeme, die betroffen sein können: [was diesen Servern vertraut: Domänencontroller, andere Mailserver, Sicherungen]
summary-when = Wann
summary-when-none = Kein Anzeichen eines Angriffs hat eine Zeit.
summary-when-ongoing = Stand: [dauert an / eingedämmt seit / vorbei seit]
summary-sure = Was sicher ist
summary-sure-none = Nach dem, was lesbar war, ist nichts sicher, das durchkam.
summary-unsure = Was nicht sicher ist, nur versucht wurde oder nicht zu sehen war
summary-unsure-none = Nichts außer dem, was hier steht.
summary-gaps = { $n ->
    [one] { $shown } Stelle war nicht lesbar; der volle Bericht nennt sie.
   *[other] { $shown } Stellen waren nicht lesbar; der volle Bericht nennt sie.
  }
summary-taken = Was mitgenommen wurde
summary-taken-none = Es ist nicht bekannt, dass etwas mitgenommen wurde; ein Beweis ist das nicht.
summary-taken-more = Auswirkung: [ausgefallene Dienste, betroffene personenbezogene oder geheime Daten, Zahl der Betroffenen]
summary-holes = Lücken
summary-holes-used = Anzeichen nennen { $cves }.
summary-holes-open = Offen im zuletzt gesehenen Build: { $cves }.
summary-holes-none = Keine Lücke wird von dem genannt, was gefunden wurde.
summary-indicators = Indikatoren
summary-indicators-sure = Hiermit kam etwas durch:
summary-indicators-others = Daneben gesehen; kann harmlos sein, nicht ungeprüft sperren:
summary-indicators-none = Keine.
summary-measures = Maßnahmen
summary-measures-taken = Bisher ergriffen: [was, wann]
summary-measures-advised = Empfohlen:

# What an error of the system means
error-not-found = Dort liegt nichts. Schreibweise prüfen, und ob es den Ordner gibt: Es wird keiner angelegt.
error-permission = Dieser Benutzer darf das dort nicht. Als Administrator (root) ausführen oder einen anderen Ort nennen.
error-exists = Dort liegt schon etwas, und es wird nichts überschrieben. Einen anderen Ort nennen.
error-is-folder = Das ist ein Ordner. Eine Datei nennen, zum Beispiel eine darin.
error-no-folder = Ein Teil des Pfads ist eine Datei und kein Ordner. Schreibweise prüfen.
error-full = Auf diesem Datenträger ist kein Platz mehr, und was geschrieben wurde, ist nicht vollständig. Platz schaffen oder einen Ort auf einem anderen nennen.
error-read-only = Auf diesen Datenträger kann nicht geschrieben werden. Einen Ort auf einem anderen nennen.
