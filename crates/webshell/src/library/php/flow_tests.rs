//! Code that does not stand in the order in which it runs, and calls on roundabout ways. Inert.

use crate::language::Language::Php;
use crate::library::check::check;

#[test]
fn jumps() {
    check(
        Php,
        &[
            (
                "<?php goto c; a: $v = $demo_array['k']; goto d; b: $f .= 'nk'; goto a; c: $f = 'demo_si'; goto b; d: $f($v);",
                "Command demo_sink Parameter:k Whole computed",
            ),
            // A condition that nobody knows: both ways are gone.
            (
                "<?php goto a; b: echo 1; goto e; c: demo_sink($demo_array['k']); goto e; a: if (!isset($_GET['p'])) { goto b; } goto c; e: ;",
                "Command demo_sink Parameter:k Whole",
            ),
            // Inside of a function, and out of a loop.
            (
                "<?php function f($x) { goto b; a: return strrev($x); b: while (1) { goto a; } } demo_sink(f($demo_array['k']));",
                "Command demo_sink Parameter:k Whole decoded",
            ),
            // A loop of jumps, as long as its end is known.
            (
                "<?php $s = ''; $i = 0; a: if ($i > 3) { goto b; } $s .= chr(97 + $i++); goto a; b: demo_sink($s);",
                "Command demo_sink = abcd",
            ),
            // What is jumped over does not run.
            ("<?php goto a; demo_sink($demo_array['k']); a: echo 1;", ""),
            // Jumps in circles end.
            ("<?php a: if ($x) { goto b; } goto a; b: if ($y) { goto a; } goto b;", ""),
        ],
    );
}
