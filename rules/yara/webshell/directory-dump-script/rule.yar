rule directory_dump_script {
    meta:
        title = "A page made from a virtual directory's settings that holds server-side script"
        id = "350dd0dc-2290-5df5-81c2-6d79ae72096d"
        description = "Resetting a virtual directory writes its settings to a file of the caller's choice, one setting a line. No web server needs such a file among its pages, and no setting holds server-side script unless somebody put it there to have it run."
        author = "afterpatch"
        date = "2026-08-07"
        reference = "https://www.microsoft.com/en-us/security/blog/2021/03/02/hafnium-targeting-exchange-servers/"
        falsepositives = "None known"
        level = "critical"
        tags = "attack.t1505.003 afterpatch.step.file-present afterpatch.grade.compromise afterpatch.standing.alone afterpatch.confidence.high"
    strings:
        // Settings of every kind of virtual directory, each at the start of its line.
        $name = /(^|\n)\W{0,3}Name\s{1,40}: /
        $poll = /\nPollInterval\s{1,40}: /
        $ssl = /\nRequireSSL\s{1,40}: /
        $metabase = /\nMetabasePath\s{1,40}: /
        $internal = /\nInternalUrl\s{1,40}: /
        $external = /\nExternalUrl\s{1,40}: /
        $display = /\nAdminDisplayName\s{1,40}: /
        $server = /\nServer\s{1,40}: /
        $identity = /\nIdentity\s{1,40}: /
        $block = /<%[^@$\-]/
        $tag = /<script[^<>]{1,200}runat\s{0,4}=\s{0,4}["']?server/ nocase
    condition:
        filesize < 1MB and 5 of ($name, $poll, $ssl, $metabase, $internal, $external, $display, $server, $identity) and any of ($block, $tag)
}
