#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;

/// `language: code [directives] {controls} !disguises`, scripts in lines. Code is `(code)`, echo `=(code)`, text `_`.
fn told(bytes: &[u8], name: &str) -> String {
    let of = |script: &Script| {
        let text = |range: &std::ops::Range<usize>| String::from_utf8_lossy(&script.text[range.clone()]).trim().to_owned();
        let mut out = format!("{:?}:", script.language);
        for piece in &script.pieces {
            out += &match piece {
                Piece::Text(_) if out.ends_with('_') => String::new(),
                Piece::Text(_) => "_".to_owned(),
                Piece::Code(range) => format!("({})", text(range)),
                Piece::Echo(range) => format!("=({})", text(range)),
            };
        }
        for directive in &script.directives {
            out += &format!(" [{}", directive.name);
            for attribute in &directive.attributes {
                out += &format!(" {}={}", attribute.name, String::from_utf8_lossy(&attribute.value));
            }
            out += "]";
        }
        for control in &script.controls {
            let id = control.id.as_deref().map(String::from_utf8_lossy).unwrap_or_default();
            out += &format!(" {{{}#{id}", control.tag);
            for (event, method) in control.events() {
                out += &format!(" {event}={}", String::from_utf8_lossy(method));
            }
            out += "}";
        }
        for disguise in &script.disguises {
            out += &format!(" !{disguise:?}");
        }
        out
    };
    scripts(bytes, name).iter().map(of).collect::<Vec<_>>().join("\n")
}

fn check(table: &[(&str, &str, &str)]) {
    for (name, text, expected) in table {
        assert_eq!(told(text.as_bytes(), name), *expected, "{name}: {text}");
    }
}

#[test]
fn classic_asp() {
    check(&[
        ("a.asp", "a<% demo 1 %>b<%=x%>c", "VbScript:_(demo 1)_=(x)_"),
        ("a.asp", "<!-- <% demo 1 %> -->", "VbScript:_(demo 1)_"),
        ("a.asp", "<% x = \"%>\" %>", "VbScript:(x = \")_"),
        (
            "a.asp",
            "<%@ LANGUAGE=\"JScript\" CODEPAGE=936 %><% demo(1); %>",
            "Jscript:(demo(1);) [language language=JScript codepage=936]",
        ),
        ("a.asp", "<%@ LANGUAGE = VBScript.Encode %><% demo 1", "VbScript:(demo 1) [language language=VBScript.Encode]"),
        ("a.asp", "<!--#include file=\"b.asp\"--><% demo 1 %>", "VbScript:(demo 1) [include file=b.asp]"),
        ("a.asp", "<!-- #include virtual = '/b.inc' --><% demo 1 %>", "VbScript:(demo 1) [include virtual=/b.inc]"),
        (
            "a.asp",
            "<% demo 1 %><SCRIPT RUNAT=server LANGUAGE=JScript>demo(2)</SCRIPT>x<script>client()</script>",
            "VbScript:(demo 1)_\nJscript:_(demo(2))_",
        ),
        (
            "global.asa",
            "<OBJECT RUNAT=Server SCOPE=Session ID=o PROGID=\"Demo.Object\"></OBJECT><script runat=server language=vbscript>\nSub Session_OnStart\nEnd Sub\n</script>",
            "VbScript:_(Sub Session_OnStart\nEnd Sub) {object#o}",
        ),
        ("a.cer", "<%execute request(\"a\")%>", "VbScript:(execute request(\"a\"))"),
        ("a.asp", "<script language=vbs runat=server><!--\ndemo 1\n--></script>", "VbScript:(demo 1)"),
        ("a.asp", "plain", ""),
    ]);
}

#[test]
fn encoded_scripts() {
    let encoded = crate::decode::vbscript_encode::tests::encode("If a > 1 Then\ndemo 1\nEnd If");
    let expected = "VbScript:(If a > 1 Then\ndemo 1\nEnd If)_ [language language=VBScript.Encode] !EncodedScript";
    let page = format!("<%@ LANGUAGE = VBScript.Encode %><%{encoded}%>\nx");
    assert_eq!(told(page.as_bytes(), "a.asp"), expected);
    let page = format!("a\n<script language='JScript.Encode' runat=server>{encoded}</script>\n<%demo 2%>");
    let scripts = scripts(page.as_bytes(), "a.asp");
    assert_eq!(scripts.len(), 2, "{scripts:?}");
    assert_eq!(scripts[0].line_of(scripts[0].text.len() - 4), 3);
}

