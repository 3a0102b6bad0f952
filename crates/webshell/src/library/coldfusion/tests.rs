//! One source and one sink a row; inert fragments that no server would run.

use proptest::prelude::*;

use crate::interpret::Interpreter;
use crate::language::Language;
use crate::limits::Limits;
use crate::parse::{Piece, parse};

/// The hits of a page, and what decides them: capability, callee, kind and name of the source, control, facts.
fn check(rows: &[(&str, &str)]) {
    for (source, expected) in rows {
        let hits: Vec<_> = walked(source).hits.iter().map(crate::library::told).collect();
        assert_eq!(hits.join("; "), *expected, "{source}");
    }
}

fn walked(source: &str) -> Interpreter<'static> {
    let mut it = Interpreter::new(Language::ColdFusion, &LIMITS, &|_| None);
    let program = parse(Language::ColdFusion, source.as_bytes(), &[Piece::Code(0..source.len())]);
    it.run(source.as_bytes().into(), &program, &Default::default());
    it
}

const LIMITS: Limits =
    Limits { steps: 1_000_000, time: None, made_bytes: 1 << 20, layers: 8, file_bytes: 1 << 20, walk_all: true };

#[test]
fn sources() {
    check(&[
        ("<cfset evaluate(form.a)>", "Code evaluate Parameter a Whole"),
        (r#"<cfoutput>#evaluate(url["x"])#</cfoutput>"#, "Code evaluate Parameter x Whole"),
        ("<cfset evaluate(cookie.a)>", "Code evaluate Cookie a Whole"),
        ("<cfset evaluate(cgi.query_string)>", "Code evaluate Parameter query_string Whole"),
        ("<cfset evaluate(cgi.http_x)>", "Code evaluate Header http_x Whole"),
        ("<cfset h = getHttpRequestData()><cfset evaluate(h.content)>", "Code evaluate Body  Whole"),
        (r#"<cfset evaluate(getHttpRequestData().headers["X"])>"#, "Code evaluate Header X Whole"),
        (r#"<cfset evaluate(getPageContext().getRequest().getParameter("a"))>"#, "Code evaluate Parameter a Whole"),
        (r#"<cfparam name="cmd" default=""><cfset evaluate(cmd)>"#, "Code evaluate Undefined cmd Whole"),
        (r#"<cfparam name="form.cmd" default="x"><cfset evaluate(form.cmd)>"#, "Code evaluate Parameter cmd Whole"),
        ("<cfset variables.x = form.a><cfset evaluate(x)>", "Code evaluate Parameter a Whole"),
        ("<cfset session.x = form.a><cfset evaluate(session.x)>", "Code evaluate Parameter a Whole"),
        ("<cfset a = arrayNew(1)><cfset a[1] = form.x><cfset evaluate(a[1])>", "Code evaluate Parameter x Whole"),
        (r#"<cfset s = structNew()><cfset s.x = form.x><cfset evaluate(s["x"])>"#, "Code evaluate Parameter x Whole"),
        (
            r#"<cfcomponent><cffunction name="f" access="remote"><cfargument name="a"><cfset evaluate(arguments.a)></cffunction></cfcomponent>"#,
            "Code evaluate Parameter a Whole",
        ),
        (
            r#"<cfcomponent><cffunction name="f"><cfargument name="a"><cfset evaluate(arguments.a)></cffunction></cfcomponent>"#,
            "Code evaluate uncalled",
        ),
        (
            r#"<cfset evaluate(h(form.a))><cffunction name="h"><cfargument name="a"><cfreturn toString(toBinary(a))></cffunction>"#,
            "Code evaluate Parameter a Whole decoded",
        ),
        (r#"<cfif form.p eq "x"><cfset evaluate(form.a)></cfif>"#, "Code evaluate Parameter a Whole"),
        (r#"<cfset evaluate("f" & "orm.a")>"#, "Code evaluate"),
        (r#"<cfset x = iif(b, de(form.a), "c")>"#, "Code iif"),
        (r#"<cfset x = iif(b, form.a, "c")>"#, "Code iif Parameter a Whole"),
    ]);
}

#[test]
fn tags() {
    check(&[
        (
            r#"<cfexecute name="cmd.exe" arguments="/c #form.a#" variable="out"></cfexecute><cfoutput>#out#</cfoutput>"#,
            "Command cfexecute Parameter a Part",
        ),
        (r##"<cfexecute name="#url.n#" arguments="#url.a#"></cfexecute>"##, "Command cfexecute Parameter a Part"),
        (
            r##"<cfsavecontent variable="x"><cfexecute name="#url.n#"></cfexecute></cfsavecontent>"##,
            "Command cfexecute Parameter n Whole",
        ),
        (r##"<cffile action="write" file="#form.path#" output="#form.text#">"##, "Write cffile write Parameter path Whole also"),
        (
            r##"<cffile action="append" file="x.cfm" output="#form.text#">"##,
            "Write cffile append Parameter text Whole also served",
        ),
        (
            r##"<cffile action="upload" filefield="f" destination="#expandPath('.')#\x.cfm">"##,
            "Upload cffile upload Upload  Whole also served",
        ),
        (r##"<cffile action="upload" filefield="f" destination="#form.d#">"##, "Upload cffile upload Parameter d Whole also"),
        (r##"<cffile action="read" file="#url.f#" variable="c"><cfoutput>#c#</cfoutput>"##, "Read cffile read Parameter f Whole"),
        (r##"<cffile action="delete" file="#url.f#">"##, "Change cffile delete Parameter f Whole"),
        (r##"<cffile action="rename" source="#url.f#" destination="#url.g#">"##, "Change cffile rename Parameter f Whole also"),
        (r##"<cfdirectory action="list" directory="#url.d#" name="q">"##, "List cfdirectory Parameter d Whole"),
        (r##"<cfdirectory action="delete" directory="#url.d#">"##, "Change cfdirectory delete Parameter d Whole"),
        (
            r##"<cfquery name="q" datasource="#form.ds#"> #preserveSingleQuotes(form.sql)# </cfquery>"##,
            "Sql cfquery Parameter sql Whole also",
        ),
        (r#"<cfquery name="q" datasource="x">select * from a where b = #url.id#</cfquery>"#, "Sql cfquery Parameter id Part"),
        (r##"<cfinclude template="#url.p#">"##, "Include cfinclude Parameter p Whole"),
        (r#"<cfinclude template="a/#url.p#.cfm">"#, "Include cfinclude Parameter p Weak"),
        (r##"<cfmodule template="#url.p#">"##, "Include cfmodule Parameter p Whole"),
        (
            r##"<cfhttp url="#url.u#" method="get"><cfset evaluate(cfhttp.filecontent)>"##,
            "Fetch cfhttp Parameter u Whole; Code evaluate Remote  Whole",
        ),
        (
            r##"<cfhttp url="#url.u#" path="c:\w" file="x.cfm">"##,
            "Fetch cfhttp Parameter u Whole; Write cfhttp Remote  Whole served",
        ),
        (r#"<cfschedule action="update" url="http://x/" file="x.cfm">"#, "Write cfschedule Remote http://x/ Whole served"),
        (r##"<cfcontent file="#url.f#">"##, "Read cfcontent Parameter f Whole"),
        (r##"<cfregistry action="get" branch="#form.b#" entry="x" variable="v">"##, "Read cfregistry Parameter b Whole"),
        (r##"<cfmail to="#form.a#" subject="#form.b#">#form.c#</cfmail>"##, "Mail cfmail Parameter a Whole also"),
        (r##"<cfzip action="unzip" file="#form.a#" destination="#form.b#">"##, "Change cfzip unzip Parameter a Whole also"),
    ]);
}

#[test]
fn functions() {
    check(&[
        (r#"<cfscript>FileWrite(expandPath("x.cfm"), form.a);</cfscript>"#, "Write filewrite Parameter a Whole also served"),
        (
            "<cfscript>writeOutput(fileRead(url.f)); fileDelete(url.f); directoryList(url.d);</cfscript>",
            "Read fileread Parameter f Whole; Change filedelete Parameter f Whole; List directorylist Parameter d Whole",
        ),
        (r#"<cfscript>fileUpload(expandPath("./x.cfm"), "f");</cfscript>"#, "Upload fileupload Upload  Whole also served"),
        (
            r#"<cfscript>cfexecute(name = form.a, variable = "o"); writeOutput(o);</cfscript>"#,
            "Command cfexecute Parameter a Whole",
        ),
        ("<cfscript>queryExecute(form.s, {}, {datasource: form.d});</cfscript>", "Sql queryexecute Parameter s Whole also"),
        (
            "<cfscript>q = new Query(); q.setSQL(form.s); q.setDatasource(form.d); q.execute();</cfscript>",
            "Sql cfquery Parameter s Whole also",
        ),
        ("<cfscript>include url.p;</cfscript>", "Include cfinclude Parameter p Whole"),
    ]);
}

#[test]
fn objects_of_java() {
    check(&[
        (
            r#"<cfset r = createObject("java", "java.lang.Runtime").getRuntime().exec(form.a)>"#,
            "Command Runtime.exec Parameter a Whole",
        ),
        (
            r#"<cfobject type="java" class="java.lang.Runtime" name="r" action="create"><cfset r.getRuntime().exec(url.a)>"#,
            "Command Runtime.exec Parameter a Whole",
        ),
        (
            r#"<cfset p = createObject("java", "java.lang.ProcessBuilder").init(["sh", "-c", form.a]).start()>"#,
            "Command ProcessBuilder.start Parameter a Whole",
        ),
        (
            r#"<cfset b = createObject("java", "java.lang." & reverse("emitnuR")).getRuntime().exec(url.a)>"#,
            "Command Runtime.exec Parameter a Whole computed",
        ),
        (
            r#"<cfset c = createObject("java", "javax.script.ScriptEngineManager").init().getEngineByName("js").eval(form.a)>"#,
            "Code ScriptEngine.eval Parameter a Whole",
        ),
        (
            r#"<cfset u = createObject("java", "java.net.URLClassLoader").init([createObject("java", "java.net.URL").init(form.u)])><cfset u.loadClass("x").newInstance()>"#,
            "Load URLClassLoader.loadClass Parameter u Whole",
        ),
        (r#"<cfset s = createObject("com", "WScript.Shell")><cfset s.exec(form.a)>"#, "Command WScript.Shell Parameter a Whole"),
        (r#"<cfset createObject("component", url.c)>"#, "Include createobject Parameter c Whole"),
    ]);
}

/// What is computed, as the command that it is handed to.
#[test]
fn computed() {
    for (source, expected) in [
        (r##"<cfexecute name="#toString(toBinary('aWQ='))#">"##, "id"),
        (r##"<cfexecute name="#reverse('di')##chr(97)#">"##, "ida"),
        (r##"<cfexecute name="#replace('cxmxd', 'x', '', 'all')##replace('cxmxd', 'x', '')#">"##, "cmdcmxd"),
        (r##"<cfexecute name="#reReplace('a1b2', '([a-z])[0-9]', '\1', 'all')#">"##, "ab"),
        (r##"<cfexecute name="#mid('abcdef', 2, 3)##left('xyz', 1)##right('xyz', 1)#">"##, "bcdxz"),
        (r##"<cfexecute name="#listGetAt('a,b,c', 2)##listFirst('x|y', '|')##listLast('x|y', '|')#">"##, "bxy"),
        (r##"<cfexecute name="#arrayToList(listToArray('i.d', '.'), '')#">"##, "id"),
        (r##"<cfexecute name="#toString(binaryDecode('6964', 'hex'))##urlDecode('%69')#">"##, "idi"),
        (r##"<cfexecute name="#chr(inputBaseN('69', 16))##chr(bitXor(98, 6))#">"##, "id"),
        (
            r##"<cfset s = ""><cfloop from="1" to="3" index="i"><cfset s = s & chr(96 + i)></cfloop><cfexecute name="#s#">"##,
            "abc",
        ),
        (r##"<cfset s = ""><cfloop list="i,d" index="c"><cfset s &= c></cfloop><cfexecute name="#s#">"##, "id"),
        (
            r##"<cfset s = ""><cfloop from="3" to="1" step="-1" index="i"><cfset s = s & i></cfloop><cfexecute name="#s#">"##,
            "321",
        ),
        (r##"<cfset a = ["i", "d"]><cfexecute name="#a[1]##a[2]##ucase('x')##len('abc')#">"##, "idX3"),
        (r##"<cfset c = evaluate("'i' & 'd'")><cfexecute name="#c#">"##, "'i' & 'd';id"),
        (r#"<cfscript>s = ""; for (i = 1; i lte 2; i++) { s &= mid("id", i, 1); } cfexecute(name = s);</cfscript>"#, "id"),
    ] {
        let arguments: Vec<_> = walked(source).hits.iter().map(|hit| hit.argument.to_string()).collect();
        assert_eq!(arguments.join(";"), expected, "{source}");
    }
}

/// Tags and calls that fit together, and what they are given.
const WORDS: &[&str] = &[
    "<cfset x = form.a>",
    "<cfset x = x & 'a'>",
    "<cfset x = mid(x, -1, 99)>",
    "<cfset x = left(x, -1)>",
    "<cfset x = right('', 9)>",
    "<cfset x = removeChars(x, 9, -1)>",
    "<cfset x = insert(x, x, -9)>",
    "<cfset x = listGetAt(x, 0)>",
    "<cfset x = listToArray(x, '')>",
    "<cfset x[0] = x>",
    "<cfset x = x[99]>",
    "<cfset x.y.z = x>",
    "<cfset x = chr(-1)>",
    "<cfset x = asc('')>",
    "<cfset x = evaluate(x)>",
    "<cfset x = evaluate('x')>",
    "<cfset x = iif(x, x, x)>",
    "<cfset x = reReplace(x, '(', '\\9', 'all')>",
    "<cfset x = replace(x, '', x)>",
    "<cfset x = inputBaseN(x, 99)>",
    "<cfset x = bitShLn(1, 99)>",
    "<cfset x = toBinary(x)>",
    "<cfset x = binaryDecode(x, 'hex')>",
    "<cfset x = arrayNew(1)>",
    "<cfset arrayAppend(x, x)>",
    "<cfset x = arrayToList(x)>",
    "<cfset variables.x = variables>",
    "<cfset session.x = session>",
    "<cfset x = createObject('java', x)>",
    "<cfset x = createObject('java', 'java.lang.String').init(x)>",
    "<cfset x = x.y()>",
    "<cfset x = x.init(x).start()>",
    "<cfloop from='1' to='9' index='i'>",
    "<cfloop list='#x#' index='x'>",
    "</cfloop>",
    "<cfif x eq 'a'>",
    "<cfelse>",
    "</cfif>",
    "<cfoutput>#x#",
    "</cfoutput>",
    "<cffunction name='y'><cfreturn y()></cffunction>",
    "<cffile action='#x#'>",
    "<cfexecute name='#x#' arguments='#x#'>",
    "<cfquery name='x'>#x#</cfquery>",
    "<cfinclude template='#x#'>",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn odd_calls_do_not_panic(words in prop::collection::vec(prop::sample::select(WORDS), 1..40)) {
        walked(&words.concat());
    }
}
