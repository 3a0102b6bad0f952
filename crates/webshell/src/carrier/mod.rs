//! From a file's bytes to scripts ready for parsing: encoding, what it is wrapped in, the languages in it, and the pieces of
//! each.

mod ebcdic;
mod encoding;
#[cfg(test)]
mod hostile_tests;
mod junk;
mod marks;
mod repair;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::rc::Rc;

use marks::Marks;
use serde::Serialize;

use crate::decode::cfencode;
use crate::language::tokens::Scores;
use crate::language::{Language, Promise};
use crate::page::{Block, BlockKind, Builder, Page, Rewrite, Source, asp, bare, coldfusion, jsp, php, razor, razor_basic};
pub(crate) use crate::page::{Control, Directive, PageKind};
use crate::parse::Piece;
pub(crate) use repair::with_closed_strings;

/// How a script's file hides that it is one. None of these is a verdict: each has harmless reasons, too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Disguise {
    /// The text is in an encoding that is unusual for its language: its name, or `null_bytes` for zeros strewn into the text.
    Encoding(&'static str),
    /// A run of one byte, so many long, as it pushes code out of sight or a file over a scanner's limit.
    Padding(usize),
    /// Nearly all of a large file, so many bytes, is neither code nor a page.
    Junk(usize),
    /// The file begins like a picture of this format.
    Image(&'static str),
    /// The file begins like a document, archive or program of this format.
    Document(&'static str),
    /// The file begins like an Outlook data file, as a mailbox export writes one.
    OutlookData,
    /// The file begins like a DER certificate or request, as a certificate request writes one.
    CertificateRequest,
    /// The file is the dump of a virtual directory object, as resetting one writes it.
    DirectoryDump,
    /// The name promises something else than this script.
    WrongExtension {
        /// What stands behind the name's last dot, lower case.
        extension: String,
    },
    /// The code was encoded with Microsoft's script encoder.
    EncodedScript,
    /// The code was written in character references or cut into sections, which XML allows and no author needs.
    CharacterReferences,
}

/// The code of one language in a file.
#[derive(Debug, Clone)]
pub(crate) struct Script {
    pub language: Language,
    /// All offsets are of this text: UTF-8, or the file's own single bytes. Encoded parts stand in it decoded.
    pub text: Rc<[u8]>,
    pub pieces: Vec<Piece>,
    pub disguises: Vec<Disguise>,
    pub directives: Vec<Directive>,
    pub controls: Vec<Control>,
    #[cfg_attr(not(test), allow(dead_code, reason = "only the tests of the splitter ask"))]
    pub page: PageKind,
    rewrites: Rc<[Rewrite]>,
}

impl Script {
    /// The line in the file, from 1, of a place in the text.
    pub(crate) fn line_of(&self, offset: usize) -> u32 {
        let breaks = |from: usize, to: usize| {
            let text = self.text.get(from..to.min(self.text.len()).max(from)).unwrap_or_default();
            memchr::memchr_iter(b'\n', text).count()
        };
        let mut line = 1;
        let mut at = 0;
        for rewrite in self.rewrites.iter().take_while(|rewrite| rewrite.range.start <= offset) {
            line += breaks(at, rewrite.range.start);
            if offset < rewrite.range.end {
                // Inside of decoded text its beginning is all that is known, unless lines were kept.
                let same = breaks(rewrite.range.start, rewrite.range.end) == rewrite.lines;
                let inside = if same { breaks(rewrite.range.start, offset) } else { 0 };
                return u32::try_from(line + inside).unwrap_or(u32::MAX);
            }
            line += rewrite.lines;
            at = rewrite.range.end;
        }
        line += breaks(at, offset);
        u32::try_from(line).unwrap_or(u32::MAX)
    }

    /// How much of the text is code.
    pub(crate) fn code_bytes(&self) -> usize {
        let length = |piece: &Piece| match piece {
            Piece::Text(_) => 0,
            Piece::Code(range) | Piece::Echo(range) => range.len(),
        };
        self.pieces.iter().map(length).sum()
    }
}

/// The scripts in a file, usually one of each language. A page of elements and directives alone has no code. `name` may be a path; it decides where the content does not.
pub(crate) fn scripts(bytes: &[u8], name: &str) -> Vec<Script> {
    let promise = Promise::of(name);
    let template = cfencode::decode(bytes);
    let bytes = template.as_deref().unwrap_or(bytes);
    let decoded = encoding::decode(bytes, promise);
    let mut text = decoded.text.as_ref();
    let mut source = Source { text, binary: junk::is_binary(text) };
    let tags = php::Tags { named: promise == Promise::Php, asp: promise == Promise::Php };
    let mut marks = marks::find(source, tags);
    let mut pages = pages(source, promise, &marks, tags, name);
    let counts = !pages.is_empty() && pages.iter().all(|page| counts_characters(page.language));
    let wide = if counts { encoding::east_asian(text) } else { None };
    if let Some(wide) = wide.as_deref() {
        text = wide;
        source = Source { text, ..source };
        marks = marks::find(source, tags);
        pages = self::pages(source, promise, &marks, tags, name);
    }
    let file = name.rsplit(['/', '\\']).next().unwrap_or_default();
    for page in &mut pages {
        if promise == Promise::Config {
            page.kind = PageKind::Config;
        } else if file.eq_ignore_ascii_case("global.asa") {
            page.kind = PageKind::Application;
        }
    }
    let mut shared = None;
    let mut scripts: Vec<Script> = pages.into_iter().flat_map(|page| of_page(page, text, &mut shared)).collect();
    drop_quoted(&mut scripts, promise);
    if !scripts.is_empty() {
        let around = around(bytes, text, decoded.encoding);
        for script in &mut scripts {
            disguise(script, &around, promise, name);
        }
    }
    scripts
}

/// The text of a file of configuration.
pub(crate) fn plain_text(bytes: &[u8]) -> Cow<'_, [u8]> {
    encoding::decode(bytes, Promise::Config).text
}

/// The page as each engine that has something in it sees it.
fn pages(source: Source<'_>, promise: Promise, marks: &Marks, tags: php::Tags, name: &str) -> Vec<Page> {
    let mut pages = Vec::new();
    let text = source.text;
    match promise {
        Promise::RazorCSharp => pages.push(razor::split(source, Language::CSharp)),
        Promise::RazorVisualBasic => pages.push(razor_basic::split(source)),
        Promise::CSharpSource => pages.push(whole(source, Language::CSharp)),
        Promise::VisualBasicSource => pages.push(whole(source, Language::VisualBasic)),
        Promise::Python | Promise::Perl | Promise::Cgi => pages.extend(interpreted(source, promise)),
        // Under any name a first line may say it.
        _ if !marks.any() && text.starts_with(b"#!") => pages.extend(interpreted(source, promise)),
        _ => {}
    }
    // A page without marks is still one where expressions alone do something, or where all is code.
    let is_java_name =
        promise == Promise::Java && (memchr::memmem::find(text, b"${").is_some() || memchr::memmem::find(text, b"#{").is_some());
    let is_component = promise == Promise::ColdFusion && !source.binary && !text.trim_ascii().is_empty();
    if marks.php || (tags.asp && marks.percent && !marks.net && !marks.classic && !marks.java) {
        let asp = tags.asp && !marks.net && !marks.classic && !marks.java;
        pages.push(php::split(source, php::Tags { asp, ..tags }));
    }
    let razor = matches!(promise, Promise::RazorCSharp | Promise::RazorVisualBasic);
    if !razor && (marks.any() || is_java_name) {
        let is_document = jsp::is_document(source.text, name);
        pages.extend(percent_pages(source, promise, marks, is_java_name, is_document));
    }
    // The whole file is code then, so other languages that show come first.
    if is_component || (marks.cold_fusion && pages.is_empty()) {
        pages.push(coldfusion::split(source));
    }
    if pages.is_empty() && matches!(promise, Promise::Php | Promise::Text) && !marks.any() && bare::is_php(source) {
        pages.push(whole(source, Language::Php));
    }
    pages
}

/// Whether texts of a language are made of characters, not of bytes.
fn counts_characters(language: Language) -> bool {
    use Language::{CSharp, Java, Jscript, JscriptNet, VbScript, VisualBasic};
    matches!(language, VbScript | Jscript | CSharp | VisualBasic | JscriptNet | Java)
}

/// How much a name speaks for an engine, against the words of [`Scores`].
const NAME_WEIGHT: u32 = 8;

/// Classic ASP, ASP.NET and JSP share their marks. Marks of one alone decide, then the name and the words of the code.
fn percent_pages(source: Source<'_>, promise: Promise, marks: &Marks, expressions: bool, is_document: bool) -> Vec<Page> {
    let mut pages = Vec::new();
    let java = |pages: &mut Vec<Page>| pages.push(jsp::split(source, is_document));
    let is_named = matches!(promise, Promise::ClassicAsp | Promise::AspNet | Promise::Java);
    if marks.java {
        java(&mut pages);
    }
    if marks.net {
        pages.push(net_page(source, marks));
    }
    if marks.classic && !marks.net {
        // `<%@ Language=… %>` alone may also begin a page of ASP.NET.
        pages.push(if promise == Promise::AspNet { net_page(source, marks) } else { classic_page(source, marks) });
    }
    if !pages.is_empty() || !(marks.percent || marks.server_script || is_named) {
        return pages;
    }
    let scores = Scores::of(&marks.code);
    let bonus = |wanted: bool| if wanted { NAME_WEIGHT } else { 0 };
    let php_claims = promise == Promise::Php || (marks.php && !is_named);
    let classic = scores.classic().0 + bonus(promise == Promise::ClassicAsp) + u32::from(marks.has_script_language) * 4;
    let net = scores.net().0 + bonus(promise == Promise::AspNet);
    let java_score = scores.java + bonus(promise == Promise::Java);
    let least = match promise {
        Promise::Client => 8,
        // No such block has any other use there.
        Promise::Config => 1,
        Promise::Php => 10,
        _ if php_claims => 8,
        _ => 4,
    };
    let best = classic.max(net).max(java_score);
    if best < least || (promise == Promise::Php && scores.php >= best) {
        return pages;
    }
    if java_score == best && (java_score > classic.max(net) || promise == Promise::Java) {
        if expressions || marks.percent || marks.java || promise == Promise::Java {
            java(&mut pages);
        }
    } else if net > classic || (net == classic && promise == Promise::AspNet) {
        pages.push(net_page(source, marks));
    } else {
        pages.push(classic_page(source, marks));
    }
    pages
}

fn classic_page(source: Source<'_>, marks: &Marks) -> Page {
    let declared = marks.language.as_deref().and_then(|language| Language::of_attribute(language, false));
    let language = declared.unwrap_or_else(|| {
        let scores = Scores::of(&marks.code);
        // Without a word of its own a page is VBScript; much must speak for another language.
        if marks.percent { scores.classic().1 } else { Language::VbScript }
    });
    asp::split(source, false, language, PageKind::Script)
}

fn net_page(source: Source<'_>, marks: &Marks) -> Page {
    let named = marks.language.as_deref().or(marks.script_language.as_deref());
    let declared = named.and_then(|language| Language::of_attribute(language, true));
    let language = declared.unwrap_or_else(|| Scores::of(&marks.code).net().1);
    asp::split(source, true, language, PageKind::Page)
}

/// A file that is all code.
fn whole(source: Source<'_>, language: Language) -> Page {
    let mut builder = Builder::new(source.text);
    builder.code_until(source.text.len(), language);
    builder.finish(PageKind::Script, language)
}

/// The first line of a script says which program runs it.
fn interpreted(source: Source<'_>, promise: Promise) -> Option<Page> {
    let first = source.text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let first = first.get(..200).unwrap_or(first).strip_prefix(b"#!");
    let names = |word: &[u8]| first.is_some_and(|line| memchr::memmem::find(line, word).is_some());
    let language = if names(b"python") {
        Language::Python
    } else if names(b"perl") {
        Language::Perl
    } else if first.is_some() || source.binary || source.text.trim_ascii().is_empty() {
        // A shell or PHP, which has marks of its own.
        return None;
    } else {
        match promise {
            Promise::Python => Language::Python,
            Promise::Perl => Language::Perl,
            _ => return None,
        }
    };
    Some(whole(source, language))
}

/// One script for each language that has code in the page.
fn of_page(page: Page, text: &[u8], shared: &mut Option<Rc<[u8]>>) -> Vec<Script> {
    let mut languages: Vec<Language> = page.blocks.iter().filter_map(|block| block.language).collect();
    if languages.is_empty() && !(page.directives.is_empty() && page.controls.is_empty()) {
        // What is included, compiled beside the page or made by its elements is all that it does.
        languages.push(page.language);
    }
    languages.sort_unstable();
    languages.dedup();
    let text: Rc<[u8]> = match page.text {
        Some(text) => text.into(),
        None => Rc::clone(shared.get_or_insert_with(|| text.into())),
    };
    let rewrites: Rc<[Rewrite]> = page.rewrites.into();
    languages
        .into_iter()
        .map(|language| {
            let mut disguises = Vec::new();
            if page.was_encoded {
                disguises.push(Disguise::EncodedScript);
            }
            if page.had_references {
                disguises.push(Disguise::CharacterReferences);
            }
            Script {
                language,
                text: Rc::clone(&text),
                pieces: pieces(&page.blocks, language),
                disguises,
                directives: page.directives.clone(),
                controls: page.controls.clone(),
                page: page.kind,
                rewrites: Rc::clone(&rewrites),
            }
        })
        .collect()
}

/// Code of other languages is text here.
fn pieces(blocks: &[Block], language: Language) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for block in blocks {
        let range = block.range.clone();
        match (block.kind, pieces.last_mut()) {
            (BlockKind::Code, _) if block.language == Some(language) => pieces.push(Piece::Code(range)),
            (BlockKind::Echo, _) if block.language == Some(language) => pieces.push(Piece::Echo(range)),
            (_, Some(Piece::Text(last))) if last.end == range.start => last.end = range.end,
            _ => pieces.push(Piece::Text(range)),
        }
    }
    pieces
}