#[test]
fn asp_net() {
    check(&[
        (
            "a.aspx",
            "<%@ Page Language=\"C#\" %><%-- <% no %> --%><% demo(1); %><%= x %><%: y %><%# z %><%#: w %><%$ Resources:a %>",
            "CSharp:(demo(1);)=(x)=(y)=(z)=(w) [page language=C#]",
        ),
        ("a.aspx", "<%@Page Language='Jscript'%><%demo(1)%>", "JscriptNet:(demo(1)) [page language=Jscript]"),
        ("a.aspx", "<%@ Page Language=VB Debug=true %><%demo(1)%>", "VisualBasic:(demo(1)) [page language=VB debug=true]"),
        (
            "a.aspx",
            "<%@ Page Language=\"C#\" %><%@ Import Namespace=\"System.IO\" %>\n<script runat=\"server\">void Go(object s, EventArgs e) { demo(1); }</script>\n<form runat=server><asp:Button ID=\"B\" runat=\"server\" OnClick=\"Go\" Text='<%# x %>'/><input type=file runat=server id=F></form>",
            "CSharp:_(void Go(object s, EventArgs e) { demo(1); })_=(x)_ [page language=C#] [import namespace=System.IO] {form#} {asp:button#B onclick=Go} {input#F}",
        ),
        (
            "a.ashx",
            "<%@ WebHandler Language=\"C#\" Class=\"H\" %>\nclass H { string a = \"<% %>\"; }",
            "CSharp:(class H { string a = \"<% %>\"; }) [webhandler language=C# class=H]",
        ),
        ("a.ashx", "<%@ Language=\"C#\" Class=\"H\" %>\nclass H { }", "CSharp:(class H { }) [webhandler language=C# class=H]"),
        (
            "a.ashx",
            "<%@ WebHandler Language=\"C#\" Class=\"H\" CodeBehind=\"H.ashx.cs\" %>\n",
            "CSharp:_ [webhandler language=C# class=H codebehind=H.ashx.cs]",
        ),
        (
            "a.asmx",
            "<%@ WebService Language='vb' Class='S' %><%@ Assembly Name='x' %>\nClass S",
            "VisualBasic:(Class S) [webservice language=vb class=S] [assembly name=x]",
        ),
        (
            "global.asax",
            "<%@ Application Language=\"C#\" %><script runat=server>void A() { }</script>",
            "CSharp:(void A() { }) [application language=C#]",
        ),
        (
            "a.aspx",
            "<script language='c#' runat='server' src='b.cs'></script><%demo(1);%>",
            "CSharp:(demo(1);) [script language=c# runat=server src=b.cs]",
        ),
        ("App_Code/a.cs", "class A { }", "CSharp:(class A { })"),
        ("App_Web_x1.0.cs", "class A { }", "CSharp:(class A { })"),
        ("b/a.cs", "class A { }", ""),
        (
            "web.config",
            "<?xml version=\"1.0\"?><configuration/><!-- <% Response.Write(demo(1)) : Set a = Server.CreateObject(\"x\") %> -->",
            "VbScript:_(Response.Write(demo(1)) : Set a = Server.CreateObject(\"x\"))_",
        ),
    ]);
}

