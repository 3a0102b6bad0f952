//! C# and what it becomes.

/// Source and tree.
pub(super) const ROWS: &[(&str, &str)] = &[
    (r"a = 1 + 2 * 3 - 4;", r"(= a (- (+ 1 (* 2 3)) 4))"),
    (r"a.b.c(d, e[0], ref f, out var g, out int h, out i, name: j);", r#"(call (. (. a b) c) d (at e 0) &f &g &h &i "name":j)"#),
    (r#"var s = "a" + b + "c";"#, r#"(let s (join "a" b "c"))"#),
    (r#"var s = a + b + "c" + d;"#, r#"(let s (join (+ a b) "c" d))"#),
    (
        r#"var t = $"x{a + 1:X2}y{{z}}{b,10}" + $@"c:\{d}""q""";"#,
        r#"(let t (join "x" (+ a 1) "y{z}" b (join "c:\\" d "\"q\"")))"#,
    ),
    (r#"var u = @"a\b""c" + "\x41\u0042\t\\";"#, r#"(let u (join "a\\b\"c" "AB\t\\"))"#),
    (r#"var r = """raw "x" \n""";"#, r#"(let r "raw \"x\" \\n")"#),
    (r#"var r = $$"""{a}{{b}}""";"#, r#"(let r (join "{a}" b))"#),
    (
        r"char c = 'a'; char d = '\''; c = (char)(c + 1);",
        r"(let c:char (as char 97)) (let d:char (as char 39)) (= c (as char (+ c 1)))",
    ),
    (
        r"string x = (string)y; byte[] z = (byte[])w.F(); var v = (a) - b; var q = (int)-b; var p = (Foo)bar;",
        r"(let x:string (as string y)) (let z:byte[] (as byte[] (call (. w F)))) (let v (- a b)) (let q (as int (- b))) (let p (as foo bar))",
    ),
    (
        r"x = y as string; ok = o is string s && s.Length > 0; ok = o is not null; ok = n is > 5;",
        r"(= x (as string y)) (= ok (&& (is (= s o) 'string) (> (. s Length) 0))) (= ok (! (== o null))) (= ok (test n 5))",
    ),
    (
        r#"byte[] b = new byte[] { 0x4d, 0x5A, 90 }; var n = new byte[10]; var m = new[] { "a", "b" }; int[] k = { 1, 2 };"#,
        r#"(let b:byte[] [77 90 90]) (let n (new 'byte[] 10)) (let m ["a" "b"]) (let k:int[] [1 2])"#,
    ),
    (
        r#"var p = new System.Diagnostics.Process { StartInfo = new ProcessStartInfo("a") { FileName = "b" } };"#,
        r#"(let p (init (new 'System.Diagnostics.Process) "StartInfo":(init (new 'ProcessStartInfo "a") "FileName":"b")))"#,
    ),
    (
        r#"var l = new List<string> { "a", "b" }; var d = new Dictionary<string, List<int>>() { { "k", v }, ["m"] = w };"#,
        r#"(let l (init (new 'List) "a" "b")) (let d (init (new 'Dictionary) ["k" v] "m":w))"#,
    ),
    (r"var o = new { A = 1, b.C };", r#"(let o ["A":1 (. b C)])"#),
    (
        r#"a?.b?.c(); x = a?[0]; y = a!.b!; z = a ?? b ?? "c"; w = a ??= b;"#,
        r#"(call (. (. a b) c)) (= x (at a 0)) (= y (. a b)) (= z (?? (?? a b) "c")) (= w (??= a b))"#,
    ),
    (
        r"Func<int, int> f = x => x + 1; g = (a, b) => { return a; }; h = async (string a) => await b(a); i = delegate (object s, EventArgs e) { c(); };",
        r"(let f:func (fn (x) {(return (+ x 1))})) (= g (fn (a b) {(return a)})) (= h (fn (a:string) {(return (same (call b a)))})) (= i (fn (s:object e:eventargs) {(call c)}))",
    ),
    (
        r"button.Click += delegate { run(); }; button.Click += (s, e) => run();",
        r"(+= (. button Click) (fn () {(call run)})) (+= (. button Click) (fn (s e) {(return (call run))}))",
    ),
    (
        r"using (var r = new StreamReader(p)) { r.Read(); } using var q = open(); using System.IO; using P = System.Diagnostics.Process;",
        r"{(let r (new 'StreamReader p)) (call (. r Read))} (let q (call open)) (let P (. (. System Diagnostics) Process))",
    ),
    (
        r"lock (a) { b(); } fixed (byte* p = q) { c(); } unsafe { d(); } checked { e(); } f = checked(a + b);",
        r"{a (call b)} {(let p:byte q) (call c)} {(call d)} {(call e)} (= f (+ a b))",
    ),
    (
        r"public void F(HttpContext context, int a = 1, params string[] b) { return; }",
        r"(def @public F(context:httpcontext a:int=1 ...b:string[]) {(return)})",
    ),
    (
        r"[WebMethod(EnableSession = true), ScriptMethod] public static string G<T>(T a) where T : class => a.ToString();",
        r"(def @webmethod @scriptmethod @public @static G(a:t) {(return (call (. a ToString)))})",
    ),
    (
        r#"public class H : Page, IHttpHandler { public H() : base(1) { } static H() { x = 1; } public bool IsReusable { get { return false; } set { x = value; } } public int Auto { get; set; } = 5; string name = "n", other; void IHttpHandler.ProcessRequest(HttpContext c) { } public string this[int i] { get { return a[i]; } } public int P => 3; public static H operator +(H a, H b) { return a; } enum E { A, B = 2 } class Inner { int z; } event EventHandler Ev; ~H() { } }"#,
        r#"(class H <Page <IHttpHandler (Auto:int=5) (name:string="n") (other:string) (Ev:eventhandler) (def @public H() {(call base 1)}) (def @static H() {(= x 1)}) (def @public get_IsReusable() {(return false)}) (def @public set_IsReusable(value:bool) {(= x value)}) (def ProcessRequest(c:httpcontext) {}) (def @public get_item(i:int) {(return (at a i))}) (def @public get_P() {(return 3)}) (def @public @static operator(a:h b:h) {(return a)}) (def Finalize() {}) {(class E (static A) (static B=2)) (class Inner (z:int))})"#,
    ),
    (r#"[DllImport("kernel32.dll")] static extern IntPtr Alloc(int a);"#, r"(def @dllimport @static @extern Alloc(a:int) {})"),
    (
        r#"x = y switch { 1 => "a", "b" or "c" => d, string s when s.Length > 1 => s, _ => throw new E() };"#,
        r#"(= x (match (= s y) (1 => "a") ("b" "c" => d) (string (> (. s Length) 1) => s) ( => (same (new 'E)))))"#,
    ),
    (
        r#"switch (a) { case 1: case 2: b(); break; case "x": goto case 1; default: c(); return; }"#,
        r#"(switch a (1 => {}) (2 => {(call b) (break 1)}) ("x" => {(unread 51)}) ( => {(call c) (return)}))"#,
    ),
    (
        r"for (int i = 0, j = 1; i < 3; i++, j--) { if (i == 1) continue; break; }",
        r"(loop [(= i 0) (= j 1)] (< i 3) [(_++ i) (_-- j)] {(if (== i 1) {(continue 1)} {}) (break 1)})",
    ),
    (
        r"foreach (var item in list) { use(item); } foreach (KeyValuePair<string, int> kv in d) use(kv);",
        r"(each item list {(call use item)}) (each kv d {(call use kv)})",
    ),
    (
        r"while (true) { switch (x) { case 1: continue; case 2: break; } } do { a(); } while (b);",
        r"(loop [] true [] {(switch x (1 => {(continue 2)}) (2 => {(break 1)}))}) (do [] b [] {(call a)})",
    ),
    (
        r"try { a(); } catch (IOException e) when (e.X) { b(); } catch (Exception) { c(); } catch { d(); } finally { e(); }",
        r"(try {(call a)} (catch e {(call b)}) (catch _ {(call c)}) (catch _ {(call d)}) (finally {(call e)}))",
    ),
    (r"if (a) b(); else if (c) d(); else { e(); }", r"(if a {(call b)} {(if c {(call d)} {(call e)})})"),
    (r#"@if.@class(@int); \u0065val("\u0061"); e\u0076al(a);"#, r#"(call (. if class) int) (call eval "a") (call eval a)"#),
    (
        r"int Local(int a) { return a; } void Outer() { int Inner(int b) { return b; } }",
        r"(def Local(a:int) {(return a)}) (def Outer() {(def captures Inner(b:int) {(return b)})})",
    ),
    (r"var q = from x in list where x.A > 1 select x.B;", r"(let q (call 'linq (= x (at list 0)) (> (. x A) 1) (. x B)))"),
    (
        r"#region abc
a(); // b
/* c */ d();
#endregion",
        r"(call a) (call d)",
    ),
    (
        r"typeof(System.String).Name; default(int); var z = default; sizeof(int); nameof(a);",
        r"(. (typeof 'System.String) Name) null (let z null) (call 'sizeof 'int) (call nameof a)",
    ),
    (r"(a, b) = (b, a); var (c, d) = f(); (int x, string y) t = g();", r"(= [a b] [b a]) (= [c d] (call f)) (let t (call g))"),
    (r"namespace A.B { class C { } } namespace D;", r"{(class C)}"),
    (
        r"List<List<int>> a = new List<List<int>>(); b = c >> 2; d >>= 3; e = f < g; h.I<string>(j);",
        r"(let a:list (new 'List)) (= b (>> c 2)) (>>= d 3) (= e (< f g)) (call (. h I) j)",
    ),
    (r"record Point(int X, int Y); delegate void D(int a); record struct S { }", r"(class Point (X:int) (Y:int)) (class S)"),
    (
        r"x = a ? b : c ? d : e; y = -1; z = !a; w = ~b; i++; --j;",
        r"(= x (? a b (? c d e))) (= y (- 1)) (= z (! a)) (= w (~ b)) (_++ i) (--_ j)",
    ),
    (r"a[i, j] = 1; b[^1] = 2; c = d[1..3];", r"(= (at a [i j]) 1) (= (at b (- 1)) 2) (= c (at d (call 'range 1 3)))"),
    (r#"yield return a; throw; throw new Exception("x");"#, r#"a (throw null) (throw (new 'Exception "x"))"#),
    (
        r#"Response.Write("a" + (b + c)); ((string)a).Trim(); (a as string).Trim();"#,
        r#"(call (. Response Write) (join "a" (+ b c))) (call (. (as string a) Trim)) (call (. (as string a) Trim))"#,
    ),
    (
        r"await foreach (var x in y) { z(); } await a.B(); const int K = 5; static int L; ",
        r"(each x y {(call z)}) (same (call (. a B))) (let K:int 5) (let L:int)",
    ),
    (
        r#"global::System.IO.File.Delete(a); "abc"u8.ToArray(); 1_000; 0b11; 1.5f; 10UL; 1e3; 0xFFFFFFFF;"#,
        r#"(call (. (. (. System IO) File) Delete) a) (call (. "abc" ToArray)) 1000 3 1.5 10 1000.0 4294967295"#,
    ),
    (
        r"Action a = () => b(); Func<string, Task> c = async d => { await e; };",
        r"(let a:action (fn () {(return (call b))})) (let c:func (fn (d) {(same e)}))",
    ),
    (
        r"private string Name { get => a; init => b = value; }",
        r"(def @private get_Name() {(return a)}) (def @private set_Name(value:string) {(return (= b value))})",
    ),
    (
        r"int? a = b; string[] c = d; int[,] e; int[][] f; A.B<C>.D g = h; IEnumerable<string>? i;",
        r"(let a:int b) (let c:string[] d) (let e:int[]) (let f:int[][]) (let g:d h) (let i:ienumerable)",
    ),
    (r"label: while (x) { break; }", r"(loop [] x [] {(break 1)})"),
    (
        r"if (a) { b(
}
c();",
        r"(if a {(call b)} {}) (call c)",
    ),
    (r"foo(a b, c); d();", r"(call foo b c) (call d)"),
    (r"class X { void f() { a = ; } int b; ) }", r"(class X (b:int) (def f() {(= a null)}) {(unread 36)})"),
    (r"}} a(); ]) b();", r"(unread 0) (call a) (unread 8) (call b)"),
    (
        r#"string s = "abc
d();"#,
        r#"(let s:string "abc") (call d)"#,
    ),
    (r"x = new Foo(", r"(= x (new 'Foo))"),
    (
        r"f = static x => x; g = a => b => c; new Thread(() => { run(); }).Start(); new Thread(delegate() { run(); }).Start();",
        r"(= f (fn (x) {(return x)})) (= g (fn (a) {(return (fn (b) {(return c)}))})) (call (. (new 'Thread (fn () {(call run)})) Start)) (call (. (new 'Thread (fn () {(call run)})) Start))",
    ),
    (
        r"x = (int)(y) + 1; if ((a & b) == c) d(); e = (a) & b; f = (uint)a << 3; g((a), (b)); (x).y(); h = (T)(object)x; i = (IntPtr)(-1);",
        r"(= x (+ (as int y) 1)) (if (== (& a b) c) {(call d)} {}) (= e (& a b)) (= f (<< (as uint a) 3)) (call g a b) (call (. x y)) (= h (as t (as object x))) (= i (as intptr (- 1)))",
    ),
    (
        r#"x = a < b ? c : d; y = a < b && c > d; z = a ? (b) : c; w = a ?? throw new E(); d["a"] += "b"; v = b ? (int)c : d;"#,
        r#"(= x (? (< a b) c d)) (= y (&& (< a b) (> c d))) (= z (? a b c)) (= w (?? a (same (new 'E)))) (+= (at d "a") "b") (= v (? b (as int c) d))"#,
    ),
    (
        r#"a = b as byte[]; c = x as string[] ?? y; d = x is int; e = x is null; f = x is A { B: 1 } g; h = string.Join(",", a); i(out _);"#,
        r#"(= a (as byte[] b)) (= c (?? (as string[] x) y)) (= d (is x 'int)) (= e (== x null)) (= f (is (= g x) 'A)) (= h (call (. string Join) "," a)) (call i &_)"#,
    ),
    (
        r"switch (a) { case string s when s.Length > 1: use(s); break; case > 5: break; case A.B: break; }",
        r"(switch (= s a) (string (> (. s Length) 1) => {(call use s) (break 1)}) ( => {(break 1)}) ((. A B) => {(break 1)}))",
    ),
    (r"while ((n = s.Read(b, 0, 1)) != -1) { w(b); }", r"(loop [] (!= (= n (call (. s Read) b 0 1)) (- 1)) [] {(call w b)})"),
    (
        r"static void F<T>(this T a, ref int b, out string c, [Mark] int d = 1) where T : class, new() { }",
        r"(def @static F(a:t &b:int &c:string d:int=1) {})",
    ),
    (
        r#"public class A<T> where T : B { public A(int x) : this() { } protected override void OnLoad(EventArgs e) { base.OnLoad(e); } public const string K = "a" + "b"; }"#,
        r#"(class A (K:string=(join "a" "b")) (def @public A(x:int) {(call this)}) (def @protected @override OnLoad(e:eventargs) {(call (. base OnLoad) e)}))"#,
    ),
    (
        r"interface I { void F(); int P { get; } } struct S { int a; } enum E : byte { A = 1, B } class C(int x) : D(x) { }",
        r"(class I (P:int) (def F() {})) (class S (a:int)) (class E <byte (static A=1) (static B)) (class C <D (x:int))",
    ),
    (
        r"public static implicit operator string(A a) { return a.b; } public event EventHandler X { add { a(); } remove { b(); } }",
        r"(def @public @static operator(a:a) {(return (. a b))}) (def @public add_X(value:eventhandler) {(call a)}) (def @public remove_X(value:eventhandler) {(call b)})",
    ),
    (
        r"int f(int a) => a + 1; unsafe static void* G() { return null; } p->x = 1; *p = 2; var q = &a; int* r = s;",
        r"(def f(a:int) {(return (+ a 1))}) (def @unsafe @static G() {(return null)}) (= (. p x) 1) (= (same p) 2) (let q (same a)) (let r:int s)",
    ),
    (
        r"var x = stackalloc byte[10]; var y = new byte[3] { 1, 2, 3 }; var z = new int[2, 3]; var w = new string[n][]; D d = new(1);",
        r"(let x (new 'byte[] 10)) (let y [1 2 3]) (let z (new 'int[] 2 3)) (let w (new 'string[][] n)) (let d:d (new ' 1))",
    ),
    (
        r#"var o = new A { B = { C = 1 }, D = { "a", "b" } }; f(new[] { 1 }, new { x = 1 });"#,
        r#"(let o (init (new 'A) "B":["C":1] "D":["a" "b"])) (call f [1] ["x":1])"#,
    ),
    (
        r"dynamic d = x; async Task<int> F() { return await g(); } await Task.Run(() => h()); List<string> l = [a, ..b];",
        r"(let d:dynamic x) (def @async F() {(return (same (call g)))}) (same (call (. Task Run) (fn () {(return (call h))}))) (let l:list [a ...b])",
    ),
    (
        r#"var s = $"{a}{(b ? "c" : "d")}{e:yyyy-MM-dd}{{f}}" + $"{x["k"]}"; var t = @$"{a}\b";"#,
        r#"(let s (join a (? b "c" "d") e "{f}" (join (at x "k")))) (let t (join a "\\b"))"#,
    ),
    (
        r#"var s = "" + a; var t = a + b + c; t += "x"; var u = 1 + 2 + "a" + 3;"#,
        r#"(let s (join "" a)) (let t (+ (+ a b) c)) (+= t "x") (let u (join (+ 1 2) "a" 3))"#,
    ),
    (
        r"var q = from x in a join y in b on x.I equals y.I let z = x.Z where z orderby z.A descending, z.B select new { x, y };",
        r"(let q (call 'linq (= x (at a 0)) (= y (at b 0)) (. x I) (. y I) (= z (. x Z)) z (. z A) (. z B) [x y]))",
    ),
    (r"if (a) ; else b(); ; {} { c(); }", r"(if a {} {(call b)}) {} {(call c)}"),
    (r#"partial class P { partial void M(); } [assembly: AssemblyTitle("x")]"#, r"(class P (def @partial M() {}))"),
    (r#"'\u0041'; '\\'; "\0\a\x1b\U0001F600"; "a\"#, r#"(as char 65) (as char 92) "\x00\x07\x1b\xf0\x9f\x98\x80" "a""#),
    (
        r"var f = delegate (int a) { return a; }(1); (delegate { })();",
        r"(let f (call (fn (a:int) {(return a)}) 1)) (call (fn () {}))",
    ),
    (
        r#"if (Request["a"] != null) { Run(Request["a"]) } else { x = 1 }"#,
        r#"(if (!= (at Request "a") null) {(call Run (at Request "a"))} {(= x 1)})"#,
    ),
    (
        r"[WebMethod] public string Hello(string a) { return a; } <div>b</div>",
        r"(def @webmethod @public Hello(a:string) {(return a)}) (unread 56) (> (/ (< (> div b) null) div) null)",
    ),
    (r"public string Name { get; private set; } protected internal static string X = y;", r"(let Name:string) (let X:string y)"),
    (
        r"for (;;) { } for (i = 0; ; i++) ; for (int a = 1; ; ) { }",
        r"(loop [] _ [] {}) (loop [(= i 0)] _ [(_++ i)] {}) (loop [(= a 1)] _ [] {})",
    ),
    (r"#if DEBUG", r""),
];