/// A page in a string of another page is not run when the name gives the file to the other's engine.
fn drop_quoted(scripts: &mut Vec<Script>, promise: Promise) {
    let inert = matches!(promise, Promise::Unknown | Promise::Client | Promise::Media | Promise::Text | Promise::Config);
    let Some(outer) = scripts.iter().find(|script| !inert && promise.keeps(script.language)) else { return };
    let outer_language = outer.language;
    let outer_text = Rc::clone(&outer.text);
    let outside: Vec<_> = code_ranges(outer).collect();
    scripts.retain(|script| {
        let same_text = Rc::ptr_eq(&script.text, &outer_text);
        let is_quoted = |range: &std::ops::Range<usize>| {
            let at = outside.partition_point(|outer| outer.end <= range.start);
            outside.get(at).is_some_and(|outer| outer.start <= range.start && range.end <= outer.end)
        };
        promise.keeps(script.language)
            || script.language == outer_language
            || !same_text
            || !code_ranges(script).all(|range| is_quoted(&range))
    });
}

fn code_ranges(script: &Script) -> impl Iterator<Item = std::ops::Range<usize>> {
    script.pieces.iter().filter_map(|piece| match piece {
        Piece::Text(_) => None,
        Piece::Code(range) | Piece::Echo(range) => Some(range.clone()),
    })
}