#[test]
fn java_pages() {
    check(&[
        (
            "a.jsp",
            "<%@ page import=\"java.io.*\" %>a<%! int x; %><%= y %><% demo(1); %><%-- <% no %> --%>${ param.z }<\\% t",
            "Java:_(int x;)=(y)(demo(1);)=(param.z)_ [page import=java.io.*]",
        ),
        ("a.jsp", "#{a['}']}\\${no}", "Java:=(a['}'])_"),
        (
            "a.jspx",
            "<jsp:root xmlns:jsp=\"http://java.sun.com/JSP/Page\"><jsp:directive.page import=\"a.b\"/><jsp:scriptlet><![CDATA[demo(]]><![CDATA[1);]]></jsp:scriptlet><jsp:expression>a &lt; b</jsp:expression></jsp:root>",
            "Java:_(demo(1);)=(a < b)_ [page import=a.b] !CharacterReferences",
        ),
        (
            "a.jspx",
            "<x:root xmlns:x='http://java.sun.com/JSP/Page'>\n<!-- <x:scriptlet>no</x:scriptlet> -->\n<x:scriptlet>\n&#100;&#x65;mo(1);</x:scriptlet></x:root>",
            "Java:_(demo(1);)_ !CharacterReferences",
        ),
        (
            "a.jspx",
            "<!DOCTYPE r [<!ENTITY a \"de\"><!ENTITY b '&a;mo'>]><jsp:root xmlns:jsp=\"http://java.sun.com/JSP/Page\"><jsp:declaration>&b;(1);</jsp:declaration></jsp:root>",
            "Java:_(demo(1);)_ !CharacterReferences",
        ),
        ("a.jsp", "<jsp:scriptlet>if (a && b) demo(1);</jsp:scriptlet>", "Java:(if (a && b) demo(1);)"),
        (
            "a.jsp",
            "<jsp:useBean id=\"b\" class=\"demo.Bean\"/><jsp:setProperty name=\"b\" property=\"*\"/><jsp:include page=\"${param.p}\"/><c:import url=\"x\"/>",
            "Java:_=(param.p)_ [jsp:include page=${param.p}] {jsp:usebean#b} {jsp:setproperty#} {jsp:include#} {c:import#}",
        ),
        (
            "a.jsp",
            "<c:set var=\"a\" value=\"${demo(1)}\"/>${a}<c:set var=\"b\" value=\"2\"/><c:set target=\"x\" value=\"${y}\"/>",
            "Java:(Object a = demo(1);)=(a)_=(y)_",
        ),
        ("a.jsp", "<?xml version='1.0'?><!-- <% demo(1); %> -->", "Java:_(demo(1);)_"),
        ("a.jsp", "<html xmlns:jsp=\"http://java.sun.com/JSP/Page\"><!-- <% demo(1); %> -->", "Java:_(demo(1);)_"),
        ("a.jsp", "<%@ include file=\"b.jsp\" %>", "Java: [include file=b.jsp]"),
        (
            "a.txt",
            "<%@page import=\"java.util.*\"%><%demo(1);%>",
            "Java:(demo(1);) [page import=java.util.*] !WrongExtension { extension: \"txt\" }",
        ),
    ]);
}

#[test]
fn php() {
    check(&[
        ("a.php", "a<?php demo(1); ?>\nb<?= x ?>c<? demo(2);", "Php:_(demo(1);)_=(x)_(demo(2);)"),
        ("a.php", "<?php $a = '?>'; $b = \"\\\"?>\"; // ?>text<?php # ?>text", "Php:($a = '?>'; $b = \"\\\"?>\"; //)_(#)_"),
        ("a.php", "<?php /* ?> */ demo(1); ?>t", "Php:(/* ?> */ demo(1);)_"),
        ("a.php", "<?php $a = <<<X\n?>\n  X; demo(1); ?>t", "Php:($a = <<<X\n?>\n  X; demo(1);)_"),
        ("a.php", "<?php $a = <<<'X'\n' ?>\nX;\n$b = 1 << 2; ?>t", "Php:($a = <<<'X'\n' ?>\nX;\n$b = 1 << 2;)_"),
        ("a.php", "<?php demo(1); __HALT_Compiler ( ) ; <?php demo(2);", "Php:(demo(1);)_"),
        ("a.php", "<script language=\"php\">demo('</x>');</script>t", "Php:(demo('</x>');)_"),
        ("a.php", "<?=1;demo(2)?>t", "Php:=(1)(demo(2))_"),
        ("a.php", "<?=demo(function() { return 1; });?>t", "Php:=(demo(function() { return 1; }))_"),
        ("a.php", "<?xml version=\"1.0\"?><a/>", ""),
        ("a.php", "<?PHP\ndemo(1)", "Php:(demo(1))"),
        ("a.php", "<% echo demo($x); %><%= $y %>", "Php:(echo demo($x);)=($y)"),
        ("a.php", "<?php demo(1); ?><script>t = '<%= name %>';</script>", "Php:(demo(1);)_"),
        ("a.php", "no tags", ""),
        ("a.html", "<?eval($x);?>", "Php:(eval($x);)"),
        ("a.svg", "<?xpacket begin='' id='x'?><?mso-application progid='x'?><svg/>", ""),
        ("a.php", "<?php #[Attr]\nclass A { } ?>t", "Php:(#[Attr]\nclass A { })_"),
    ]);
}

