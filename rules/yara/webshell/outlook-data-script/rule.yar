rule outlook_data_script {
    meta:
        title = "A page that is an Outlook data file and holds server-side script"
        id = "17b28532-e276-5e02-851b-dbbcf993a49e"
        description = "A mailbox export writes an Outlook data file to whatever name it is told. With a page's name in a web folder, script in one of the exported mails is run by the web server; Outlook itself never keeps such a file there."
        author = "afterpatch"
        date = "2026-08-07"
        reference = "https://peterjson.medium.com/reproducing-the-proxyshell-pwn2own-exploit-49743a4ea9a1"
        falsepositives = "None known"
        level = "critical"
        tags = "attack.t1505.003 afterpatch.step.file-present afterpatch.grade.compromise afterpatch.standing.alone afterpatch.confidence.high"
    strings:
        $block = /<%[^@$\-]/
        $tag = /<script[^<>]{1,200}runat\s{0,4}=\s{0,4}["']?server/ nocase
    condition:
        // The head of the format, "!BDN", as a number.
        uint32be(0) == 0x2142444e and any of them
}
