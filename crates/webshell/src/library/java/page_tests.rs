//! Ways in that need no code of their own: beans, stylesheets, templates; and pages that do not hold together.

use super::tests::check;

#[test]
fn data_that_is_code() {
    check(&[
        (
            r#"String b = "<java><object class='java.lang.ProcessBuilder'>" + request.getParameter("a") + "</object></java>"; new java.beans.XMLDecoder(new ByteArrayInputStream(b.getBytes())).readObject();"#,
            "Deserialise XMLDecoder.readObject Parameter a Part also; Command XMLDecoder.readObject Parameter a Part",
        ),
        (
            r#"String b = "<java><string>" + request.getParameter("a") + "</string></java>"; new java.beans.XMLDecoder(new ByteArrayInputStream(b.getBytes())).readObject();"#,
            "Deserialise XMLDecoder.readObject Parameter a Part also",
        ),
        (
            r#"TransformerFactory.newInstance().newTransformer(new StreamSource(new StringReader(request.getParameter("a"))));"#,
            "Code TransformerFactory.newTransformer Parameter a Whole",
        ),
        (
            r#"new Template("a", new StringReader(request.getParameter("a")), null).process(null, out);"#,
            "Code Template.process Parameter a Whole",
        ),
        (
            r#"new com.sun.org.apache.bcel.internal.util.ClassLoader().loadClass("$$BCEL$$" + request.getParameter("a"));"#,
            "Load bcel.ClassLoader.loadClass Parameter a Whole decoded",
        ),
    ]);
}

#[test]
fn objects_know_their_class() {
    check(&[(
        r#"Object p = new ProcessBuilder(request.getParameterValues("a")); p.getClass().getMethod("start").invoke(p);"#,
        "Command ProcessBuilder.start Parameter a Whole",
    )]);
}

/// No compiler takes code that nothing reaches: what follows was not meant to be left out.
#[test]
fn what_follows_a_stray_return_is_walked() {
    check(&[
        (r#"return a; Runtime.getRuntime().exec(request.getParameter("a"));"#, "Command Runtime.exec Parameter a Whole uncalled"),
        (r#"if (b) { return; } Runtime.getRuntime().exec(request.getParameter("a"));"#, "Command Runtime.exec Parameter a Whole"),
        (
            r#"void f() { this.g(); } void g() { Runtime.getRuntime().exec(request.getParameter("a")); } this.f();"#,
            "Command Runtime.exec Parameter a Whole",
        ),
    ]);
}

/// Old Java has variables of the name `enum`; what extends a class of the platform depends on nothing.
#[test]
fn pages_that_stand_alone() {
    let depends = |source: &str| super::tests::walked(source).notes.depends;
    assert_eq!(depends("Enumeration enum = request.getHeaderNames(); while (enum.hasMoreElements()) { enum.nextElement(); }"), 0);
    assert_eq!(depends("enum A { B, C } class T extends Thread implements Comparator<String> { }"), 0);
    assert_eq!(depends("class T extends BasePage { }"), 1);
}

#[test]
fn code_from_elsewhere() {
    check(&[
        (
            r#"new javax.management.loading.MLet(new URL[]{new URL(request.getParameter("a"))}).loadClass("A");"#,
            "Load URLClassLoader.loadClass Parameter a Whole",
        ),
        (
            r#"InputStream i = new URL(request.getParameter("a")).openStream(); FileOutputStream o = new FileOutputStream(application.getRealPath(request.getParameter("b"))); int n; while ((n = i.read()) != -1) o.write(n);"#,
            "Fetch URL.openStream Parameter a Whole; Write FileOutputStream.write Parameter b Part also",
        ),
    ]);
}