#[test]
fn razor() {
    check(&[
        ("a.cshtml", "@{ var a = \"}\"; }\n<p>@a @@x me@x.org</p>@(b + 1)", "CSharp:(var a = \"}\";)_=(a)_=(b + 1)"),
        (
            "a.cshtml",
            "@using System.IO\n@functions { int F() { return 1; } }\n@F()",
            "CSharp:_(int F() { return 1; })_=(F()) [using value=System.IO]",
        ),
        (
            "a.cshtml",
            "@if (a) {\n  <b>@x</b>\n  demo(1);\n} else {\n  demo(2);\n}\ntext",
            "CSharp:(if (a) {)_=(x)_(demo(1);\n} else {\n  demo(2);\n})_",
        ),
        (
            "a.cshtml",
            "@foreach (var x in y) {\n@: text @x.Name\ndemo(x);\n}",
            "CSharp:(foreach (var x in y) {)_=(x.Name)_(demo(x);\n})",
        ),
        ("a.cshtml", "@* @demo(1) *@<a href='@Url.Content(\"x\")?.y'>", "CSharp:_=(Url.Content(\"x\")?.y)_"),
        ("a.vbhtml", "@Code\n  Dim a = 1\n  <b>@a</b>\nEnd Code\n<p>@demo(a)</p>", "VisualBasic:(Dim a = 1)_=(a)_=(demo(a))_"),
        ("a.vbhtml", "@If x Then\n  demo(1)\nEnd If\nt", "VisualBasic:(If x Then)(demo(1))(End If)_"),
    ]);
}

#[test]
fn names_and_contents() {
    check(&[
        ("a.py", "import os", "Python:(import os)"),
        ("a.pl", "print 1", "Perl:(print 1)"),
        ("a.cgi", "#!/usr/bin/python3\nprint(1)", "Python:(#!/usr/bin/python3\nprint(1))"),
        ("a.cgi", "#!/bin/sh\necho 1", ""),
        ("a.pm", "package A;", ""),
        ("a.cfm", "<cfset a = 1>", "ColdFusion:(<cfset a = 1>)"),
        ("a.jpg", "<cfexecute name='x'>", "ColdFusion:(<cfexecute name='x'>) !WrongExtension { extension: \"jpg\" }"),
        ("a.jpg", "GIF89a<?php demo(1);", "Php:_(demo(1);) !Image(\"gif\") !WrongExtension { extension: \"jpg\" }"),
        (
            "a.txt",
            "<% Set a = Server.CreateObject(\"x\")\nEnd If %>",
            "VbScript:(Set a = Server.CreateObject(\"x\")\nEnd If) !WrongExtension { extension: \"txt\" }",
        ),
        ("a", "<% String a = request.getParameter(\"b\"); %>", "Java:(String a = request.getParameter(\"b\");)"),
        ("a.html", "<% if (items) { %><li><%= name %></li><% } %>", ""),
        ("a.js", "var t = '<%- name %>';", ""),
        ("a.erb", "<%= link_to 'x' %><% end %>", ""),
        ("a.html", "<script>demo()</script>", ""),
        ("a.php", "<?php $a = ' <cfset b>'; ?>", "Php:($a = ' <cfset b>';)"),
        ("a.pl", "print '<?php demo(1); ?>';", "Perl:(print '<?php demo(1); ?>';)"),
        ("a.cgi", "#!/usr/bin/php\n<?php demo(1);", "Php:_(demo(1);)"),
        ("a.aspx", "<%execute request(\"a\")%>", "VbScript:(execute request(\"a\")) !WrongExtension { extension: \"aspx\" }"),
        ("a.aspx", "<?php demo(1); ?>", "Php:(demo(1);) !WrongExtension { extension: \"aspx\" }"),
        (
            "a.php",
            "<%@ Page Language=\"C#\" %><% demo(1); %>",
            "CSharp:(demo(1);) [page language=C#] !WrongExtension { extension: \"php\" }",
        ),
        ("a.asp;.jpg", "<%eval request(\"a\")%>", "VbScript:(eval request(\"a\"))"),
        (
            "a.asp",
            "<?php demo(1); ?><% eval request(\"a\") %>",
            "Php:(demo(1);)_ !WrongExtension { extension: \"asp\" }\nVbScript:_(eval request(\"a\"))",
        ),
        (
            "a.php",
            "<?php $a = '<%@ Page Language=\"C#\" %><% demo(1); %>'; ?>",
            "Php:($a = '<%@ Page Language=\"C#\" %><% demo(1); %>';)",
        ),
    ]);
}

