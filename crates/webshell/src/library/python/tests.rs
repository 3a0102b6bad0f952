//! Inert pieces, each with one source and one way out.

use crate::language::Language::Python;
use crate::library::check::check;

#[test]
fn sources() {
    check(
        Python,
        &[
            ("import cgi, os\nform = cgi.FieldStorage()\nos.system(form.getvalue('a'))", "Command system Parameter:a Whole"),
            ("import cgi, os\nform = cgi.FieldStorage()\nos.system(form['a'].value)", "Command system Parameter:a Whole"),
            ("import os\nos.system(os.environ['QUERY_STRING'])", "Command system Parameter:QUERY_STRING Whole"),
            ("import os\nos.system(os.environ.get('HTTP_X_A'))", "Command system Header:HTTP_X_A Whole"),
            ("import os\nos.system(os.getenv('HTTP_X_A'))", "Command system Header:HTTP_X_A Whole"),
            ("import os\nos.system(os.environ['PATH'])", "Command system = "),
            ("import os, sys\nos.system(sys.stdin.read())", "Command system Body: Whole"),
            ("from flask import request\nimport os\nos.system(request.args.get('a'))", "Command system Parameter:a Whole"),
            ("import os\nos.system(request.form['a'])", "Command system Parameter:a Whole"),
            ("import os\nos.system(request.values.get('a', 'b'))", "Command system Parameter:a Whole"),
            ("import os\nos.system(request.headers.get('X-A'))", "Command system Header:X-A Whole"),
            ("import os\nos.system(request.cookies['a'])", "Command system Cookie:a Whole"),
            ("import os\nos.system(request.data)", "Command system Body: Whole"),
            ("import os\nos.system(request.get_json()['a'])", "Command system Body:a Whole"),
            ("import os\ndef view(request):\n  os.system(request.GET.get('a'))", "Command system Parameter:a Whole"),
            ("import os\ndef view(request):\n  os.system(request.POST['a'])", "Command system Parameter:a Whole"),
            ("import os\n@app.route('/<a>')\ndef view(a):\n  os.system(a)", "Command system Parameter:a Whole"),
            (
                "import os\nclass A(BaseHTTPRequestHandler):\n  def do_GET(self):\n    os.system(self.path[1:])",
                "Command system Parameter:QUERY_STRING Whole",
            ),
            (
                concat!(
                    "import os\nclass A(BaseHTTPRequestHandler):\n  def do_POST(self):\n",
                    "    n = int(self.headers['Content-Length'])\n    os.system(self.rfile.read(n))"
                ),
                "Command system Body: Whole",
            ),
            (
                "import os, urlparse\nq = urlparse.parse_qs(os.environ['QUERY_STRING'])\nos.system(q['a'][0])",
                "Command system Parameter:a Whole",
            ),
            (
                "import os\ndef run(c):\n  return os.popen(c).read()\nprint(run(request.args['a']))",
                "Command popen Parameter:a Whole",
            ),
            (
                "import os\nclass A:\n  def __init__(self, c):\n    self.c = c\n  def run(self):\n    os.system(self.c)\nA(request.args['a']).run()",
                "Command system Parameter:a Whole",
            ),
        ],
    );
}

#[test]
fn sinks() {
    let rows = [
        ("os.popen(x)", "Command popen"),
        ("os.execv(x, [])", "Command execv"),
        ("os.spawnlp(0, x)", "Command spawnlp"),
        ("subprocess.call(x, shell=True)", "Command call"),
        ("subprocess.Popen([x], stdout=1)", "Command popen"),
        ("subprocess.check_output(x.split())", "Command check_output"),
        ("commands.getoutput(x)", "Command getoutput"),
        ("pty.spawn(x)", "Command spawn"),
        ("eval(x)", "Code eval"),
        ("exec(x)", "Code exec"),
        ("exec x", "Code exec"),
        ("execfile(x)", "Include execfile"),
        ("exec(compile(x, 'a', 'exec'))", "Code exec"),
        ("pickle.loads(x)", "Deserialise loads"),
        ("yaml.load(x)", "Deserialise load"),
        ("marshal.loads(x)", "Deserialise loads"),
        ("os.remove(x)", "Change remove"),
        ("os.rename('a', x)", "Change rename"),
        ("shutil.rmtree(x)", "Change rmtree"),
        ("os.listdir(x)", "List listdir"),
        ("glob.glob(x)", "List glob"),
        ("open(x).read()", "Read open"),
        ("urllib2.urlopen(x)", "Fetch urlopen"),
        ("requests.get(x)", "Fetch get"),
        ("s = socket.socket()\ns.connect((x, 80))", "Tunnel connect"),
        ("from os import system as s\ns(x)", "Command system"),
        ("from os import *\nsystem(x)", "Command system"),
        ("f = os.system\nf(x)", "Command system"),
        ("c = sqlite3.connect('a').cursor()\nc.execute(x)", "Sql execute"),
    ];
    for (code, expected) in rows {
        check(Python, &[(&format!("x = request.args.get('a')\n{code}"), &format!("{expected} Parameter:a Whole"))]);
    }
    check(
        Python,
        &[
            ("x = request.args.get('a')\nf = open('b.py', 'w')\nf.write(x)", "Write write Parameter:a Whole also served"),
            ("x = request.args.get('a')\nwith open(x, 'w') as f:\n  f.write('b')", "Write write Parameter:a Whole"),
            ("x = request.args.get('a')\nos.system('ls ' + x)", "Command system Parameter:a Part"),
            ("x = request.args.get('a')\nos.system('ls %s' % x)", "Command system Parameter:a Part"),
            ("x = request.args.get('a')\nos.system('ls {}'.format(x))", "Command system Parameter:a Part"),
            ("x = request.args.get('a')\nos.system(f'ls {x}')", "Command system Parameter:a Part"),
            ("x = request.args.get('a')\ngetattr(os, 'sys' + 'tem')(x)", "Command system Parameter:a Whole computed"),
            ("x = request.args.get('a')\n__import__('o' + 's').system(x)", "Command system Parameter:a Whole computed"),
            ("x = request.args.get('a')\n__import__(x)", "Load __import__ Parameter:a Whole"),
            (
                "exec('import os\\nos.system(request.args[\"a\"])')",
                "Code exec = import os\nos.system(request.args[\"a\"]); Command system Parameter:a Whole",
            ),
            ("request.files['a'].save('b.py')", "Upload save Upload: Whole also served"),
            ("os.system('ls')", "Command system = ls"),
        ],
    );
}

