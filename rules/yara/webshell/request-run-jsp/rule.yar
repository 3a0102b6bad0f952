rule request_run_jsp {
    meta:
        title = "A Java page that runs a part of the request as a command"
        id = "58446491-eed8-5bde-811b-acfb83b72cd6"
        description = "The page hands a parameter of the request straight to the start of a process or to the definition of a class. A heuristic on the text of one expression."
        author = "afterpatch"
        date = "2026-08-07"
        reference = "https://attack.mitre.org/techniques/T1505/003/"
        falsepositives = "Tools of developers that run what they are sent; such a page does not belong on a server that others reach"
        level = "high"
        tags = "attack.t1505.003 afterpatch.step.file-present afterpatch.grade.compromise afterpatch.standing.beside afterpatch.confidence.medium"
    strings:
        $exec = /\.exec\s{0,8}\([^;\n]{0,60}request\s{0,4}\.\s{0,4}(getParameter|getHeader|getInputStream)/ nocase
        $builder = /\bProcessBuilder\s{0,8}\([^;\n]{0,80}request\s{0,4}\.\s{0,4}(getParameter|getHeader)/ nocase
        $define = /\bdefineClass\s{0,8}\([^;\n]{0,120}request\s{0,4}\.\s{0,4}(getParameter|getHeader|getReader)/ nocase
    condition:
        filesize < 256KB and filetype == "JSP" and any of them
}
