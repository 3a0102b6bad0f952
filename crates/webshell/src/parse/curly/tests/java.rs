//! Java and what it becomes.

/// Source and tree.
pub(super) const ROWS: &[(&str, &str)] = &[
    (
        r#"String a = "x" + b; final int c = 1; List<Map<String, byte[]>> d = new ArrayList<>(); int e[] = {1, 2}, f = 3;"#,
        r#"(let a:string (join "x" b)) (let c:int 1) (let d:list (new 'ArrayList)) (let e:int[] [1 2]) (let f:int 3)"#,
    ),
    (
        r"byte[] b = new byte[]{(byte)0x4d, -1}; int[][] g = new int[5][]; char h = 'x'; long i = 0xFFFFFFFFL; int j = 0xFFFFFFFF; int k = 017;",
        r"(let b:byte[] [(as byte 77) (- 1)]) (let g:int[][] (new 'int[][] 5)) (let h:char (as char 120)) (let i:long 4294967295) (let j:int -1) (let k:int 15)",
    ),
    (
        r"Runnable r = () -> run(); F f = x -> x + 1; G g = (a, b) -> { return a; }; H h = (String a) -> b; (Runnable) () -> c();",
        r"(let r:runnable (fn () {(return (call run))})) (let f:f (fn (x) {(return (+ x 1))})) (let g:g (fn (a b) {(return a)})) (let h:h (fn (a:string) {(return b)})) (as runnable (fn () {(return (call c))}))",
    ),
    (
        r"list.forEach(System.out::println); Supplier s = ArrayList::new; String[]::new;",
        r"(call (. list forEach) (:: (. System out) println)) (let s:supplier (:: ArrayList new)) (:: (at String) new)",
    ),
    (
        r"Object o = new Base(1) { public void m() { x(); } int y = 2; };",
        r"(let o:object (new (class  <Base (y:int=2) (def @public m() {(call x)})) 1))",
    ),
    (
        r#"@Override public String toString() throws IOException, E { return ""; }"#,
        r#"(def @override @public toString() {(return "")})"#,
    ),
    (
        r#"@WebServlet(urlPatterns = {"/a"}) public class S extends HttpServlet implements A, B<C> { private static final String K = "k"; static { init(); } { more(); } public S(int a) { super(a); this.a = a; } protected void doGet(HttpServletRequest request, final HttpServletResponse... response) throws E { } class Inner { } <T> T gen(T a) { return a; } abstract void none(); String u[]; }"#,
        r#"(class S <HttpServlet <A <B (static K:string="k") (u:string[]) (def @public S(a:int) {(call super a) (= (. this a) a)}) (def @protected doGet(request:httpservletrequest ...response:httpservletresponse[]) {}) (def gen(a:t) {(return a)}) (def @abstract none() {}) {{(call init)} {(call more)} (class Inner)})"#,
    ),
    (
        r"try (InputStream in = open(); OutputStream out = make()) { in.read(); } catch (IOException | E e) { } finally { }",
        r"(try {(let in:inputstream (call open)) (let out:outputstream (call make)) (call (. in read))} (catch e {}))",
    ),
    (
        r"for (String s : list) { out.println(s); } for (int i = 0; i < 3; i++) x(); for (;;) { break; } for (final Map.Entry<String, String> e : m.entrySet()) y();",
        r"(each s list {(call (. out println) s)}) (loop [(= i 0)] (< i 3) [(_++ i)] {(call x)}) (loop [] _ [] {(break 1)}) (each e (call (. m entrySet)) {(call y)})",
    ),
    (
        r"outer: for (;;) { for (;;) { continue outer; } } blk: { if (a) break blk; b(); }",
        r"(loop [] _ [] {(loop [] _ [] {(continue 2)})}) (do [] false [] {(if a {(break 1)} {}) (call b)})",
    ),
    (
        r"if (a instanceof String s) b(); Class<?> c = String.class; byte[].class.getName(); a.<String>b();",
        r"(if (is (= s a) 'String) {(call b)} {}) (let c:class (typeof 'String)) (call (. (typeof 'byte[]) getName)) (call (. a b))",
    ),
    (
        r#"String t = """
    Hello "x"
      y\tz
    """;"#,
        r#"(let t:string "Hello \"x\"\n  y\tz")"#,
    ),
    (
        r"switch (a) { case 1, 2 -> b(); case 3 -> { c(); } default -> d(); }",
        r"(switch a (1 2 => {(call b) (break 1)}) (3 => {(call c) (break 1)}) ( => {(call d) (break 1)}))",
    ),
    (
        r#"int z = switch (a) { case 1 -> 2; case "b" -> { yield 3; } default -> throw new E(); };"#,
        r#"(let z:int (match a (1 => 2) ("b" => (call (fn () {{(return 3)}}))) ( => (same (new 'E)))))"#,
    ),
    (
        r#"String s = \u0022abc\u0022; \u0069f (a) b(); "\\u0041"; \uuu0061(); "\ud83d\ude00";"#,
        r#"(let s:string "abc") (if a {(call b)} {}) "\\u0041" (call a) "\xf0\x9f\x98\x80""#,
    ),
    (
        r#"record P(int x, String y) { P { check(); } static int z; } enum E { A(1), B { void f() { } }, C; int v; E(int a) { v = a; } } interface I { void a(); default void b() { } } @interface N { String value() default ""; }"#,
        r"(class P (x:int) (y:string) (static z:int) (def P() {(call check)})) (class E (static A:e=(new 'E 1)) (static B:e=(new (class  <E (def f() {})))) (static C:e=(new 'E)) (v:int) (def E(a:int) {(= v a)})) (class I (def a() {}) (def @default b() {})) (class N (def value() {}))",
    ),
    (
        r"var x = (String) y; int w = (int) (a + b); d = (a) + b; e = (double) -f; a >>>= 2; b = c >>> 3; d = e >> 1;",
        r"(let x (as string y)) (let w:int (as int (+ a b))) (= d (+ a b)) (= e (as double (- f))) (>>= a 2) (= b (>> c 3)) (= d (>> e 1))",
    ),
    (
        r"synchronized (a) { b(); } public synchronized void m() { } import java.util.*; package a.b; assert a : b;",
        r"{a (call b)} (def @public @synchronized m() {}) a b",
    ),
    (
        r#"do { a(); } while (b); throw new E("x"); return; label: while (a) break label;"#,
        r#"(do [] b [] {(call a)}) (throw (new 'E "x")) (return) (loop [] a [] {(break 1)})"#,
    ),
    (
        r"a.b.C d = new a.b.C(); outer.new Inner(1); int[] q = null; String... v; ((A) b).c(); new Foo().bar(); new int[3].length;",
        r"(let d:c (new 'a.b.C)) (new 'Inner 1) (let q:int[] null) (let v:string[]) (call (. (as a b) c)) (call (. (new 'Foo) bar)) (. (new 'int[] 3) length)",
    ),
    (
        r#"String[] a = new String[]{"/a", "-c", p}; (byte) (a ^ b); char c = (char) in.read(); while ((n = in.read(b)) != -1) { out.write(b, 0, n); }"#,
        r#"(let a:string[] ["/a" "-c" p]) (as byte (^ a b)) (let c:char (as char (call (. in read)))) (loop [] (!= (= n (call (. in read) b)) (- 1)) [] {(call (. out write) b 0 n)})"#,
    ),
    (
        r#"List<? extends A> l = (List<String>) x; boolean b = (a < c) || d; f(a < b, c > d); int e = b < c ? d : e; String g, h = "x";"#,
        r#"(let l:list (as list x)) (let b:boolean (|| (< a c) d)) (call f (< a b) (> c d)) (let e:int (? (< b c) d e)) (let g:string) (let h:string "x")"#,
    ),
    (
        r#"super.a(); A.this.b(); int.class.getName(); a = b ? (String) c : d; Class.forName("x").newInstance(); x.y = z -> w;"#,
        r#"(call (. super a)) (call (. (. A this) b)) (call (. (typeof 'int) getName)) (= a (? b (as string c) d)) (call (. (call (. Class forName) "x") newInstance)) (= (. x y) (fn (z) {(return w)}))"#,
    ),
    (
        r"switch (a) { case A: case B: x(); default: y(); } new Thread(new Runnable() { public void run() { a(); } }).start();",
        r"(switch a (A => {}) (B => {(call x)}) ( => {(call y)})) (call (. (new 'Thread (new (class  <Runnable (def @public run() {(call a)})))) start))",
    ),
    (r#""\u0041\t\101\s\"" + 'b' + '\u0041' + '\n';"#, r#"(join "A\tA \"" (as char 98) (as char 65) (as char 10))"#),
    (
        r#"static <T extends A> void f(T... a) { } protected void g(@Mark("x") final int a, byte[] b[]) throws E { } void abs();"#,
        r"(def @static f(...a:t[]) {}) (def @protected g(a:int b:byte[][]) {}) (def abs() {})",
    ),
    (
        r"public enum E implements I { A; public void f() { } } sealed interface S permits T { } non-sealed class U implements S { }",
        r"(class E <I (static A:e=(new 'E)) (def @public f() {})) (class S <T) (class U <S)",
    ),
    (
        r"for (Map.Entry<String, Integer> e : m.entrySet()) { } for (int i = 0, j = 1; ; ) { } for (final var x : y) z(x);",
        r"(each e (call (. m entrySet)) {}) (loop [(= i 0) (= j 1)] _ [] {}) (each x y {(call z x)})",
    ),
    (
        r"try { a(); } finally { b(); } if (o instanceof final A a && a.b()) c(); if (!(o instanceof B)) d();",
        r"(try {(call a)} (finally {(call b)})) (if (&& (is (= a o) 'A) (call (. a b))) {(call c)} {}) (if (! (is o 'B)) {(call d)} {})",
    ),
    (
        r"int x = 1_000, y = 0b101, z = 0x1F; long w = 10L; double v = 1.5e3, u = 1f, t = 1d; int neg = 0x80000000;",
        r"(let x:int 1000) (let y:int 5) (let z:int 31) (let w:long 10) (let v:double 1500.0) (let u:double 1.0) (let t:double 1.0) (let neg:int -2147483648)",
    ),
    (
        r#"var f = (Function<String, String>) s -> s + "x"; A<B> c = new A<>() { }; int[] d = {1, 2,}; int[][] e = {{1}, {2}};"#,
        r#"(let f (as function (fn (s) {(return (join s "x"))}))) (let c:a (new (class  <A))) (let d:int[] [1 2]) (let e:int[][] [[1] [2]])"#,
    ),
    (
        r#"@SuppressWarnings({"a", "b"}) @Deprecated final String s = request.getParameter("a"); if (s != null) { out.print(s) }"#,
        r#"(let s:string (call (. request getParameter) "a")) (if (!= s null) {(call (. out print) s)} {})"#,
    ),
    (
        r#"String a = "x"; a += b + "c"; String d = a + 1 + 2; char e = 'a' + 1;"#,
        r#"(let a:string "x") (+= a (join b "c")) (let d:string (+ (+ a 1) 2)) (let e:char (+ (as char 97) 1))"#,
    ),
    (r"\u007b a(); \u007d \u0063lass A \u007b \u007d", r"{(call a)} (class A)"),
];