/// A run of one byte this long stands in no page that a person wrote.
const LONG_RUN: usize = 500;
/// A file this large, of which this part is code, is junk around a script.
const MUCH_JUNK: usize = 256 * 1024;
const JUNK_PER_CODE: usize = 100;

/// What lies around all scripts of a file.
fn around(bytes: &[u8], text: &[u8], encoding: Option<&'static str>) -> Vec<Disguise> {
    let mut disguises: Vec<Disguise> = encoding.map(Disguise::Encoding).into_iter().collect();
    // A head that is itself the mark of an encoding was decoded.
    disguises.extend(junk::head(bytes).map(|head| match head {
        junk::Head::Image(format) => Disguise::Image(format),
        junk::Head::Document(format) => Disguise::Document(format),
        junk::Head::OutlookData => Disguise::OutlookData,
        junk::Head::CertificateRequest => Disguise::CertificateRequest,
    }));
    if junk::is_directory_dump(text) {
        disguises.push(Disguise::DirectoryDump);
    }
    let run = junk::longest_run(text);
    if run >= LONG_RUN {
        disguises.push(Disguise::Padding(run));
    }
    disguises
}

fn disguise(script: &mut Script, around: &[Disguise], promise: Promise, name: &str) {
    script.disguises.extend_from_slice(around);
    let outside = script.text.len().saturating_sub(script.code_bytes());
    if outside >= MUCH_JUNK && outside / JUNK_PER_CODE >= script.code_bytes() {
        script.disguises.push(Disguise::Junk(outside));
    }
    // The first line of a script may give a file of any such name to PHP.
    let has_interpreter = matches!(promise, Promise::Perl | Promise::Cgi) && script.text.starts_with(b"#!");
    if promise.is_inert() || !(promise.keeps(script.language) || has_interpreter) {
        let file = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let extension = file.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
        script.disguises.push(Disguise::WrongExtension { extension });
    }
}
