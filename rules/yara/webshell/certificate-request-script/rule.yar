rule certificate_request_script {
    meta:
        title = "A page that is a certificate request and holds server-side script"
        id = "f35eba2d-8232-5514-a597-715183829b5e"
        description = "A certificate request can be written to a file of the caller's choice, and its subject may be any text. With a page's name in a web folder, script in the subject is run by the web server."
        author = "afterpatch"
        date = "2026-08-07"
        reference = "https://learn.microsoft.com/en-us/powershell/module/exchange/new-exchangecertificate"
        falsepositives = "None known"
        level = "critical"
        tags = "attack.t1505.003 afterpatch.step.file-present afterpatch.grade.compromise afterpatch.standing.alone afterpatch.confidence.high"
    strings:
        $block = /<%[^@$\-]/
        $tag = /<script[^<>]{1,200}runat\s{0,4}=\s{0,4}["']?server/ nocase
    condition:
        // A DER sequence with a length of two bytes (30 82), or the dashes before the same in base64.
        filesize < 64KB and (uint16be(0) == 0x3082 or uint32be(0) == 0x2d2d2d2d) and any of them
}