fn wide(text: &str, width: usize, big: bool) -> Vec<u8> {
    text.chars()
        .flat_map(|character| {
            let number = u32::from(character);
            let bytes = number.to_be_bytes()[4 - width..].to_vec();
            if big { bytes } else { bytes.into_iter().rev().collect() }
        })
        .collect()
}

/// EBCDIC by the reader's own table.
fn ebcdic(text: &str, page: u32) -> Vec<u8> {
    text.bytes().map(|wanted| (0..=255).find(|byte| super::ebcdic::decode(&[*byte], Some(page)) == [wanted]).unwrap()).collect()
}

#[test]
fn encodings() {
    let page = "<%@ page import=\"java.io.*\" %>\n<% demo(1); %>";
    let seen = "Java:_(demo(1);) [page import=java.io.*]";
    let joined = |parts: &[&[u8]]| parts.concat();
    let declare = |name: &str| format!("<%@ page pageEncoding=\"{name}\" %>").into_bytes();
    let table: Vec<(&str, Vec<u8>, &str)> = vec![
        ("bom utf-8", joined(&[b"\xEF\xBB\xBF", page.as_bytes()]), ""),
        ("bom utf-16le", joined(&[b"\xFF\xFE", &wide(page, 2, false)]), "utf-16le"),
        ("bom utf-16be", joined(&[b"\xFE\xFF", &wide(page, 2, true)]), "utf-16be"),
        ("bom utf-32le", joined(&[b"\xFF\xFE\0\0", &wide(page, 4, false)]), "utf-32le"),
        ("utf-16le", wide(page, 2, false), "utf-16le"),
        ("utf-16be", wide(page, 2, true), "utf-16be"),
        ("utf-32le", wide(page, 4, false), "utf-32le"),
        ("utf-32be", wide(page, 4, true), "utf-32be"),
        ("cp037", ebcdic(page, 37), "ebcdic"),
        ("cp1047", ebcdic(page, 1047), "ebcdic"),
    ];
    for (name, bytes, encoding) in table {
        let expected = if encoding.is_empty() { seen.to_owned() } else { format!("{seen} !Encoding({encoding:?})") };
        assert_eq!(told(&bytes, "a.jsp"), expected, "{name}");
    }
    for name in ["utf-16be", "UTF-16LE", "utf-32be", "utf-32le", "cp037", "IBM1047", "cp273", "utf-16"] {
        for padding in 0..4 {
            let body = match name {
                "utf-16be" | "utf-16" => wide("<% demo(1); %>", 2, true),
                "UTF-16LE" => wide("<% demo(1); %>", 2, false),
                "utf-32be" => wide("<% demo(1); %>", 4, true),
                "utf-32le" => wide("<% demo(1); %>", 4, false),
                "cp037" => ebcdic("<% demo(1); %>", 37),
                "IBM1047" => ebcdic("<% demo(1); %>", 1047),
                _ => ebcdic("<% demo(1); %>", 273),
            };
            let file = joined(&[&declare(name), &b"    "[..padding], &body]);
            let told = told(&file, "a.jsp");
            assert!(told.contains("(demo(1);)") && told.contains("!Encoding"), "{name} {padding}: {told}");
        }
    }
    let document = joined(&[
        b"<?xml version='1.0' encoding='cp037'?>",
        &ebcdic("<jsp:root xmlns:jsp=\"http://java.sun.com/JSP/Page\"><jsp:scriptlet>demo(1);</jsp:scriptlet></jsp:root>", 37),
    ]);
    assert_eq!(told(&document, "a.jspx"), "Java:_(demo(1);)_ !Encoding(\"ebcdic\")");
    // A usual page says its usual encoding, or lies.
    for name in ["utf-8", "gbk", "utf-16be"] {
        let told = told(&joined(&[&declare(name), b"<% demo(1); %>"]), "a.jsp");
        assert!(told.contains("(demo(1);)") && !told.contains('!'), "{name}: {told}");
    }
    assert_eq!(
        told(b"<%@ codepage=65000 %>+ADwAJQ- demo(1) +ACUAPg-", "a.asp"),
        "VbScript:(demo(1)) [language codepage=65000] !Encoding(\"utf-7\")"
    );
    assert_eq!(told(b"+ADw?php demo(1+-1);", "a.php"), "Php:(demo(1+1);) !Encoding(\"utf-7\")");
    assert_eq!(told(b"\0<\0?\0ph\0p demo(1);", "a.php"), "Php:(demo(1);) !Encoding(\"null_bytes\")");
    // Two bytes are one character where the language counts these; PHP counts bytes.
    assert_eq!(told(b"<% '\xC4\xE3\xBA\xC3\ndemo 1 %>", "a.asp"), "VbScript:('\u{4f60}\u{597d}\ndemo 1)");
    assert_eq!(told(b"<?php $a = '\xC4\xE3';", "a.php"), format!("Php:($a = '{}';)", String::from_utf8_lossy(b"\xC4\xE3")));
    // Turkish: one byte is one.
    let turkish = b"<% 'g\xFCnl\xFCk \xFE d\xFD\xFEar\xFD \xE7ok\ndemo 1 %>";
    assert!(told(turkish, "a.asp").contains('\u{fffd}'), "{}", told(turkish, "a.asp"));
}

