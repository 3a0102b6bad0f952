rule request_evaluated_php {
    meta:
        title = "A PHP page that runs a part of the request as code or command"
        id = "e660bddc-a14e-5ba6-8a6f-4a98d09c1e68"
        description = "The page hands a value of the request straight to a function that runs code or a command. A heuristic on the text of one expression."
        author = "afterpatch"
        date = "2026-08-07"
        reference = "https://attack.mitre.org/techniques/T1505/003/"
        falsepositives = "Tools of developers that run what they are sent; such a page does not belong on a server that others reach"
        level = "high"
        tags = "attack.t1505.003 afterpatch.step.file-present afterpatch.grade.compromise afterpatch.standing.beside afterpatch.confidence.medium"
    strings:
        $run = /\b(eval|assert|system|passthru|shell_exec|exec|popen|proc_open|create_function)\s{0,8}\(\s{0,8}([\w]{1,30}\s{0,4}\(\s{0,4}){0,3}["']?\s{0,4}\$_(GET|POST|REQUEST|COOKIE|SERVER)\s{0,4}[\[{]/ nocase
        $php = /<\?(php|=)/ nocase
    condition:
        filesize < 256KB and $php and $run and (filetype == "PHP" or filetype == "GIF")
}
