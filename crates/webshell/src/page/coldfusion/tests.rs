#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use proptest::prelude::*;

use super::parse;
use crate::ir::{Block, Expr, Item, Kind, Literal, Stmt};
use crate::parse::Piece;

fn told(text: &str) -> String {
    block(&parse(text.as_bytes(), &[Piece::Code(0..text.len())]).body)
}

fn block(block: &Block) -> String {
    block.iter().map(statement).filter(|told| !told.is_empty()).collect::<Vec<_>>().join("; ")
}

fn statement(statement: &Stmt) -> String {
    match statement {
        Stmt::Expr(inner) => expr(inner),
        Stmt::Let(name, _, value, _) => format!("let {name} = {}", value.as_ref().map(expr).unwrap_or_default()),
        Stmt::If(condition, then, otherwise) => format!("if {} {{{}}} {{{}}}", expr(condition), block(then), block(otherwise)),
        Stmt::Loop(inner) => {
            format!("loop {} {{{}}}", inner.condition.as_ref().map(expr).unwrap_or_default(), block(&inner.body))
        }
        Stmt::Each(each) => format!("each {} as {} {{{}}}", expr(&each.subject), expr(&each.value), block(&each.body)),
        Stmt::Switch(subject, cases) => {
            let case = |(values, body): &(Vec<Expr>, Block)| {
                format!("{}: {}", values.iter().map(expr).collect::<Vec<_>>().join(","), block(body))
            };
            format!("switch {} {{{}}}", expr(subject), cases.iter().map(case).collect::<Vec<_>>().join(" | "))
        }
        Stmt::Try { body, catches, finally } => {
            let catches: Vec<_> =
                catches.iter().map(|(name, body)| format!("{} {}", name.as_deref().unwrap_or("-"), block(body))).collect();
            format!("try {{{}}} {catches:?} {{{}}}", block(body), block(finally))
        }
        Stmt::Return(value) => format!("return {}", value.as_ref().map(expr).unwrap_or_default()),
        Stmt::Throw(value) => format!("throw {}", expr(value)),
        Stmt::Break(_) => "break".into(),
        Stmt::Continue(_) => "continue".into(),
        Stmt::Block(inner) => format!("{{{}}}", block(inner)),
        Stmt::Function(function) => {
            let params: Vec<_> = function.params.iter().map(|param| param.name.to_string()).collect();
            format!("fn {:?} {}({}) {{{}}}", function.marks, function.name, params.join(","), block(&function.body))
        }
        Stmt::Class(class) => {
            let methods: Vec<_> = class.methods.iter().map(statement_of).collect();
            format!("class {:?} {{{}}} {{{}}}", class.extends, methods.join("; "), block(&class.init))
        }
        Stmt::Text(_) => String::new(),
        Stmt::Label(name) => format!("(label {name})"),
        Stmt::Goto(name) => format!("(goto {name})"),
        Stmt::Unread(_) => "?".into(),
        other => format!("{other:?}"),
    }
}

fn statement_of(function: &std::rc::Rc<crate::ir::Function>) -> String {
    statement(&Stmt::Function(std::rc::Rc::clone(function)))
}

fn items(items: &[Item]) -> String {
    let item = |item: &Item| match &item.key {
        Some(key) => format!("{}: {}", expr(key), expr(&item.value)),
        None => expr(&item.value),
    };
    items.iter().map(item).collect::<Vec<_>>().join(", ")
}

fn expr(inner: &Expr) -> String {
    match &inner.kind {
        Kind::Literal(Literal::Bytes(bytes)) => format!("'{}'", String::from_utf8_lossy(bytes)),
        Kind::Literal(Literal::Int(number)) => number.to_string(),
        Kind::Literal(other) => format!("{other:?}"),
        Kind::Joined(parts) => format!("({})", parts.iter().map(expr).collect::<Vec<_>>().join(" & ")),
        Kind::Var(name) | Kind::Name(name) => name.to_string(),
        Kind::Dynamic(name) => format!("$({})", expr(name)),
        Kind::Index(object, index) => {
            format!("{}[{}]", expr(object), index.as_ref().map(|index| expr(index)).unwrap_or_default())
        }
        Kind::Member(object, name) => format!("{}.{}", expr(object), expr(name).trim_matches('\'')),
        Kind::Call(callee, arguments) => format!("{}({})", expr(callee), items(arguments)),
        Kind::New(class, arguments) => format!("new {}({})", expr(class), items(arguments)),
        Kind::Unary(unary, inner) => format!("{unary:?}({})", expr(inner)),
        Kind::Binary(binary, left, right) => format!("({} {binary:?} {})", expr(left), expr(right)),
        Kind::Assign(left, right) => format!("{} = {}", expr(left), expr(right)),
        Kind::AssignOp(binary, left, right) => format!("{} {binary:?}= {}", expr(left), expr(right)),
        Kind::Step { target, by, .. } => format!("{}+{by}", expr(target)),
        Kind::Choose(condition, then, otherwise) => {
            format!("({} ? {} : {})", expr(condition), then.as_ref().map(|then| expr(then)).unwrap_or_default(), expr(otherwise))
        }
        Kind::List(list) => format!("[{}]", items(list)),
        Kind::Closure(function) => format!("closure {{{}}}", block(&function.body)),
        other => format!("{other:?}"),
    }
}

