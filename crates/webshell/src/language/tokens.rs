//! Which language a piece of code is in, by the words in it: for `<% … %>`, which four languages share.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::Language;

/// So much code decides.
const LOOKED_AT: usize = 64 * 1024;

use Language::{CSharp, Java, Jscript, JscriptNet, Php, VbScript, VisualBasic};

/// Words that tell languages apart, and how strongly. A word counts once, however often it stands in the code. Case does
/// not count.
const WORDS: &[(&str, &[(Language, u32)])] = &[
    // Objects of ASP, which its languages share.
    ("response.", &[(VbScript, 1), (Jscript, 1), (CSharp, 1), (VisualBasic, 1), (JscriptNet, 1)]),
    ("request", &[(VbScript, 1), (Jscript, 1), (CSharp, 1), (VisualBasic, 1), (JscriptNet, 1)]),
    ("server.", &[(VbScript, 1), (Jscript, 1), (CSharp, 1), (VisualBasic, 1), (JscriptNet, 1)]),
    ("createobject(", &[(VbScript, 3), (VisualBasic, 1), (Jscript, 1)]),
    ("wscript.shell", &[(VbScript, 2), (Jscript, 2)]),
    ("scripting.filesystemobject", &[(VbScript, 3), (Jscript, 3)]),
    ("adodb.", &[(VbScript, 3), (Jscript, 2)]),
    // VBScript and VB.NET.
    ("eval request", &[(VbScript, 8)]),
    ("eval(request(", &[(VbScript, 6)]),
    ("execute request", &[(VbScript, 8)]),
    ("execute(request", &[(VbScript, 8)]),
    ("executeglobal", &[(VbScript, 8)]),
    ("execute ", &[(VbScript, 2)]),
    ("execute(", &[(VbScript, 2)]),
    ("request(\"", &[(VbScript, 3), (VisualBasic, 2)]),
    ("request.form(", &[(VbScript, 3), (VisualBasic, 2), (Jscript, 2)]),
    ("request.querystring(", &[(VbScript, 3), (VisualBasic, 2), (Jscript, 2)]),
    ("on error resume next", &[(VbScript, 4), (VisualBasic, 2)]),
    ("dim ", &[(VbScript, 3), (VisualBasic, 3)]),
    ("set ", &[(VbScript, 2)]),
    ("end if", &[(VbScript, 3), (VisualBasic, 3)]),
    ("end sub", &[(VbScript, 3), (VisualBasic, 3)]),
    ("end function", &[(VbScript, 3), (VisualBasic, 3)]),
    (" then", &[(VbScript, 1), (VisualBasic, 1)]),
    ("vbcrlf", &[(VbScript, 3), (VisualBasic, 2)]),
    ("chr(", &[(VbScript, 2), (VisualBasic, 1)]),
    ("as string", &[(VisualBasic, 5)]),
    ("as integer", &[(VisualBasic, 5)]),
    ("as object", &[(VisualBasic, 5)]),
    ("as new ", &[(VisualBasic, 5)]),
    ("byval ", &[(VisualBasic, 3), (VbScript, 2)]),
    ("sub page_load", &[(VisualBasic, 8)]),
    ("imports system", &[(VisualBasic, 8)]),
    // JScript.
    ("activexobject", &[(Jscript, 6), (JscriptNet, 2)]),
    ("new enumerator", &[(Jscript, 5)]),
    ("string(request", &[(Jscript, 4), (JscriptNet, 2)]),
    ("var ", &[(Jscript, 2), (JscriptNet, 2), (CSharp, 1)]),
    ("function ", &[(Jscript, 1), (JscriptNet, 1), (VbScript, 1), (VisualBasic, 1)]),
    ("\"unsafe\"", &[(JscriptNet, 8)]),
    ("'unsafe'", &[(JscriptNet, 8)]),
    ("eval(request.", &[(JscriptNet, 3), (Jscript, 2)]),
    ("request.item[", &[(JscriptNet, 4)]),
    // C# and .NET.
    ("using system", &[(CSharp, 8)]),
    ("void page_load", &[(CSharp, 8)]),
    ("request[\"", &[(CSharp, 4), (JscriptNet, 3)]),
    ("request.form[", &[(CSharp, 3), (JscriptNet, 3)]),
    ("request.files[", &[(CSharp, 3), (JscriptNet, 2)]),
    ("byte[]", &[(CSharp, 2), (Java, 2)]),
    ("foreach (", &[(CSharp, 3)]),
    ("foreach(", &[(CSharp, 3)]),
    ("process.start", &[(CSharp, 3), (VisualBasic, 3), (JscriptNet, 1)]),
    ("system.diagnostics", &[(CSharp, 4), (VisualBasic, 4), (JscriptNet, 3)]),
    ("system.io", &[(CSharp, 4), (VisualBasic, 4), (JscriptNet, 3)]),
    ("system.reflection", &[(CSharp, 4), (VisualBasic, 4), (JscriptNet, 3)]),
    ("system.text", &[(CSharp, 4), (VisualBasic, 4), (JscriptNet, 3)]),
    ("frombase64string", &[(CSharp, 4), (VisualBasic, 4), (JscriptNet, 3)]),
    ("httpcontext", &[(CSharp, 4), (VisualBasic, 4)]),
    ("ihttphandler", &[(CSharp, 6), (VisualBasic, 5)]),
    ("assembly.load(", &[(CSharp, 4), (VisualBasic, 4)]),
    ("string ", &[(CSharp, 2), (Java, 2)]),
    // Java.
    ("request.getparameter", &[(Java, 8)]),
    ("request.getheader", &[(Java, 8)]),
    ("request.getinputstream", &[(Java, 8)]),
    ("request.getreader", &[(Java, 8)]),
    ("request.getsession", &[(Java, 8)]),
    ("request.getattribute", &[(Java, 8)]),
    ("request.getmethod", &[(Java, 8)]),
    ("response.getwriter", &[(Java, 8)]),
    ("response.getoutputstream", &[(Java, 8)]),
    ("application.getrealpath", &[(Java, 8)]),
    ("runtime.getruntime", &[(Java, 8)]),
    ("processbuilder", &[(Java, 6)]),
    ("pagecontext", &[(Java, 5)]),
    ("classloader", &[(Java, 5)]),
    ("out.print", &[(Java, 5)]),
    ("java.", &[(Java, 3)]),
    ("javax.", &[(Java, 5)]),
    ("class.forname", &[(Java, 5)]),
    (".getbytes(", &[(Java, 3), (CSharp, 1), (VisualBasic, 1)]),
    ("new string(", &[(Java, 2), (CSharp, 1)]),
    ("inputstream", &[(Java, 3), (CSharp, 1)]),
    // PHP between the tags of ASP.
    ("$_", &[(Php, 8)]),
    ("echo ", &[(Php, 4)]),
    ("eval($", &[(Php, 8)]),
    ("<?php", &[(Php, 8)]),
];

