//! Changes of how a program looks that mean nothing.

use super::quoted;
use crate::suite::dice::Dice;

/// A change of a program's text.
pub(super) struct Noise {
    pub name: &'static str,
    pub make: fn(&mut Dice, &str) -> String,
}

#[rustfmt::skip]
pub(super) const NOISES: &[Noise] = &[
    Noise { name: "comments", make: |dice, code| between(dice, code, &["/*x*/", "/* ' */", "/**/", "/*?*/"]) },
    Noise { name: "line comments", make: |dice, code| between(dice, code, &["//x'\n", "#y\"\n", "// ; }\n"]) },
    Noise { name: "white space", make: |dice, code| between(dice, code, &["\n", "\t\t", "   ", "\r\n\r\n"]) },
    Noise { name: "tags", make: |_, code| statements(code, " ?>\n<?php ") },
    Noise { name: "silence", make: |_, code| format!("@error_reporting(0);@ini_set('display_errors', 0);@set_time_limit(0);{code}") },
    Noise { name: "dead branches", make: |dice, code| format!("if (0) {{ {} }} {code} if (false) echo 1;", quoted(dice, "x") + ";") },
    Noise { name: "a block", make: |_, code| format!("{{ {code} }}") },
    Noise { name: "a switch", make: |_, code| format!("switch (1) {{ case 0: exit; case 1: {code} }}") },
    Noise { name: "a loop", make: |_, code| format!("foreach (array(1) as $noise) {{ {code} }}") },
    Noise { name: "a key that is asked for", make: |_, code| format!("if (isset($demo_array['k']) || isset($_GET['p'])) {{ {code} }}") },
    Noise { name: "a password", make: |_, code| format!("if (md5(@$_POST['pw']) !== '5d41402abc4b2a76b9719d911017c592' && 1 > 2) {{ die('no'); }} {code}") },
    Noise { name: "declared strict", make: |_, code| format!("$noise = array(); $noise['a']['b'] = 1; unset($noise); {code}") },
];

/// Puts something before some of the marks that stand outside of strings.
fn between(dice: &mut Dice, code: &str, what: &[&str]) -> String {
    let mut out = String::new();
    if code.contains("<<<") {
        return code.to_owned();
    }
    let mut quote = None;
    let mut escaped = false;
    let mut before = ' ';
    for one in code.chars() {
        match quote {
            Some(mark) => {
                if escaped {
                    escaped = false;
                } else if one == '\\' {
                    escaped = true;
                } else if one == mark {
                    quote = None;
                }
            }
            None => {
                if matches!(one, '(' | ')' | ';' | '.' | ',' | '[')
                    && !before.is_ascii_digit()
                    && before != '.'
                    && dice.below(3) == 0
                {
                    out += what[dice.below(what.len())];
                }
                if matches!(one, '"' | '\'') {
                    quote = Some(one);
                }
            }
        }
        out.push(one);
        before = one;
    }
    out
}

/// Puts something between the statements of the outermost level.
fn statements(code: &str, what: &str) -> String {
    let mut out = String::new();
    if code.contains("<<<") {
        return code.to_owned();
    }
    let (mut quote, mut escaped, mut depth) = (None, false, 0);
    for one in code.chars() {
        out.push(one);
        match quote {
            Some(mark) => {
                if escaped {
                    escaped = false;
                } else if one == '\\' {
                    escaped = true;
                } else if one == mark {
                    quote = None;
                }
            }
            None => match one {
                '"' | '\'' => quote = Some(one),
                '{' | '(' | '[' => depth += 1,
                '}' | ')' | ']' => depth -= 1,
                ';' if depth == 0 => out += what,
                _ => {}
            },
        }
    }
    out
}
