#!/usr/bin/env python3
"""Makes the folder of a web server with many small files (docs/performance.md says what came out).

    small_files.py FOLDER [COUNT] [SEED]

The same seed gives the same bytes. Pages, scripts, styles, pictures, settings and programs in the proportions of a content
management system; sizes log-normal around 4 kB. The code is harmless and means nothing, but reads like code of its language.
"""

import os, random, sys

folder = sys.argv[1]
count = int(sys.argv[2]) if len(sys.argv) > 2 else 50_000
random.seed(int(sys.argv[3]) if len(sys.argv) > 3 else 1)

WORDS = ("account address archive article author basket billing calendar cart category comment content count country currency "
         "customer date discount document editor event export field filter folder forum gallery group header history image "
         "import index invoice item label language layout link list locale login mail media member menu message module name "
         "news note number order option page password payment permission photo plugin post price product profile query rating "
         "region report role search section session setting shipping site status stock store subject summary tag template "
         "theme thread ticket title token topic total type upload user value version view visitor widget zone").split()
MIX = {"aspx": 16, "ascx": 5, "ashx": 2, "asmx": 1, "cshtml": 3, "php": 16, "html": 9, "js": 15, "css": 7, "config": 2, "xml": 2,
       "resx": 2, "txt": 2, "png": 6, "jpg": 4, "gif": 3, "dll": 5}


def word():
    return random.choice(WORDS)


def name():
    return word() + word().capitalize()


def text(words=8):
    return " ".join(word() for _ in range(random.randint(2, words))).capitalize()


def csharp():
    n, m, k = name(), name(), name()
    return random.choice([
        f'    protected string {n.capitalize()}(string {m}) {{\n        if (string.IsNullOrEmpty({m})) return "{text()}";\n'
        f'        return Server.HtmlEncode({m}.Trim());\n    }}\n',
        f'    private void Load{n.capitalize()}() {{\n        int {m} = 0;\n        foreach (var {k} in Store.{n.capitalize()}s) {{\n'
        f'            if ({k}.{word().capitalize()} > {random.randint(1, 99)}) {m} += {k}.Total;\n        }}\n'
        f'        {m}Label.Text = {m}.ToString("N2");\n    }}\n',
        f'    void {n}_Click(object sender, EventArgs e) {{\n        string {m} = Request.QueryString["{word()}"];\n        try {{\n'
        f'            {k}Grid.DataSource = {n.capitalize()}Manager.Find({m}, Page.User.Identity.Name);\n            {k}Grid.DataBind();\n'
        f'        }} catch (ArgumentException error) {{\n            Log.Warn("{text()}: " + error.Message);\n        }}\n    }}\n',
    ])


def aspx(directive):
    def make():
        yield f'<%@ {directive} Language="C#" AutoEventWireup="true" Inherits="{name()}" %>\n<script runat="server">\n'
        for _ in range(random.randint(1, 4)):
            yield csharp()
        yield '</script>\n'
        while True:
            n = name()
            yield (f'<div class="{n}">\n  <asp:Label ID="{n}" runat="server" Text="{text()}" />\n'
                   f'  <p><%= {name()}.{word().capitalize()} %> {text(20)}</p>\n'
                   f'  <a href="<%# Eval("{word().capitalize()}") %>">{text()}</a>\n</div>\n')
    return make


def handler(kind):
    def make():
        yield f'<%@ {kind} Language="C#" Class="{name().capitalize()}" %>\nusing System;\nusing System.Web;\npublic class {name().capitalize()} {{\n'
        while True:
            yield csharp()
    return make


def razor():
    yield f'@model {name()}\n@{{ ViewBag.Title = "{text()}"; }}\n'
    while True:
        n = word()
        yield f'@foreach (var {n} in Model.{n.capitalize()}s) {{\n  <li>@{n}.{word().capitalize()} {text()}</li>\n}}\n<p>{text(20)}</p>\n'


