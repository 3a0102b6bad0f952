//! Inert pieces, each with one source and one way out.

use crate::language::Language::Perl;
use crate::library::check::check;

#[test]
fn sources() {
    check(
        Perl,
        &[
            ("use CGI qw(:standard); system(param('a'));", "Command system Parameter:a Whole"),
            ("my $q = CGI->new; my $c = $q->param('a'); system $c;", "Command system Parameter:a Whole"),
            ("my $q = new CGI; system($q->param(-name => 'a'));", "Command system Parameter:a Whole"),
            ("system(CGI->new->param('a'));", "Command system Parameter:a Whole"),
            ("system($ENV{'QUERY_STRING'});", "Command system Parameter:QUERY_STRING Whole"),
            ("system($ENV{HTTP_X_A});", "Command system Header:HTTP_X_A Whole"),
            ("system($ENV{PATH});", "Command system = "),
            ("print \"Content-type: text/plain\\n\\n\"; my $l = <STDIN>; system($l);", "Command system Body: Whole"),
            ("my $l = <STDIN>; system($l);", "Command system = "),
            ("# use CGI;\nprint 'QUERY_STRING'; my $l = <STDIN>; system($l);", "Command system = "),
            ("foreach my $k (keys %ENV) { $x =~ s/a/$ENV{$k}/; } system($x);", "Command system = "),
            ("use CGI; my $l = <STDIN>; system($l);", "Command system Body: Whole"),
            ("open(STDIN, 'a|'); my $l = <STDIN>; system($l); $ENV{QUERY_STRING};", "Command open = a|; Command system = "),
            ("system($ENV{$k});", "Command system = "),
            (
                "$ENV{PATH} = 'a'; my $k = $x . 'b'; system($ENV{$k}); system($ENV{QUERY_STRING});",
                "Command system = ; Command system Parameter:QUERY_STRING Whole",
            ),
            ("read(STDIN, $b, $ENV{CONTENT_LENGTH}); system($b);", "Command system Body: Whole"),
            ("system(cookie('a'));", "Command system Cookie:a Whole"),
            ("my %h = CGI->new->Vars; system($h{a});", "Command system Parameter:a Whole"),
            ("require 'cgi-lib.pl'; &ReadParse; system($in{a});", "Command system Parameter:a Whole"),
            ("require 'cgi-lib.pl'; &ReadParse(*form); system($form{a});", "Command system Parameter:a Whole"),
            ("print \"Content-type: text/plain\\n\\n\"; system($ARGV[0]);", "Command system Parameter:QUERY_STRING Whole"),
            ("system($ARGV[0]);", "Command system Parameter:QUERY_STRING Weak"),
            (
                "sub get { my ($n) = @_; return $q->param($n); } my $q = CGI->new; system(get('a'));",
                "Command system Parameter:a Whole",
            ),
            (
                concat!(
                    "if ($ENV{'REQUEST_METHOD'} eq 'POST') { read(STDIN, $buffer, $ENV{'CONTENT_LENGTH'}); } ",
                    "else { $buffer = $ENV{'QUERY_STRING'}; }\n",
                    "@pairs = split(/&/, $buffer);\n",
                    "foreach $pair (@pairs) {\n ($name, $value) = split(/=/, $pair);\n $value =~ tr/+/ /;\n",
                    " $value =~ s/%([a-fA-F0-9][a-fA-F0-9])/pack(\"C\", hex($1))/eg;\n $FORM{$name} = $value;\n}\n",
                    "system($FORM{'cmd'});",
                ),
                "Command system Parameter:cmd Whole",
            ),
        ],
    );
}

