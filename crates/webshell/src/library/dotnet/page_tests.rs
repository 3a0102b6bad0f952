//! What a page of ASP.NET is beside its calls: its own members, its controls, its services. Inert pieces, as in the other tests.

use crate::language::Language;
use crate::library::check::check;

/// `this` outside of a class is the page, whose functions and fields stand beside it.
#[test]
fn the_page_itself() {
    check(
        Language::CSharp,
        &[
            (
                r#"void Page_Load(object s, EventArgs e) { this.Go(Request["a"]); } void Go(string c) { Process.Start(c); }"#,
                "Command Process.Start Parameter:a Whole",
            ),
            (
                r#"string c; void Page_Load(object s, EventArgs e) { this.c = Request["a"]; Go(); } void Go() { Process.Start(this.c); }"#,
                "Command Process.Start Parameter:a Whole",
            ),
            (
                r#"string c; void Page_Load(object s, EventArgs e) { this.c = "ls"; Go(); } void Go() { Process.Start(this.c); }"#,
                "Command Process.Start = ls",
            ),
            // An object of a class has its own.
            (
                r#"class A { string c; public void Go() { Process.Start(this.c); } } string c; void Page_Load(object s, EventArgs e) { c = Request["a"]; new A().Go(); }"#,
                "Command Process.Start = ",
            ),
        ],
    );
    check(
        Language::VisualBasic,
        &[(
            "Sub Page_Load(s As Object, e As EventArgs)\nMe.Go(Request(\"a\"))\nEnd Sub\nSub Go(c As String)\nProcess.Start(c)\nEnd Sub",
            "Command Process.Start Parameter:a Whole",
        )],
    );
}

#[test]
fn services() {
    check(
        Language::CSharp,
        &[
            (
                r#"interface I { [OperationContract] void Go(string c); } class S : I { public void Go(string c) { Process.Start(c); } }"#,
                "Command Process.Start Parameter:c Whole",
            ),
            (
                r#"interface I { void Go(string c); } class S : I { public void Go(string c) { Process.Start(c); } }"#,
                "Command Process.Start = ",
            ),
        ],
    );
    check(
        Language::JscriptNet,
        &[
            (
                "class S extends WebService { WebMethodAttribute function Go(a : String) : String { return eval(a, 'unsafe'); } }",
                "Code eval Parameter:a Whole",
            ),
            (
                "class S { WebMethod(Description='b') public function Go(a : String) { return eval(a, 'unsafe'); } }",
                "Code eval Parameter:a Whole",
            ),
        ],
    );
}

#[test]
fn parts_of_pages() {
    check(
        Language::CSharp,
        &[
            (r#"Page.ParseControl(Request["a"]);"#, "Code Page.ParseControl Parameter:a Whole"),
            (r#"Controls.Add(ParseControl(Request["a"]));"#, "Code Page.ParseControl Parameter:a Whole"),
            (r#"ParseControl("<b>a</b>");"#, "Code Page.ParseControl = <b>a</b>"),
        ],
    );
}
