use proptest::prelude::*;

use crate::language::Language;
use crate::parse::{Piece, sexp};

fn script(text: &str) -> String {
    read(Language::VbScript, text)
}

fn net(text: &str) -> String {
    read(Language::VisualBasic, text)
}

fn read(language: Language, text: &str) -> String {
    let piece = Piece::Code(0..text.len());
    sexp::program(&super::parse(language, text.as_bytes(), &[piece]))
}

fn check(read: fn(&str) -> String, rows: &[(&str, &str)]) {
    let mut wrong = String::new();
    for (source, expected) in rows {
        let found = read(source);
        if found != *expected {
            wrong.push_str(&format!("{source}\n  expected {expected}\n  found    {found}\n"));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn expressions() {
    check(
        script,
        &[
            ("x = 1", "(= x 1)"),
            ("x = \"a\"\"b\"", r#"(= x "a\"b")"#),
            ("x = a & b & \"c\" & d", r#"(= x (join a b "c" d))"#),
            ("x = a + \"b\" + c", r#"(= x (join a "b" c))"#),
            ("x = a + b - c", "(= x (Sub (Add a b) c))"),
            ("x = &H41 + &O17", "(= x (Add 65 15))"),
            ("x = &HFFFF", "(= x -1)"),
            ("x = &H41& + 1", "(= x (Add 65 1))"),
            ("f(&0141)", "(call f 97)"),
            ("x = a&hello", "(= x (join a hello))"),
            ("x = a &home", "(= x (join a home))"),
            ("x = 1.5e3", "(= x 1500.0)"),
            ("x = #1/2/2000#", r#"(= x "1/2/2000")"#),
            ("x = a Mod 2 \\ 3 * -b ^ 2", "(= x (Mod a (IntDiv 2 (Mul 3 (Minus (Pow b 2))))))"),
            ("x = Not a = b And c", "(= x (And (Not (Equal a b)) c))"),
            ("x = a And &H80", "(= x (BitAnd a 128))"),
            ("x = Asc(c) Xor k", "(= x (BitXor (call asc c) k))"),
            ("x = a <> b Xor True", "(= x (Xor (NotEqual a b) true))"),
            ("x = a Eqv b Imp c", "(= x (Or (Not (Not (BitXor a b))) c))"),
            ("x = a =< b", "(= x (LessEqual a b))"),
            ("x = o Is Nothing", "(= x (Equal o null))"),
            ("x = a.B(1).c", r#"(= x (. (call (. a "b") 1) "c"))"#),
            ("x = (a)", "(= x a)"),
            ("x = [end]", "(= x end)"),
            ("x = f(, 2)", "(= x (call f null 2))"),
            ("x = New RegExp", "(= x (new `regexp))"),
            ("x = a _\n & b", "(= x (join a b))"),
            ("x = rs!Name", r#"(= x (index rs "Name"))"#),
            ("x = 1 ' note\ny = 2 : Rem more\nz = 3", "(= x 1) (= y 2) (= z 3)"),
        ],
    );
}

#[test]
fn statements() {
    check(
        script,
        &[
            ("Response.Write x, y", r#"(call (. response "write") x y)"#),
            ("Response.Write (a) & b", r#"(call (. response "write") (join a b))"#),
            ("Response.Write(a)", r#"(call (. response "write") a)"#),
            ("Response.Write x = 1", r#"(call (. response "write") (Equal x 1))"#),
            ("Execute s", "(call execute s)"),
            ("f (x), y", "(call f x y)"),
            ("f -1", "(call f -1)"),
            ("Call f(x)", "(call f x)"),
            ("f", "(call f)"),
            ("Response.End", r#"(call (. response "end"))"#),
            ("End", "(call `exit)"),
            ("Set o = Server.CreateObject(\"a\")", r#"(= o (call (. server "createobject") "a"))"#),
            ("a(1) = 2 : b.c = 3", r#"(= (call a 1) 2) (= (. b "c") 3)"#),
            ("Dim a, b(3), c()", "(let a _) (let b []) (let c [])"),
            ("Const a = 1, b = \"x\"", r#"(let a 1) (let b "x")"#),
            ("Private x", "(let x _)"),
            ("ReDim a(3)\nReDim Preserve b(4)", "(= a [])"),
            ("On Error Resume Next : x = 1", "(= x 1)"),
            ("Option Explicit", ""),
            ("With a\nb .c(1)\nb.c\nEnd With", r#"(let with 1 a) (call b (call (. with 1 "c") 1)) (call (. b "c"))"#),
            (
                "With a.b\n.c = 1\nx = .d(2)\nEnd With",
                r#"(let with 1 (. a "b")) (= (. with 1 "c") 1) (= x (call (. with 1 "d") 2))"#,
            ),
        ],
    );
}

#[test]
fn blocks() {
    check(
        script,
        &[
            ("If a Then b Else c", "(if a {(call b)} {(call c)})"),
            ("If a Then b : c = 1 : d Else e : f", "(if a {(call b) (= c 1) (call d)} {(call e) (call f)})"),
            ("If a Then If b Then c Else d", "(if a {(if b {(call c)} {(call d)})} {})"),
            ("If a Then b End If\nc", "(if a {(call b)} {}) (call c)"),
            ("If a Then\nb\nElseIf c Then\nd\nElse\ne\nEnd If\nf", "(if a {(call b)} {(if c {(call d)} {(call e)})}) (call f)"),
            ("If a Then\nElse If b Then\nc\nEnd If\nEnd If\nd", "(if a {} {(if b {(call c)} {})}) (call d)"),
            ("For i = 1 To 3\nf i\nNext", "(loop ((= i 1)) (LessEqual i 3) ((step pre 1 i)) {(call f i)})"),
            ("For i = 3 To 1 Step -1 : f : Next", "(loop ((= i 3)) (GreaterEqual i 1) ((=Add i -1)) {(call f)})"),
            (
                "For i = 1 To 2\nFor j = 1 To 2\nf\nNext j, i\ng",
                concat!(
                    "(loop ((= i 1)) (LessEqual i 2) ((step pre 1 i)) {",
                    "(loop ((= j 1)) (LessEqual j 2) ((step pre 1 j)) {(call f)})}) (call g)"
                ),
            ),
            ("For Each a In b\nf a\nNext", "(each b a {(call f a)})"),
            ("Do While a\nb\nLoop", "(loop () a () {(call b)})"),
            ("Do\nb\nLoop Until a", "(do () (Not a) () {(call b)})"),
            ("Do\nExit Do\nLoop", "(loop () _ () {(break 1)})"),
            ("While a\nb\nWend", "(loop () a () {(call b)})"),
            (
                "For Each a In b\nSelect Case c\nCase 1, 2\nExit For\nCase Else\nd\nEnd Select\nNext",
                "(each b a {(switch c (case 1 2 {(break 2) (break 1)}) (case {(call d) (break 1)}))})",
            ),
            (
                "Select Case c\nCase Is > 5\na\nCase 1 To 3\nb\nEnd Select",
                concat!(
                    "(let select 1 c) (switch true (case (Greater select 1 5) {(call a) (break 1)}) ",
                    "(case (And (GreaterEqual select 1 1) (LessEqual select 1 3)) {(call b) (break 1)}))"
                ),
            ),
        ],
    );
}

#[test]
fn procedures() {
    check(
        script,
        &[
            ("Function f(a, ByVal b)\nf = a\nExit Function\nEnd Function", "(fn f &a b {(= f a) (return _)})"),
            ("Sub s\nx\nEnd Sub\ny", "(fn s {(call x)}) (call y)"),
            ("Public Function f()\nEnd Function", "(fn f [public] {})"),
            ("Sub a()\nIf x Then\ny\nEnd Sub\nz", "(fn a {(if x {(call y)} {})}) (call z)"),
            ("Sub a()\nx\nSub b()\ny\nEnd Sub", "(fn a {(call x)}) (fn b {(call y)})"),
            (
                "Class c\nPrivate v\nPublic Default Property Get p(i)\np = v\nEnd Property\nProperty Let p(i, x)\nv = x\nEnd Property\nEnd Class",
                "(class c (v _) (fn get_p [public default get] &i {(let p _) (= p v) (return p)}) (fn set_p [set] &i &x {(= v x)}))",
            ),
        ],
    );
}

#[test]
fn dotnet() {
    check(
        net,
        &[
            ("Imports System\nOption Strict On\n#If A Then\nx = 1\n#End If", "(= x 1)"),
            ("Dim a As String = \"b\"", r#"(let a:string "b")"#),
            ("Dim a As New System.Diagnostics.Process()", "(let a:process (new `system.diagnostics.process))"),
            ("Dim a() As Byte, b As System.Byte()", "(let a:byte[] _) (let b:byte[] _)"),
            ("Dim a, b As Integer", "(let a:integer _) (let b:integer _)"),
            ("Dim a As New List(Of String)(3)", "(let a:list (new `list 3))"),
            ("Dim a = New T With {.B = c, .D = 1}", r#"(let a (init (new `t) "b": c "d": 1))"#),
            ("Dim a = New T From {b, {c, d}}", "(let a (init (new `t) b [c d]))"),
            ("Dim a = New Byte() {1, 2}\nDim b = {3}", "(let a [1 2]) (let b [3])"),
            ("x = New Byte(1024) {}", "(= x [])"),
            ("x = CType(y, System.IO.Stream)", "(= x (as stream y))"),
            ("x = DirectCast(y, Byte())", "(= x (as byte[] y))"),
            ("x = CStr(y)", "(= x (call cstr y))"),
            ("x = GetType(A.B)", "(= x (TypeOf `a.b))"),
            ("x = TypeOf y Is A.B AndAlso z", "(= x (And (IsA y `a.b) z))"),
            ("x = If(a, b, c)\ny = If(a, b)", "(= x (? a b c)) (= y (Coalesce a b))"),
            ("x = \"a\"c", "(= x (as char 97))"),
            ("x = $\"a{b}c{{d}}{e.F:N2}\"", r#"(= x (join "a" b "c{d}" (. e "f")))"#),
            ("x = Function(a) a + 1", "(= x (fn _ a {(return (Add a 1))}))"),
            ("f(Sub(a)\nb\nEnd Sub, c)\nd", "(call f (fn _ a {(call b)}) c) (call d)"),
            ("AddHandler a.B, AddressOf c", r#"(call `addhandler (. a "b") c)"#),
            ("f(\n a,\n b\n)", "(call f a b)"),
            ("x = a &\n b", "(= x (join a b))"),
            ("x += 1\ny &= \"a\"", r#"(=Add x 1) (=Join y "a")"#),
            ("f(a:=1)", r#"(call f "a": 1)"#),
            ("Me.x = MyBase.y", r#"(= (. this "x") (. base "y"))"#),
            ("Try\na\nCatch e As Exception When b\nc\nFinally\nd\nEnd Try", "(try {(call a)} (catch e {(call c)}) {(call d)})"),
            ("Throw New E(\"x\")", r#"(throw (new `e "x"))"#),
            ("Using a As New B(c)\nd\nEnd Using", "(let a:b (new `b c)) (call d)"),
            ("SyncLock a\nb\nEnd SyncLock", "a (call b)"),
            ("If a\nb\nElse If c\nd\nEnd If", "(if a {(call b)} {(if c {(call d)} {})})"),
            ("While a\nContinue While\nEnd While", "(loop () a () {(continue 1)})"),
            ("For Each a As B In c\nNext", "(each c a {})"),
            ("x = a?.b?(1)", r#"(= x (call (. a "b") 1))"#),
            ("here:\nGoTo here", ""),
        ],
    );
}

#[test]
fn dotnet_declarations() {
    check(
        net,
        &[
            (
                "<WebMethod()> _\nPublic Shared Function f(ByVal a As String) As String\nReturn a\nEnd Function",
                "(fn f [webmethod public shared] a:string {(return a)})",
            ),
            ("<DllImport(\"k\")>\nPrivate Shared Function f() As Integer\nEnd Function", "(fn f [dllimport private shared] {})"),
            (
                "Declare Auto Function f Lib \"k\" Alias \"g\" (ByVal a As Integer) As Integer\nx",
                "(fn f [dllimport] a:integer {}) (call x)",
            ),
            ("Sub f(Optional a As Integer = 1, ParamArray b() As String)\nEnd Sub", "(fn f a:integer=1 ...b:string[] {})"),
            (
                "Protected Sub Page_Load(s As Object, e As EventArgs) Handles Me.Load\nx\nEnd Sub",
                "(fn page_load [protected handles] s:object e:eventargs {(call x)})",
            ),
            (
                "Public Class A\nInherits B.C\nImplements D, E\nPublic F As String = \"x\"\nShared G As Integer\nPublic Overrides Sub h()\nEnd Sub\nEnd Class",
                r#"(class a <b.c <d <e (f:string "x") (static g:integer _) (fn h [public override] {}))"#,
            ),
            (
                "Class A\nPublic Property B As String\nPublic ReadOnly Property C As String\nGet\nReturn d\nEnd Get\nEnd Property\nEnd Class",
                "(class a (b:string _) (fn get_c [public readonly get] {(return d)}))",
            ),
            (
                "Property C As String\nGet\nReturn d\nEnd Get\nSet(v As String)\nd = v\nEnd Set\nEnd Property\nx",
                "(fn get_c [get] {(return d)}) (fn set_c [set] v:string {(= d v)}) (call x)",
            ),
            ("Module M\nSub a()\nEnd Sub\nEnd Module\nx", "(fn a {}) (call x)"),
            ("Namespace N\nClass A\nEnd Class\nEnd Namespace", "(class a)"),
            ("Enum E\nA\nB = 5\nEnd Enum", "(class e (static a 0) (static b 5))"),
            ("Interface I\nSub a()\nFunction b() As C\nEnd Interface\nx", "(class i (fn a {}) (fn b {})) (call x)"),
        ],
    );
}

#[test]
fn pages() {
    let text = "<p>If a Then</p>b<i>x</i>End If";
    let find = |what: &str| {
        let at = text.find(what).unwrap_or(0);
        at..at + what.len()
    };
    let pieces = [
        Piece::Text(find("<p>")),
        Piece::Code(find("If a Then")),
        Piece::Text(find("</p>")),
        Piece::Echo(find("b")),
        Piece::Text(find("<i>")),
        Piece::Code(find("End If")),
    ];
    let program = super::parse(Language::VbScript, text.as_bytes(), &pieces);
    assert_eq!(sexp::program(&program), "(text 3) (if a {(text 4) (call `echo b) (text 3)} {})");
}

#[test]
fn what_is_broken_is_read_as_far_as_it_goes() {
    check(
        script,
        &[
            ("End If\nx", "unread (call x)"),
            ("x = (1\ny", "(= x 1) (call y)"),
            ("x = \"abc\ny", r#"(= x "abc") (call y)"#),
            ("f a 1 c\nx", "(call f a) unread (call x)"),
            ("x = f(1) g\ny", "(= x (call f 1)) unread (call g) (call y)"),
            (" =x", "(call `echo x)"),
            (") ] }\nx", "unread (call x)"),
            ("If a Then\nx", "(if a {(call x)} {})"),
            ("x = a &", "(= x (join a null))"),
            ("Class", "(call class)"),
            ("Wend : Loop : x", "unread (call x)"),
        ],
    );
}

#[test]
fn what_is_deep_does_not_exhaust_the_stack() {
    for language in [Language::VbScript, Language::VisualBasic] {
        for (begin, end) in [
            ("x = ", ""),
            ("x = (", "+ b + c"),
            ("x = a - b - c - d", ""),
            ("If a Then\n", "\nEnd If"),
            ("If a Then ", ""),
            ("If a Then\nElseIf b Then\n", ""),
            ("x = Not ", ""),
            ("x = f(", ")"),
            ("f(Sub()\n", "\nEnd Sub)"),
            ("Class a\n", "\nEnd Class"),
            ("Do\n", ""),
            ("x = {", "}"),
            ("With .a\n", ""),
        ] {
            let body = begin.strip_prefix("x = ").unwrap_or(begin);
            let text = format!("{}{}{}", if body == begin { "" } else { "x = " }, body.repeat(20_000), end.repeat(20_000));
            read(language, &text);
        }
        read(language, &format!("x = a{}", ".b".repeat(100_000)));
        read(language, &format!("x = a{}", "(1)".repeat(100_000)));
        read(language, &format!("x = a{}", " - 1".repeat(100_000)));
        read(language, &format!("x = {}a{}", "(".repeat(190), " - b * c & d)".repeat(100_000)));
        read(language, &format!("x = {}", "$\"{".repeat(50_000)));
        let long = read(language, &format!("x = a{}", " & Chr(65)".repeat(100_000)));
        assert!(long.len() > 1_000_000 && !long.contains("unread"));
        let long = read(language, &format!("x = a{}", " + Chr(65)".repeat(10_000)));
        assert!(long.len() > 100_000 && !long.contains("unread"));
    }
}

fn words() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "If",
        "Then",
        "Else",
        "ElseIf",
        "End",
        "End If",
        "For",
        "Each",
        "In",
        "Next",
        "Do",
        "Loop",
        "While",
        "Wend",
        "Until",
        "Select Case",
        "Case",
        "Sub",
        "Function",
        "Property",
        "Get",
        "Set",
        "Class",
        "With",
        "Try",
        "Catch",
        "Finally",
        "Using",
        "New",
        "As",
        "Of",
        "(",
        ")",
        "{",
        "}",
        ",",
        ".",
        ":",
        "\n",
        "=",
        "&",
        "+",
        "-",
        "<",
        ">",
        "\"",
        "'",
        "x",
        "f",
        "1",
        "_",
        "&H",
        "#",
        "$\"{",
        "}\"",
        "!",
        "?",
        "Dim",
        "Exit",
        "Not",
        "Is",
        "To",
        "Step",
        "Module",
        "Enum",
        "Public",
        "Return",
        "<A()>",
        "Next j, i",
        "Let",
        "ReDim",
        "Static",
        "AddressOf",
        "TypeOf",
        "Await",
        "If(",
        "CType(",
        "From {",
        "With {",
    ]);
    prop::collection::vec(word, 0..80).prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..400), cut in 0_usize..400) {
        let cut = cut.min(bytes.len());
        let pieces = [Piece::Code(0..cut), Piece::Echo(cut..bytes.len()), Piece::Text(0..9999), Piece::Code(cut..0)];
        for language in [Language::VbScript, Language::VisualBasic] {
            super::parse(language, &bytes, &pieces);
        }
    }

    #[test]
    fn any_words_are_read(text in words()) {
        script(&text);
        net(&text);
    }
}