#[test]
fn sinks() {
    let rows = [
        ("system", "Command system"),
        ("exec", "Command exec"),
        ("eval", "Code eval"),
        ("do", "Include do"),
        ("require", "Include require"),
        ("unlink", "Change unlink"),
        ("rmdir", "Change rmdir"),
        ("glob", "List glob"),
    ];
    for (function, expected) in rows {
        check(Perl, &[(&format!("my $x = param('a'); {function}($x);"), &format!("{expected} Parameter:a Whole"))]);
    }
    check(
        Perl,
        &[
            ("my $x = param('a'); print `$x`;", "Command qx Parameter:a Whole"),
            ("my $x = param('a'); print qx(ls $x);", "Command qx Parameter:a Part"),
            ("my $x = param('a'); open(F, \"$x|\");", "Command open Parameter:a Whole"),
            ("my $x = param('a'); open(F, \"|$x\") or die;", "Command open Parameter:a Whole"),
            ("my $x = param('a'); open(F, $x);", "Read open Parameter:a Whole; Command open Parameter:a Whole"),
            ("my $x = param('a'); open(F, \"< $x\");", "Read open Parameter:a Whole"),
            ("my $x = param('a'); open(F, \"< b/$x\");", "Read open Parameter:a Part"),
            (
                "my $x = param('a'); open(F, \">b.cgi\"); while ($x) { $_ = $x; print F }",
                "Write print Parameter:a Whole also served",
            ),
            (
                "use LWP::Simple; getstore(param('a'), param('b'));",
                "Fetch getstore Parameter:a Whole; Write getstore Parameter:b Whole also",
            ),
            (
                "my ($n, $c) = (split /=/, param('a')); my $v = (split(/=/, param('a')))[1]; system($v);",
                "Command system Parameter:a Whole",
            ),
            ("my $x = param('a'); open(my $f, '-|', $x);", "Command open Parameter:a Whole"),
            ("my $x = param('a'); open(F, '|sh'); print F $x;", "Command open = sh; Command print Parameter:a Whole"),
            ("my $x = param('a'); open(my $f, '<', $x);", "Read open Parameter:a Whole"),
            ("my $x = param('a'); open(F, \">$x\"); print F 'a';", "Write open Parameter:a Whole; Write print Parameter:a Whole"),
            ("my $x = param('a'); open(my $f, '>', 'b.cgi'); print $f $x;", "Write print Parameter:a Whole also served"),
            ("my $x = param('a'); open(my $f, '>', 'b.txt'); print {$f} $x; close $f;", "Write print Parameter:a Whole also"),
            ("my $x = param('a'); opendir(D, $x); my @f = readdir(D);", "List opendir Parameter:a Whole"),
            ("my $x = param('a'); rename('b', $x);", "Change rename Parameter:a Whole"),
            ("my $x = param('a'); chmod 0755, $x;", "Change chmod Parameter:a Whole"),
            (
                "my $x = param('a'); my $s = IO::Socket::INET->new(PeerAddr => $x, PeerPort => 80);",
                "Tunnel IO::Socket Parameter:a Whole",
            ),
            ("my $x = param('a'); use IPC::Open3; open3(I, O, E, $x);", "Command open3 Parameter:a Whole"),
            ("my $x = param('a'); my $d = DBI->connect('b'); $d->do($x);", "Sql do Parameter:a Whole"),
            (
                "my $x = param('a'); my $d = DBI->connect('b'); my $s = $d->prepare(\"select $x\");",
                "Sql prepare Parameter:a Part",
            ),
            ("my $x = param('a'); syscall($x);", "Native syscall Parameter:a Whole"),
            ("my $x = param('a'); my $f = 'sys' . 'tem'; &$f($x);", "Command system Parameter:a Whole computed"),
            ("my $x = param('a'); $y =~ s/b/$x/ee;", "Code eval Parameter:a Whole"),
            ("system('ls');", "Command system = ls"),
        ],
    );
}

#[test]
fn texts_are_computed() {
    let rows = [
        ("join('', 'a', 'b')", "ab"),
        ("'a' . \"b\"", "ab"),
        ("join('-', ('a', 'b'), 'c')", "a-b-c"),
        ("my @l = ('a', 'b'); join('', @l)", "ab"),
        ("my @l = split(/,/, 'a,b,c'); $l[1] . $l[2]", "bc"),
        ("reverse('abc')", "cba"),
        ("scalar reverse('abc')", "cba"),
        ("chr(97) . chr(ord('a') + 1)", "ab"),
        ("lc('AB') . uc('c')", "abC"),
        ("substr('abcdef', 1, 3)", "bcd"),
        ("pack('H*', '6162')", "ab"),
        ("pack('C*', 97, 98)", "ab"),
        ("unpack('u', \"#86)C\\n\")", "abc"),
        ("decode_base64('YWI=')", "ab"),
        ("MIME::Base64::decode('YWI=')", "ab"),
        ("sprintf('%s%c', 'a', 98)", "ab"),
        ("my $x = 'nopq'; $x =~ tr/a-zA-Z/n-za-mN-ZA-M/; $x", "abcd"),
        ("my $x = '6162'; $x =~ s/(..)/chr(hex($1))/ge; $x", "ab"),
        ("my $x = 'a#b#'; $x =~ s/#//g; $x", "ab"),
        ("my $x = 'b-a'; $x =~ s/(.)-(.)/$2$1/; $x", "ab"),
        ("join '', map { chr } (97, 98)", "ab"),
        ("join('', map { chr($_ - 1) } (98, 99))", "ab"),
        ("join('', map chr($_ ^ 1), (96, 99))", "ab"),
        ("join('', grep { $_ ne 'x' } ('a', 'x', 'b'))", "ab"),
        ("join('', sort { $a cmp $b } ('b', 'a'))", "ab"),
        ("my %h = (x => 'a', 'y', 'b'); $h{x} . $h{y}", "ab"),
        ("my $h = {x => ['a', 'b']}; $h->{x}[0] . $h->{x}->[1]", "ab"),
        ("my ($p, @r) = ('a', 'b', 'c'); $p . $r[1]", "ac"),
        ("my ($p, $q) = 'xa-b' =~ /x(.)-(.)/; $p . $q", "ab"),
        ("my $r = ''; foreach my $c (97, 98) { $r .= chr($c); }; $r", "ab"),
        ("my $r = ''; for (my $i = 0; $i < 2; $i++) { $r .= substr('axb', $i * 2, 1); }; $r", "ab"),
        ("my @s = (97, 98); my $r = ''; while (@s) { $r .= chr(shift @s); }; $r", "ab"),
    ];
    for (code, expected) in rows {
        let (before, last) = code.rsplit_once("; ").unwrap_or(("", code));
        check(
            Perl,
            &[(&format!("{before}; my $z = {last}; system($z);"), &format!("Command system = {expected}{}", facts(code)))],
        );
    }
}

