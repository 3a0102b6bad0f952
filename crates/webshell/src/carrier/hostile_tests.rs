#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]
use proptest::prelude::*;

use super::*;

const HOSTILE: &[&str] = &[
    "<",
    "<%",
    "<% ",
    "<%=",
    "<%@",
    "<%@ Page ",
    "<%--",
    "<%!",
    "<!--#include ",
    "<!--",
    "<script",
    "<script runat=server",
    "<script runat=server>",
    "<script language=php>",
    "<script x=\"<%",
    "<a x=\"<%",
    "<a <%",
    "<?",
    "<?php ",
    "<?=",
    "<?php '",
    "<?php /*",
    "<?php <<<A\n",
    "<?php //",
    "?>",
    "%>",
    "${",
    "${\"",
    "#{",
    "<jsp:",
    "<jsp:scriptlet>",
    "<jsp:scriptlet><![CDATA[",
    "<jsp:include ",
    "xmlns:a='http://java.sun.com/JSP/Page'",
    "<!ENTITY a '&a;&a;'>",
    "&a;",
    "@",
    "@{",
    "@(",
    "@if(",
    "@if (a) {",
    "@{\n<a\n",
    "@functions {",
    "@a.b(",
    "@a[",
    "\"",
    "'",
    "{",
    "}",
    "\n",
    "+AD",
    "+ADw-",
    "\0",
    "<\0%\0",
    "L\u{6c}",
    "#@~^",
    "#@~^AAAAAA==",
    "<cfset ",
    "<asp:a runat=server ",
    "<object runat=server ",
    "runat",
    "pageEncoding=",
    "charset=\"utf-16\">",
    "@Code\n",
    "End Code\n",
    "<x:import ",
];

#[test]
fn hostile_pages_take_linear_time() {
    for name in ["a.php", "a.asp", "a.aspx", "a.ashx", "a.jsp", "a.jspx", "a.cshtml", "a.vbhtml", "a.txt"] {
        for piece in HOSTILE {
            for before in [
                "",
                "<%@ Page Language=\"C#\" %><%@ WebHandler %>",
                "<?xml encoding='cp037'?><%@page import=\"a\"%><% request.getParameter",
            ] {
                let page = before.to_owned() + &piece.repeat((1 << 18) / piece.len());
                let begun = std::time::Instant::now();
                let _ = scripts(page.as_bytes(), name);
                assert!(begun.elapsed().as_secs() < 5, "{name} {piece:?} {before:?} {:?}", begun.elapsed());
            }
        }
    }
}

fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => prop::sample::select(HOSTILE).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..12),
        1 => "[ -~\n]{0,20}".prop_map(String::into_bytes),
    ];
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_panic(bytes in hostile(), name in prop::sample::select(vec!["a.php", "a.asp", "a.aspx", "a.ashx", "a.jsp", "a.jspx", "a.cshtml", "a.vbhtml", "a.txt", "a.jpg", "web.config", ""])) {
        for script in scripts(&bytes, name) {
            let mut end = 0;
            for piece in &script.pieces {
                let (Piece::Text(range) | Piece::Code(range) | Piece::Echo(range)) = piece;
                prop_assert!(range.start >= end && range.end >= range.start && range.end <= script.text.len());
                end = range.end;
            }
            let _ = script.line_of(end);
        }
    }
}