/// Bytes without order, the same each time.
pub(super) fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state as u8
        })
        .collect()
}

#[test]
fn carriers() {
    let mut pst = b"!BDN".to_vec();
    pst.extend(noise(300_000));
    pst.extend(b"<script language='JScript' runat='server'>demo(1)</script>");
    pst.extend(noise(300_000));
    let told_pst = told(&pst, "a.aspx");
    assert_eq!(told_pst, "JscriptNet:_(demo(1))_ !OutlookData !Junk(600055)", "{told_pst}");
    let mut request = vec![0x30, 0x82, 1, 2];
    request.extend(noise(5000));
    request.extend(b"<% demo(1); %>");
    assert!(told(&request, "a.aspx").contains("!CertificateRequest"), "{}", told(&request, "a.aspx"));
    for (name, mark) in [("png", b"\x89PNG".as_slice()), ("jpeg", b"\xFF\xD8\xFF"), ("bmp", b"BM\x10\0\0\0\0\0\0\0")] {
        let mut picture = mark.to_vec();
        picture.extend(noise(100_000));
        assert_eq!(told(&picture, "a.php"), "", "{name}");
        assert_eq!(told(&picture, "a.aspx"), "", "{name}");
        picture.extend(b"<?php demo(1); ?>");
        picture.extend(noise(100_000));
        assert!(told(&picture, "a.php").starts_with("Php:_(demo(1);)_ !Image"), "{name}");
    }
    let dump = "Name            : OAB (Default Web Site)\nPollInterval    : 480\nRequireSSL : True\nServer : S\nInternalUrl : https://s/OAB\nExternalUrl : http://f/<script language=\"JScript\" runat=\"server\">function Page_Load(){demo(1)}</script>\n";
    assert_eq!(told(dump.as_bytes(), "a.aspx"), "JscriptNet:_(function Page_Load(){demo(1)})_ !DirectoryDump");
    let padded = format!("<?php {}demo(1); ?>", " ".repeat(600));
    assert_eq!(told(padded.as_bytes(), "a.php"), "Php:(demo(1);) !Padding(601)");
}

#[test]
fn lines_are_those_of_the_file() {
    let text = "a\n<x:r xmlns:x='http://java.sun.com/JSP/Page'>\n<x:scriptlet>a\n&#10;b\n</x:scriptlet>\n<x:scriptlet>demo</x:scriptlet></x:r>";
    let scripts = scripts(text.as_bytes(), "a.jspx");
    let at = memchr::memmem::find(&scripts[0].text, b"demo").unwrap();
    assert_eq!(scripts[0].line_of(at), 6);
}