#[test]
fn texts_are_computed() {
    let rows = [
        ("'a' + 'b'", "ab"),
        ("''.join(['a', 'b'])", "ab"),
        ("''.join(map(chr, [97, 98]))", "ab"),
        ("''.join(chr(x - 1) for x in [98, 99])", "ab"),
        ("''.join([chr(ord(c) ^ 1) for c in '`c'])", "ab"),
        ("'cba'[::-1]", "abc!"),
        ("'xabx'[1:-1]", "ab"),
        ("'axb'.replace('x', '')", "ab"),
        ("'a-b-c'.split('-')[1]", "b"),
        ("'%s%c' % ('a', 98)", "ab"),
        ("'{1}{0}'.format('b', 'a')", "ab"),
        ("base64.b64decode('YWI=')", "ab!"),
        ("base64.b64decode('YWI=').decode('utf-8')", "ab!"),
        ("'YWI='.decode('base64')", "ab!"),
        ("codecs.decode('no', 'rot13')", "ab!"),
        ("'6162'.decode('hex')", "ab!"),
        ("bytes.fromhex('6162').decode()", "ab!"),
        ("binascii.unhexlify('6162')", "ab!"),
        ("bytes([97, 98]).decode()", "ab"),
        ("urllib.unquote('%61b')", "ab!"),
        ("zlib.decompress(base64.b64decode('eJxLTAIAASYAxA=='))", "ab!"),
        ("(lambda x: x[::-1])('ba')", "ab!"),
        ("{'x': 'a', 'y': 'b'}['y']", "b"),
        ("chr(int('61', 16)) + chr(0x62)", "ab"),
        ("eval('\"a\" + \"b\"')", "ab"),
        ("reduce(lambda a, b: a + b, ['a', 'b'])", "ab"),
        ("re.sub('[0-9]', '', 'a1b2')", "ab"),
    ];
    for (code, expected) in rows {
        let (expected, facts) = expected.strip_suffix('!').map_or((expected, ""), |expected| (expected, " decoded"));
        let source = format!("z = {code}\nos.system(z)");
        let eval = if code.starts_with("eval") { "Code eval = \"a\" + \"b\"; " } else { "" };
        check(Python, &[(&source, &format!("{eval}Command system = {expected}{facts}"))]);
    }
    check(
        Python,
        &[
            ("r = ''\nfor i in range(97, 99):\n  r += chr(i)\nos.system(r)", "Command system = ab"),
            (
                "def d(s, k):\n  r = ''\n  for i, c in enumerate(s):\n    r += chr(ord(c) ^ k)\n  return r\nos.system(d('`c', 1))",
                "Command system = ab",
            ),
            (
                "class A(object):\n  x = 'a'\n  def f(self, y):\n    return self.x + y\nos.system(A().f('b'))",
                "Command system = ab",
            ),
        ],
    );
}

#[test]
fn lists_change_in_place_and_parents_are_called() {
    let before = "import os, cgi\nf = cgi.FieldStorage()\n";
    let rows = [
        ("l = list('ba')\nl.reverse()\nos.system(''.join(l))", "Command system = ab"),
        ("l = ['b']\nl.append('a')\nl.sort()\nos.system(''.join(l))", "Command system = ab"),
        (
            "class A:\n    def __init__(self, c):\n        self.c = c\nclass B(A):\n    def __init__(self, c):\n        super().__init__(c)\n    def go(self):\n        os.system(self.c)\nB(f.getvalue('a')).go()",
            "Command system Parameter:a Whole",
        ),
    ];
    for (code, expected) in rows {
        let found = crate::library::check::hits(Python, &format!("{before}{code}\n")).join("; ");
        assert_eq!(found, expected, "{code}");
    }
}

#[test]
fn shells_on_a_connection() {
    let socket = "import socket, os, subprocess, pty\ns = socket.socket()\n";
    let rows = [
        ("os.dup2(s.fileno(), 0)\nsubprocess.call(['/bin/sh', '-i'])", "Command call Remote: Whole"),
        ("[os.dup2(s.fileno(), n) for n in (0, 1, 2)]\npty.spawn('/bin/bash')", "Command spawn Remote: Whole"),
        ("os.dup2(s.accept()[0].fileno(), 0)\nos.execl('/bin/sh', 'sh')", "Command execl Remote: Whole"),
        ("subprocess.Popen(['/bin/sh'], stdin=s, stdout=s)", "Command popen Remote: Whole"),
        ("os.dup2(s.fileno(), 0)\nos.system('ls')", "Command system = ls"),
        ("os.dup2(s.fileno(), 2)\nos.system('/bin/sh')", "Command system = /bin/sh"),
    ];
    let sources: Vec<String> = rows.iter().map(|(source, _)| format!("{socket}{source}")).collect();
    let rows: Vec<(&str, &str)> = sources.iter().zip(rows).map(|(source, (_, expected))| (&**source, expected)).collect();
    check(Python, &rows);
}
