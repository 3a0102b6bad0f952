rule request_evaluated_aspx {
    meta:
        title = "An ASP.NET page that evaluates a part of the request as code"
        id = "ec040d63-98a8-5db6-9bef-4dc00d054867"
        description = "The page takes a value of the request and evaluates it as script, in one expression: whoever knows the value's name runs code on the server. A heuristic on the text of one expression; a page that hides it better is for an analysis of the code."
        author = "afterpatch"
        date = "2026-08-07"
        reference = "https://attack.mitre.org/techniques/T1505/003/"
        falsepositives = "Tools of developers that run what they are sent; such a page does not belong on a server that others reach"
        level = "high"
        tags = "attack.t1505.003 afterpatch.step.file-present afterpatch.grade.compromise afterpatch.standing.beside afterpatch.confidence.medium"
    strings:
        $run = /\beval\s{0,8}\([^;\n]{0,160}\bRequest\s{0,4}[.\[(]/ nocase
        $jscript = /language\s{0,4}=\s{0,4}["']?(jscript|javascript)/ nocase
    condition:
        filesize < 256KB and $jscript and $run and extension != ".js"
}