def php():
    yield f'<?php\n/** {text(20)} */\nnamespace {word().capitalize()};\nclass {name().capitalize()} extends {name().capitalize()} {{\n'
    while True:
        n, m, k = name(), name(), name()
        yield random.choice([
            f"    public function get{n.capitalize()}($" + m + f", array $options = array()) {{\n        $defaults = array('{word()}' => {random.randint(0, 50)}, "
            f"'{word()}' => '{text()}');\n        $options = array_merge($defaults, $options);\n        foreach ($options as $key => $value) {{\n"
            f"            if (isset($this->{k}[$key])) {{\n                $this->{k}[$key] = sanitize_text($value);\n            }}\n        }}\n"
            f"        return $this->{k};\n    }}\n",
            f"    protected function {n}() {{\n        $page = isset($_GET['{word()}']) ? intval($_GET['{word()}']) : 1;\n"
            f"        $rows = $this->db->query('SELECT {word()} FROM {word()} WHERE {word()} = ?', array($page));\n"
            f"        while ($row = $rows->fetch()) {{\n            echo '<li>' . htmlspecialchars($row['{word()}']) . '</li>';\n        }}\n    }}\n",
            f"    // {text(20)}\n    private static ${m} = '{text()}';\n    function {n}_{k}($a, $b = null) {{\n        if ($b === null || strlen($a) > {random.randint(2, 200)}) {{\n"
            f"            return sprintf(__('%s {text()}'), self::${m});\n        }}\n        return str_replace('{word()}', $b, strtolower($a));\n    }}\n",
        ])


def html():
    yield f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{text()}</title></head><body>\n'
    while True:
        yield f'<section id="{name()}"><h2>{text()}</h2><p>{text(40)}</p><img src="/img/{word()}.png" alt="{text()}"></section>\n'


def js():
    while True:
        n, m = name(), name()
        yield (f"function {n}({m}, options) {{\n  var element = document.getElementById('{m}');\n  if (!element || {m}.length < {random.randint(1, 9)}) {{ return; }}\n"
               f"  element.addEventListener('click', function (event) {{ event.preventDefault(); {name()}({m}, options.{word()}); }});\n}}\n")


def css():
    while True:
        yield f".{word()}-{word()} {{ margin: {random.randint(0, 40)}px; color: #{random.randrange(1 << 24):06x}; display: block; }}\n"


def config():
    yield '<?xml version="1.0" encoding="utf-8"?>\n<configuration>\n  <appSettings>\n'
    while True:
        yield f'    <add key="{name()}" value="{text()}" />\n'


def xml():
    yield '<?xml version="1.0" encoding="utf-8"?>\n<items>\n'
    while True:
        yield f'  <{word()} id="{random.randrange(9999)}">{text(20)}</{word()}>\n'


def plain():
    while True:
        yield text(40) + ".\n"


def binary(head):
    def make():
        yield head
        while True:
            yield random.randbytes(4096)
    return make


MAKERS = {"aspx": aspx("Page"), "ascx": aspx("Control"), "ashx": handler("WebHandler"), "asmx": handler("WebService"),
          "cshtml": razor, "php": php, "html": html, "js": js, "css": css, "config": config, "xml": xml, "resx": xml, "txt": plain,
          "png": binary(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "jpg": binary(b"\xff\xd8\xff\xe0\0\x10JFIF\0"),
          "gif": binary(b"GIF89a\x10\0\x10\0"), "dll": binary(b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0" + bytes(44) + b"\x80\0\0\0" + bytes(64) + b"PE\0\0")}


ENDS = {"config": b"  </appSettings>\n</configuration>\n", "xml": b"</items>\n", "resx": b"</items>\n", "html": b"</body></html>\n"}


def content(kind):
    size = max(64, min(1 << 20, int(random.lognormvariate(8.3, 1.1))))
    pieces, length = [], 0
    for piece in MAKERS[kind]():
        piece = piece.encode() if isinstance(piece, str) else piece
        pieces.append(piece)
        length += len(piece)
        if length >= size:
            break
    whole = b"".join(pieces) + ENDS.get(kind, b"")
    return whole[:size] if kind in ("png", "jpg", "gif", "dll") else whole


kinds = random.choices(list(MIX), weights=list(MIX.values()), k=count)
total = 0
for number, kind in enumerate(kinds):
    # Some fifty files a folder.
    place = os.path.join(folder, "C/inetpub/wwwroot", f"site{number // 2_500:02}", f"{WORDS[number // 50 % 50]}")
    os.makedirs(place, exist_ok=True)
    has_settings = kind != "config" or os.path.exists(os.path.join(place, "web.config"))
    file = f"{name()}{number}.{kind}" if has_settings else "web.config"
    made = content(kind)
    total += len(made)
    with open(os.path.join(place, file), "wb") as out:
        out.write(made)
print(f"{count} files, {total / 1e6:.0f} MB")
