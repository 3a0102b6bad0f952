rule request_evaluated_asp {
    meta:
        title = "A classic ASP page that evaluates a part of the request as code"
        id = "a42db1bb-a2f9-5b19-b32d-d0f2a019e44e"
        description = "The page hands a value of the request to one of the language's ways to run text as code. A heuristic on the text of one expression."
        author = "afterpatch"
        date = "2026-08-07"
        reference = "https://attack.mitre.org/techniques/T1505/003/"
        falsepositives = "Tools of developers that run what they are sent; such a page does not belong on a server that others reach"
        level = "high"
        tags = "attack.t1505.003 afterpatch.step.file-present afterpatch.grade.compromise afterpatch.standing.beside afterpatch.confidence.medium"
    strings:
        $run = /\b(eval|execute|executeglobal)[\s(]{1,8}request\s{0,4}[.(]/ nocase
        $block = /<%|<script[^<>]{1,200}runat/ nocase
    condition:
        filesize < 256KB and $run and $block and (extension == ".asp" or extension == ".asa" or extension == ".cer" or extension == ".cdx")
}