fn check(table: &[(&str, &str)]) {
    for (text, expected) in table {
        assert_eq!(told(text), *expected, "{text}");
    }
}

#[test]
fn tags() {
    check(&[
        ("a<cfset X = Form.Cmd & \"b\">c", "x = (form.cmd & 'b')"),
        ("<cfset var a = 1/>", "let a = 1"),
        (
            "<cfexecute name=\"demo\" arguments=\"/c #form.a#\" timeout=5 variable=\"out\"></cfexecute>",
            "out = cfexecute('name': 'demo', 'arguments': ('/c ' & form.a), 'timeout': '5', 'variable': 'out')",
        ),
        ("<CFEXECUTE NAME=\"#x#\" variable=\"variables.y\"/>", "variables.y = cfexecute('name': x, 'variable': 'variables.y')"),
        (
            "<cfif a eq 1 AND NOT b>x<cfelseif c is not 2><cfset d=1><cfelse><cfabort></cfif>",
            "if ((a Equal 1) And Not(b)) {} {if Not((c Equal 2)) {d = 1} {exit()}}",
        ),
        ("<cfoutput>a #b# ## <cfset c = 1>#demo(c)#</cfoutput> #no#", "echo(b); c = 1; echo(demo(c))"),
        ("<cfloop list=\"#a#\" index=\"i\"><cfset demo(i)></cfloop>", "each listtoarray(a) as i {demo(i)}"),
        ("<cfloop condition=\"a lt 3\"><cfbreak></cfloop>", "loop (a Less 3) {break}"),
        ("<cfloop from=\"1\" to=\"#n#\" index=\"i\"></cfloop>", "loop (i LessEqual n) {}"),
        (
            "<cfquery name=\"q\" datasource=\"#d#\">select #a#</cfquery>",
            "q = cfquery('name': 'q', 'datasource': d, 'body': ('select ' & a))",
        ),
        ("<cfinclude template=\"#url.f#\">", "cfinclude('template': url.f)"),
        ("<cfparam name=\"form.a\" default=\"b\">", "form.a Coalesce= 'b'"),
        (
            "<cffile action=\"upload\" filefield=\"f\" destination=\"#d#\">",
            "cffile('action': 'upload', 'filefield': 'f', 'destination': d)",
        ),
        (
            "<cfswitch expression=\"#a#\"><cfcase value=\"1\"><cfset b=1></cfcase><cfdefaultcase><cfset b=2></cfdefaultcase></cfswitch>",
            "switch a {'1': b = 1; break | : b = 2; break}",
        ),
        ("<cftry><cfset a()><cfcatch type=any><cfset b()></cfcatch></cftry>", "try {a()} [\"cfcatch b()\"] {}"),
        (
            "<cfcomponent extends=\"X\"><cffunction name=\"F\" access=\"remote\"><cfargument name=\"A\" default=\"1\"><cfreturn a></cffunction></cfcomponent>",
            "class [\"x\"] {fn [\"remote\"] f(a) {return a}} {}",
        ),
        ("<cfsavecontent variable=\"s\">a#b#</cfsavecontent>", "s = ('a' & b)"),
        ("<!--- <cfset no=1> <!--- x ---> ---><cfset a=1>", "a = 1"),
        (
            "<cfobject type=\"java\" class=\"demo.Demo\" name=\"o\">",
            "o = cfobject('type': 'java', 'class': 'demo.Demo', 'name': 'o')",
        ),
        ("<cf_demo a=\"1\">", "cf_demo('a': '1')"),
        ("<cfset a = '#b#c''d'>", "a = (b & 'c'd')"),
        ("<cfset \"x\" = evaluate(\"a.#b#\")>", "x = evaluate(('a.' & b))"),
        ("<cfset ><cfset b = 1>", "?; b = 1"),
        ("<cfhttp url=\"#u#\"><cfset a = cfhttp.fileContent>", "cfhttp = cfhttp('url': u); a = cfhttp.filecontent"),
    ]);
}