/// Whether the text was decoded on its way, by what it is made of.
fn facts(code: &str) -> &'static str {
    let decodes = ["reverse(", "pack(", "decode", "tr/", "/ge", "Base64"].iter().any(|name| code.contains(name));
    if decodes { " decoded" } else { "" }
}

#[test]
fn variables_that_nothing_declares_are_the_programs() {
    let rows = [
        ("sub a { $v = param('a'); } a(); system($v);", "Command system Parameter:a Whole"),
        ("sub a { my $v = param('a'); } a(); system($v);", "Command system = "),
        ("sub a { my ($u, $v) = (1, param('a')); } a(); system($v);", "Command system = "),
        ("sub a { foreach my $v (param('a')) { } } a(); system($v);", "Command system = "),
        (
            "sub a { local (*in) = @_ if @_; local ($k, $v); $in{'b'} = $ENV{'QUERY_STRING'}; } &a; system($in{b});",
            "Command system Parameter:QUERY_STRING Whole",
        ),
        ("sub a { my $v = param('a'); my $f = sub { system($v); }; $f->(); } a();", "Command system Parameter:a Whole"),
        ("sub a { $x = param('a'); b(); } sub b { system($x); } a();", "Command system Parameter:a Whole"),
        ("sub a { param('x') =~ /-/; $h = $`; $t = $'; } a(); system($t);", "Command system Parameter:x Whole"),
        ("'xa-b' =~ /-/; system($'.$`);", "Command system = bxa"),
    ];
    check(Perl, &rows);
}

#[test]
fn objects_are_one_thing_wherever_they_are_kept() {
    let rows = [
        (
            "my $o = bless {}, 'A'; put($o, param('a')); system($o->{c}); sub put { my ($s, $v) = @_; $s->{c} = $v; }",
            "Command system Parameter:a Whole",
        ),
        ("my $o = bless { c => 'b' }, 'A'; system($o->{c});", "Command system = b"),
        (
            "my $o = bless {}, 'A'; $o->put(param('a')); $o->go; sub put { my ($s, $v) = @_; $s->{c} = $v } sub go { my $s = shift; system($s->{c}) }",
            "Command system Parameter:a Whole",
        ),
        (
            "sub new { my $c = shift; my $s = { c => 'b' }; bless $s, $c; return $s; } my $o = A->new; system($o->{c});",
            "Command system = b",
        ),
    ];
    check(Perl, &rows);
}

#[test]
fn shells_on_a_connection() {
    check(
        Perl,
        &[
            ("socket(S, PF_INET, SOCK_STREAM, 6); open(STDIN, '>&S'); exec('/bin/sh -i');", "Command exec Remote: Whole"),
            ("accept(C, S); open STDIN, '<&C'; open STDOUT, '>&C'; exec $sh;", "Command exec Remote: Whole"),
            (
                "use IO::Socket; $s = IO::Socket::INET->new(LocalPort => 1); $c = $s->accept(); open(STDIN, '<&', $c); system('/bin/sh');",
                "Command system Remote: Whole",
            ),
            (
                "use IO::Socket; $c = IO::Socket::INET->new(LocalPort => 1); STDIN->fdopen($c, 'r'); system $_ while <>;",
                "Command system Remote: Whole",
            ),
            // What is started is no shell, or its input is no connection.
            ("socket(S, PF_INET, SOCK_STREAM, 6); open(STDIN, '<&S'); exec('/usr/bin/env');", "Command exec = /usr/bin/env"),
            ("open(SAVE, '>&STDOUT'); open(STDOUT, '>&SAVE'); exec('/bin/sh');", "Command exec = /bin/sh"),
            ("open(STDERR, '>&STDOUT'); exec('/bin/sh');", "Command exec = /bin/sh"),
            ("open(STDIN, '<', '/dev/null'); exec('/bin/sh');", "Command exec = /bin/sh"),
        ],
    );
}