static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::Standard)
        .build(WORDS.iter().map(|(word, _)| word))
        .ok()
});

/// How much speaks for each language.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Scores {
    pub vb_script: u32,
    pub jscript: u32,
    pub c_sharp: u32,
    pub visual_basic: u32,
    pub jscript_net: u32,
    pub java: u32,
    pub php: u32,
}

impl Scores {
    pub(crate) fn of(code: &[u8]) -> Self {
        let code = code.get(..LOOKED_AT).unwrap_or(code);
        let mut seen = [false; WORDS.len()];
        if let Some(finder) = FINDER.as_ref() {
            for found in finder.find_overlapping_iter(code) {
                if let Some(seen) = seen.get_mut(found.pattern().as_usize()) {
                    *seen = true;
                }
            }
        }
        let mut scores = Self::default();
        for ((_, weights), _) in WORDS.iter().zip(seen).filter(|(_, seen)| *seen) {
            for &(language, weight) in *weights {
                scores.add(language, weight);
            }
        }
        if memchr::memchr2(b';', b'{', code).is_some() {
            for language in [Jscript, JscriptNet, CSharp, Java] {
                scores.add(language, 2);
            }
        } else {
            scores.add(VbScript, 2);
            scores.add(VisualBasic, 2);
        }
        scores
    }

    fn add(&mut self, language: Language, weight: u32) {
        *match language {
            VbScript => &mut self.vb_script,
            Jscript => &mut self.jscript,
            CSharp => &mut self.c_sharp,
            VisualBasic => &mut self.visual_basic,
            JscriptNet => &mut self.jscript_net,
            Java => &mut self.java,
            Php => &mut self.php,
            _ => return,
        } += weight;
    }

    pub(crate) fn classic(&self) -> (u32, Language) {
        if self.jscript > self.vb_script + 3 { (self.jscript, Jscript) } else { (self.vb_script, VbScript) }
    }

    /// VB.NET is the language of a page that names none.
    pub(crate) fn net(&self) -> (u32, Language) {
        let mut best = (self.visual_basic, VisualBasic);
        for other in [(self.c_sharp, CSharp), (self.jscript_net, JscriptNet)] {
            if other.0 > best.0 {
                best = other;
            }
        }
        best
    }
}
