rule picture_with_script {
    meta:
        title = "A picture or document that holds server-side script under a page's name"
        id = "a47b16a9-1801-5445-8dc3-712182ac5a96"
        description = "The file begins as a picture or document, so that an upload check lets it pass, and goes on as a page that the web server runs."
        author = "afterpatch"
        date = "2026-08-07"
        reference = "https://owasp.org/www-community/vulnerabilities/Unrestricted_File_Upload"
        falsepositives = "Test files of upload checks"
        level = "high"
        tags = "attack.t1505.003 afterpatch.step.file-present afterpatch.grade.compromise afterpatch.standing.beside afterpatch.confidence.medium"
    strings:
        $block = /<%[^@$\-]/
        $tag = /<script[^<>]{1,200}runat\s{0,4}=\s{0,4}["']?server/ nocase
        $php = /<\?php\s/ nocase
    condition:
        // GIF8, JPEG, PNG, %PDF.
        (uint32be(0) == 0x47494638 or (uint32be(0) & 0xffffff00) == 0xffd8ff00 or uint32be(0) == 0x89504e47 or uint32be(0) == 0x25504446)
        and any of them
        and extension matches /^\.(asp|aspx|ashx|asmx|asax|asa|php|phtml|jsp|jspx)$/
}