#[test]
fn script() {
    check(&[
        (
            "<cfscript>a = createObject('java','demo.Demo').init(x).go(['a', url.c]);</cfscript>",
            "a = createobject('java', 'demo.Demo').init(x).go(['a', url.c])",
        ),
        (
            "<cfscript>cfexecute(name=\"demo\", arguments=form.a, variable=\"out\");</cfscript>",
            "out = cfexecute('name': 'demo', 'arguments': form.a, 'variable': 'out')",
        ),
        (
            "<cfscript>execute name=\"demo\" arguments=\"#a#\" variable=\"b\";c();</cfscript>",
            "b = cfexecute('name': 'demo', 'arguments': a, 'variable': 'b'); c()",
        ),
        ("<cfscript>if (a == 1 && !b) { c(); } else d();</cfscript>", "if ((a Equal 1) And Not(b)) {c()} {d()}"),
        (
            "<cfscript>for (var i = 1; i <= 3; i++) a(i); for (x in y) b(x); while (true) break;</cfscript>",
            "loop (i LessEqual 3) {a(i)}; each y as x {b(x)}; loop Bool(true) {break}",
        ),
        ("<cfscript>switch (a) { case \"1\": b(); break; default: c(); }</cfscript>", "switch a {'1': b(); break | : c()}"),
        ("<cfscript>try { a(); } catch (any e) { b(e); } finally { c(); }</cfscript>", "try {a()} [\"e b(e)\"] {c()}"),
        ("<cfscript>function f(required string a, b=2) { return a ?: b; }</cfscript>", "fn [] f(a,b) {return (a ?  : b)}"),
        (
            "<cfscript>x = {a: 1, \"b\" = c}; y = (z) => z + 1; w = a ? b : c;</cfscript>",
            "x = ['a': 1, 'b': c]; y = closure {return (z Add 1)}; w = (a ? b : c)",
        ),
        (
            "<cfscript>include \"a.cfm\"; x &= 'b'; y = new a.B(1);</cfscript>",
            "cfinclude('template': 'a.cfm'); x Join= 'b'; y = new a.b(1)",
        ),
        (
            "component extends=\"x\" { remote string function f() { return demo(1); } }",
            "class [\"x\"] {fn [\"remote\", \"string\"] f() {return demo(1)}} {}",
        ),
        ("<cfscript>a = ; b = 1;</cfscript>", "?; b = 1"),
    ]);
}

const HOSTILE: &[&str] = &[
    "<cfif a>",
    "<cfset a=",
    "<cfset \"",
    "<cfoutput>",
    "#",
    "##",
    "#a",
    "<cfscript>",
    "{",
    "(",
    "[",
    "\"",
    "'",
    "<cftry>",
    "<cfcatch>",
    "<cfswitch>",
    "<cfcase>",
    "<cffunction>",
    "<!---",
    "--->",
    "<cfquery>",
    "</cfquery>",
    "a=",
    "a&",
    "a.",
    "if(",
    "for(",
    "function f(",
    "a?b:",
    "!",
    "-",
    "case ",
    "<cfloop>",
    "</cfif>",
    "<cfelseif>",
    "<",
    "cfexecute a=",
    "component {",
    ";",
    "=>",
    "not ",
    "\n",
    "new ",
    "query a = function(){ ",
    "(a) => { ",
    "function f(a = function(){ ",
    "x = {a: [",
    "<cfset a = b(\"#c(\"",
];

#[test]
fn hostile_pages_take_linear_time() {
    for before in ["", "<cfscript>", "<cfoutput>", "<cfset a = \"", "component {", "<cfset a = ", "<cfif "] {
        for piece in HOSTILE {
            let text = before.to_owned() + &piece.repeat((1 << 17) / piece.len());
            let begun = std::time::Instant::now();
            let _ = parse(text.as_bytes(), &[Piece::Code(0..text.len())]);
            assert!(begun.elapsed().as_secs() < 5, "{before:?} {piece:?} {:?}", begun.elapsed());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn no_page_panics(pieces in prop::collection::vec(prop_oneof![4 => prop::sample::select(HOSTILE).prop_map(|piece| piece.as_bytes().to_vec()), 1 => prop::collection::vec(any::<u8>(), 0..8)], 0..40)) {
        let text = pieces.concat();
        let _ = parse(&text, &[Piece::Code(0..text.len())]);
    }
}
