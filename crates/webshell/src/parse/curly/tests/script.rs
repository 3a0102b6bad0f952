//! JScript and what it becomes.

/// Source and tree of JScript and JavaScript.
pub(super) const ROWS: &[(&str, &str)] = &[
    (
        r#"var a = 1, b = "x" + c, d
e = f
g()"#,
        r#"(let a 1) (let b (join "x" c)) (let d) (= e f) (call g)"#,
    ),
    (
        r#"var o = {a: 1, "b": 2, 3: c, [d]: e, f, g() { return 1 }, get h() { return 2 }, ...i, class: 5};"#,
        r#"(let o ["a":1 "b":2 3:c d:e "f":f "g":(fn () {(return 1)}) "h":(fn () {(return 2)}) ...i "class":5])"#,
    ),
    (
        r"var f = function (a, b) { return a; }; function g(x) { return x } (function () { h() })();",
        r"(let f (fn (a b) {(return a)})) (def captures g(x) {(return x)}) (call (fn () {(call h)}))",
    ),
    (
        r"var r = /a[/]b\/c/gi.test(x); y = a / b / c; if (x) /re/.exec(y); z = [1, , 2];",
        r#"(let r (call (. (new 'RegExp "a[/]b\\/c" "gi") test) x)) (= y (/ (/ a b) c)) (if x {(call (. (new 'RegExp "re" "") exec) y)} {}) (= z [1 null 2])"#,
    ),
    (
        r"var t = `a${b + 1}c${`d${e}`}f`; tag`x`; h = (a, b) => a; i = x => { return x }; j = async (a) => b;",
        r#"(let t (join "a" (+ b 1) "c" (join "d" e) "f")) (call tag (join "x")) (= h (fn (a b) {(return a)})) (= i (fn (x) {(return x)})) (= j (fn (a) {(return b)}))"#,
    ),
    (
        r"for (var i = 0, n = a.length; i < n; i++) b(i); for (var k in o) c(k); for (k in o) d(); for (const v of list) e(v); for each (x in y) z();",
        r"(loop [(= i 0) (= n (. a length))] (< i n) [(_++ i)] {(call b i)}) (each k: o {(call c k)}) (each k: o {(call d)}) (each v list {(call e v)}) (each x y {(call z)})",
    ),
    (
        r"with (a) { b() } try { c() } catch (e) { d() } finally { f() } switch (a) { case 1: b(); break; default: c() }",
        r"{a (call b)} (try {(call c)} (catch e {(call d)}) (finally {(call f)})) (switch a (1 => {(call b) (break 1)}) ( => {(call c)}))",
    ),
    (r"a = b, c = d; x = (y, z); return a, b", r"(= a b) (= c d) (= x (at [y z] 1)) (return (at [a b] 1))"),
    (
        r#"new Foo; new Foo(1).bar(); new ActiveXObject("a.b"); new a.b.C(d); new (f())(1); new this[a](b); new (Function("a"))();"#,
        r#"(new 'Foo) (call (. (new 'Foo 1) bar)) (new 'ActiveXObject "a.b") (new 'a.b.C d) (new (call f) 1) (new (at this a) b) (new (call Function "a"))"#,
    ),
    (
        r"typeof a; void 0; delete a.b; !a; a in b; a instanceof B; a === b; a !== b; a ** 2; ++a; a--; !![] + [][0];",
        r"(typeof a) null (unset (. a b)) (! a) (test a b) (is a B) (== a b) (!= a b) (** a 2) (++_ a) (_-- a) (+ (! (! [])) (at [] 0))",
    ),
    (
        r#"eval("\x61\u0062\143\u{64}"); \u0065val(a); a["b"]["c"](d); a?.b; a?.[c]; a ?? b; f(...g);"#,
        r#"(call eval "abcd") (call eval a) (call (at (at a "b") "c") d) (. a b) (at a c) (?? a b) (call f ...g)"#,
    ),
    (r"/*@cc_on @if (@_jscript) a(); @else @*/ b(); /*@end @*/", r"_jscript (call a) (call b)"),
    (
        r"class A extends B { constructor(a) { super(a); } static m() { } x = 1; get y() { return 2 } #p = 3; async z() { } } var C = class { };",
        r"(class A <B (x=1) (p=3) (def constructor(a) {(call super a)}) (def @static m() {}) (def get_y() {(return 2)}) (def @async z() {})) (let C (class ))",
    ),
    (
        r"let x = 1; const y = 2; let [a, b] = c; var {d, e: f} = g; function h({a}, [b], c = 1, ...d) { }",
        r#"(let x 1) (let y 2) (= [a b] c) (= ["d":d "e":f] g) (def captures h(  c=1 ...d) {})"#,
    ),
    (
        r"return
a",
        r"(return) a",
    ),
    (
        r"x = a
++b",
        r"(= x a) (++_ b)",
    ),
    (r"if (a) b; else c", r"(if a {b} {c})"),
    (
        r#"var s = 'a\'b"c' + "d\
e""#,
        r#"(let s (join "a\'b\"c" "de"))"#,
    ),
    (r"<!-- hidden", r""),
    (
        r#"import x from "y"; export default a; export function f() { } import("z");"#,
        r#"a (def captures f() {}) (call import "z")"#,
    ),
    (
        r"a = b ? c : d ? e : f; lab: for (;;) { break lab } do x(); while (y) z()",
        r"(= a (? b c (? d e f))) (loop [] _ [] {(break 1)}) (do [] y [] {(call x)}) (call z)",
    ),
    (r"print(a); let = 5; async = 6; of(b); get(c)", r"(call print a) (= let 5) (= async 6) (call of b) (call get c)"),
    (
        r#"x = {a: function () { return 1 }, b: [1, 2]}.a; y = "a".b(); 017; 0x1F; .5; 1e3; 5..a"#,
        r#"(= x (. ["a":(fn () {(return 1)}) "b":[1 2]] a)) (= y (call (. "a" b))) 15 31 0.5 1000.0 (. 5.0 a)"#,
    ),
    (
        r"x = a ? (b) : c; y = a ? {b: 1} : []; var f = function () { }(); !function () { a() }(); a.b = function (c) { return c };",
        r#"(= x (? a b c)) (= y (? a ["b":1] [])) (let f (call (fn () {}))) (! (call (fn () {(call a)}))) (= (. a b) (fn (c) {(return c)}))"#,
    ),
    (
        r#"function f() { return {a: 1} } this["a" + "b"](c); for (a = 0, b = 1; ; ) { } { a: 1 } new Date().x"#,
        r#"(def captures f() {(return ["a":1])}) (call (at this (join "a" "b")) c) (loop [(= a 0) (= b 1)] _ [] {}) {1} (. (new 'Date) x)"#,
    ),
    (
        r"a = b
(c)",
        r"(= a (call b c))",
    ),
    (
        r"var a = b
, c = d",
        r"(let a b) (let c d)",
    ),
    (r"if (a) { } else if (b) { } else { }", r"(if a {} {(if b {} {})})"),
    (
        r"if (a) b
else c",
        r"(if a {b} {c})",
    ),
    (
        r#""a" + b + "c"; a + b + "c"; String.fromCharCode(97, 98); [1, 2].join(""); a[0] = a[1] = 2; a += "b";"#,
        r#"(join "a" b "c") (join (+ a b) "c") (call (. String fromCharCode) 97 98) (call (. [1 2] join) "") (= (at a 0) (= (at a 1) 2)) (+= a "b")"#,
    ),
    (
        r#"var Response = {}, x = Request("a"); eval(x); Response.Write(x)"#,
        r#"(let Response []) (let x (call Request "a")) (call eval x) (call (. Response Write) x)"#,
    ),
    (r"for (;;) { if (a) break; else continue }", r"(loop [] _ [] {(if a {(break 1)} {(continue 1)})})"),
    (
        r"a: for (;;) { b: for (;;) { switch (c) { case 1: continue a; case 2: break b; case 3: break } } }",
        r"(loop [] _ [] {(loop [] _ [] {(switch c (1 => {(continue 3)}) (2 => {(break 2)}) (3 => {(break 1)}))})})",
    ),
    (
        r"(function (a) { a(); }(b)); (() => { c() })(); (async function () { await d() })();",
        r"(call (fn (a) {(call a)}) b) (call (fn () {(call c)})) (call (fn () {(same (call d))}))",
    ),
    (
        r#"x = y / 2 / z; s.replace(/"/g, "'"); s.split(/[\/"]/); if (/a/.test(b)) c(); return /x/"#,
        r#"(= x (/ (/ y 2) z)) (call (. s replace) (new 'RegExp "\"" "g") "\'") (call (. s split) (new 'RegExp "[\\/\"]" "")) (if (call (. (new 'RegExp "a" "") test) b) {(call c)} {}) (return (new 'RegExp "x" ""))"#,
    ),
    (
        r#"a = {"b": function () { }, c: /d/, get: 1, set: 2, get e() { }, async f() { }, "g"() { }}"#,
        r#"(= a ["b":(fn () {}) "c":(new 'RegExp "d" "") "get":1 "set":2 "e":(fn () {}) "f":(fn () {}) "g":(fn () {})])"#,
    ),
    (
        r"try { a } catch { b } do a(); while (b) while (c) d()",
        r"(try {a} (catch _ {b})) (do [] b [] {(call a)}) (loop [] c [] {(call d)})",
    ),
    (
        r#"var a; delete b[c], d; typeof (e) == "f"; g instanceof H; void f(); a = void 0; x >>>= 1; y = z >>> 2 >> 1"#,
        r#"(let a) (unset (at b c)) d (== (typeof e) "f") (is g H) (at [(call f) null] 1) (= a null) (>>= x 1) (= y (>> (>> z 2) 1))"#,
    ),
    (r#"throw new Error("x"); throw a"#, r#"(throw (new 'Error "x")) (throw a)"#),
    (
        r"function* g() { yield a; yield* b } class A { static #x = 1; static { b() } [c]() { } }",
        r"(def captures g() {(same a) (same b)}) (class A (static x=1) (def () {}) {(call b)})",
    ),
    (
        r#"a = "b" // c
d = 'e' /* f */"#,
        r#"(= a "b") (= d "e")"#,
    ),
];

/// Source and tree of JScript.NET.
pub(super) const NET_ROWS: &[(&str, &str)] = &[
    (
        r"import System; import System.IO; package A { class B extends C { var x : int = 1; public static function f(a : String, b : int[]) : void { g(); } function B() { } private var y : System.String; function get P() : int { return 1 } static class D { } } }",
        r"{(class B <C (x:int=1) (y:string) (def @public @static f(a:string b:int[]) {(call g)}) (def B() {}) (def get_P() {(return 1)}) {(class D)})}",
    ),
    (
        r#"var a : String = "x", b : System.IO.Stream; function f(a:int):void { } public function g() : String { return "" } expando function h() { }"#,
        r#"(let a:string "x") (let b:stream) (def captures f(a:int) {}) (def @public captures g() {(return "")}) (def @expando captures h() {})"#,
    ),
    (
        r"var c : byte[] = new byte[10]; for (var i : int = 0; i < 3; i++) a(); for (var k in o) b(); enum E { A, B }",
        r"(let c:byte[] (new 'byte[] 10)) (loop [(= i 0)] (< i 3) [(_++ i)] {(call a)}) (each k o {(call b)}) (class E (static A) (static B))",
    ),
    (
        r#"import System.Diagnostics; function Page_Load(sender : Object, e : EventArgs) : void { var p : Process = new Process(); p.Start("a"); } static var x : int = 5; public class A { static function Main() { } protected override function f() { } }"#,
        r#"(def captures Page_Load(sender:object e:eventargs) {(let p:process (new 'Process)) (call (. p Start) "a")}) (let x:int 5) (class A (def @static Main() {}) (def @protected @override f() {}))"#,
    ),
    (
        r#"var a = new ActiveXObject("b"); eval(Request.Item["a"], "unsafe"); var s : String[] = ["a"]; var i : int = int(x); print("a");"#,
        r#"(let a (new 'ActiveXObject "b")) (call eval (at (. Request Item) "a") "unsafe") (let s:string[] ["a"]) (let i:int (call int x)) (call print "a")"#,
    ),
];
