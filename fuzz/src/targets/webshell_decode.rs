//! The analyser's decoders on hostile data: a page of ours hands the input to one of them, and runs what comes out.
//!
//! The first byte chooses the decoder. What pages decode for themselves (loops, tables) is for `webshell_page`.

use afterpatch_webshell::{File, Limits, Reason, inspect};

/// File name, text before the data, text after it, and whether the data is written as hexadecimal digits.
const PAGES: [(&str, &str, &str, bool); 22] = [
    ("a.php", "<?php eval(base64_decode('", "'));", false),
    ("a.php", "<?php eval(base64_decode(hex2bin('", "')));", true),
    ("a.php", "<?php eval(gzinflate(hex2bin('", "')));", true),
    ("a.php", "<?php eval(gzuncompress(hex2bin('", "')));", true),
    ("a.php", "<?php eval(gzdecode(hex2bin('", "')));", true),
    ("a.php", "<?php eval(bzdecompress(hex2bin('", "')));", true),
    ("a.php", "<?php eval(convert_uudecode(hex2bin('", "')));", true),
    ("a.php", "<?php eval(str_rot13(urldecode(hex2bin('", "'))));", true),
    ("a.php", "<?php eval(html_entity_decode(quoted_printable_decode(hex2bin('", "'))));", true),
    ("a.php", "<?php eval(implode('', unserialize(hex2bin('", "'))));", true),
    ("a.php", "<?php eval(implode('', json_decode(hex2bin('", "'), true)));", true),
    ("a.php", "<?php eval(implode('', unpack('C*', hex2bin('", "'))));", true),
    (
        "a.php",
        "<?php $d = hex2bin('",
        "'); eval(preg_replace($d, $d, $d)); eval(sprintf($d, $d, 7)); eval(strtr($d, $d, 'ab'));",
        true,
    ),
    ("a.php", "<?php eval(iconv('UTF-7', 'UTF-8', hex2bin('", "'))); eval(stripcslashes(hex2bin('41')));", true),
    ("a.php", "<?php $d = hex2bin('", "'); eval(openssl_decrypt($d, 'AES-128-ECB', $d, 1)); eval($d ^ 'key'); eval(~$d);", true),
    ("a.asp", "<%@ language=\"VBScript.Encode\" %><%#@~^", "==^#~@%>", false),
    (
        "a.aspx",
        "<%@ Page Language=\"C#\" %><% System.Reflection.Assembly.Load(System.Convert.FromBase64String(\"",
        "\")); %>",
        false,
    ),
    (
        "a.jsp",
        "<% Object o = javax.xml.bind.DatatypeConverter.parseHexBinary(\"",
        "\"); out.print(new String((byte[]) o)); %>",
        true,
    ),
    ("a.cfm", "<cfset x = tostring(binarydecode('", "', 'hex'))><cfoutput>#evaluate(x)#</cfoutput>", true),
    ("a.pl", "#!/usr/bin/perl\nuse CGI;\nmy $d = pack('H*', '", "'); eval unpack('u', $d); eval($d =~ tr/a-m/n-z/r);", true),
    (
        "a.py",
        "import zlib, base64, marshal\nd = bytes.fromhex('",
        "')\nexec(zlib.decompress(d))\nexec(base64.b85decode(d))\n",
        true,
    ),
    (
        "a.php",
        "<?php $d = hex2bin('",
        "'); eval(simplexml_load_string($d)); eval(yaml_parse($d)); eval(parse_ini_string($d));",
        true,
    ),
];

/// Runs one input.
pub fn run(data: &[u8]) {
    let Some((&first, data)) = data.split_first() else { return };
    let (path, before, after, as_hex) = PAGES[usize::from(first) % PAGES.len()];
    let mut bytes = before.as_bytes().to_vec();
    match as_hex {
        true => bytes.extend(data.iter().flat_map(|byte| format!("{byte:02x}").into_bytes())),
        false => bytes.extend(data.iter().filter(|byte| !matches!(byte, b'\'' | b'"' | b'\\'))),
    }
    bytes.extend_from_slice(after.as_bytes());
    let limits = Limits { steps: 50_000, time: None, made_bytes: 4 << 20, layers: 20, file_bytes: 1 << 20, walk_all: true };
    let report = inspect(&File { path, bytes: &bytes, open: None }, &limits);
    assert!(!report.reasons.contains(&Reason::Failed), "{path}");
}