#[test]
fn kinds_of_pages() {
    let table = [
        ("a.aspx", "<%@ Page Language=\"C#\" %><% demo(1); %>", PageKind::Page),
        ("a.ashx", "<%@ WebHandler Language=\"C#\" Class=\"H\" %>class H { }", PageKind::Handler),
        ("a.asmx", "<%@ WebService Language=\"C#\" Class=\"S\" %>class S { }", PageKind::Service),
        ("a.svc", "<%@ ServiceHost Language=\"C#\" Service=\"S\" %>class S { }", PageKind::Service),
        ("a.ascx", "<%@ Control Language=\"C#\" %><% demo(1); %>", PageKind::Control),
        ("a.master", "<%@ Master Language=\"C#\" %><% demo(1); %>", PageKind::Master),
        ("global.asax", "<%@ Application Language=\"C#\" %><script runat=server>void A() { }</script>", PageKind::Application),
        ("global.asa", "<script language=vbscript runat=server>Sub A\nEnd Sub</script>", PageKind::Application),
        ("a.cshtml", "@demo(1)", PageKind::Razor),
        ("a.jsp", "<% demo(1); %>", PageKind::Page),
        ("a.asp", "<% demo 1 %>", PageKind::Script),
        ("a.php", "<?php demo(1);", PageKind::Script),
        ("web.config", "<!-- <% Response.Write(demo(1)) %> -->", PageKind::Config),
        (".htaccess", "# <?php demo(1); ?>", PageKind::Config),
    ];
    for (name, text, kind) in table {
        let scripts = scripts(text.as_bytes(), name);
        assert_eq!(scripts.first().map(|script| script.page), Some(kind), "{name}");
    }
}

#[test]
fn scripts_that_were_renamed() {
    let wrong = " !WrongExtension { extension: \"txt\" }";
    check(&[
        ("a.php", "#!/usr/bin/perl\nprint 1;", "Perl:(#!/usr/bin/perl\nprint 1;) !WrongExtension { extension: \"php\" }"),
        ("a.txt", "#!/usr/bin/env python\nprint(1)", &format!("Python:(#!/usr/bin/env python\nprint(1)){wrong}")),
        ("a.php", "#!/usr/bin/php\n<?php demo();", "Php:_(demo();)"),
    ]);
}

#[test]
fn php_without_a_tag() {
    let wrong = " !WrongExtension { extension: \"txt\" }";
    check(&[
        ("a.php", "@demo($a);", "Php:(@demo($a);)"),
        ("a.php", "/* x */ # y\n$a = 'b'; demo($a);", "Php:(/* x */ # y\n$a = 'b'; demo($a);)"),
        ("a.txt", "if ($a) { demo($a); }", &format!("Php:(if ($a) {{ demo($a); }}){wrong}")),
        (
            "a.txt",
            "class A { function b($c) { demo($c); } }",
            &format!("Php:(class A {{ function b($c) {{ demo($c); }} }}){wrong}"),
        ),
        ("a.txt", "if you have $5; then buy it", ""),
        ("a.txt", "$ demo a; b", ""),
        ("a.txt", "my $a = 1; demo($a);", ""),
        ("a.js", "$a = 1; demo($a);", ""),
        ("a.php", "use this for $5; not that", ""),
    ]);
}

#[test]
fn a_first_line_says_the_language_under_any_name() {
    let perl = b"#!/usr/bin/perl\nprint 1;\n";
    for name in ["a.log", "a.txt", "a.php", "a.jpg", "a", "a.cgi"] {
        let languages: Vec<Language> = scripts(perl, name).iter().map(|script| script.language).collect();
        assert_eq!(languages, [Language::Perl], "{name}");
    }
    assert!(scripts(b"print 1;\n", "a.txt").is_empty());
    assert!(scripts(b"#!/bin/sh\necho 1\n", "a.txt").is_empty());
    let page = scripts(b"#!/usr/bin/perl\n<?php echo 1;", "a.php");
    assert_eq!(page.iter().map(|script| script.language).collect::<Vec<_>>(), [Language::Php]);
}

#[test]
fn utf_7_that_a_page_declares() {
    let text = |bytes: &[u8]| scripts(bytes, "a.asp").first().map(|script| script.text.to_vec()).unwrap_or_default();
    assert_eq!(text(b"<%@codepage=65000%><%+AGUAMQ-%>"), b"<%@codepage=65000%><%e1%>");
    assert_eq!(text(b"<%@codepage=1252%><%+AGUAMQ-%>"), b"<%@codepage=1252%><%+AGUAMQ-%>");
}
