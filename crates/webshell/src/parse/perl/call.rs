//! Words: functions, with and without parentheses.

use super::Parser;
use super::expression::level;
use super::lexer::{Sort, sign};
use super::quote::FAT_COMMA;
use super::{name, sigiled};
use crate::ir::{Expr, Item, Kind};

impl Parser<'_> {
    pub(super) fn word_operand(&mut self) -> Expr {
        let at = self.offset();
        let word = self.word();
        if self.is_string_word() {
            self.bump();
            return Expr::bytes(at, word);
        }
        match word {
            b"my" | b"our" | b"local" | b"state" => {
                self.bump();
                // `my Dog $spot`.
                if self.sort() == Sort::Word {
                    self.bump();
                }
                let value = self.postfix_entered();
                if matches!(word, b"my" | b"state") {
                    self.declare(&value);
                }
                // `my $a : shared`.
                if self.is(b":") && self.ahead(1) == Sort::Word && self.word_ahead(1) == b"shared" {
                    self.at += 2;
                }
                value
            }
            // What they do where no statement can stand is lost.
            b"next" | b"last" | b"redo" => {
                self.bump();
                if self.sort() == Sort::Word && !self.at_operator_word() {
                    self.bump();
                }
                Expr::null(at)
            }
            b"sub" if matches!(self.ahead(1), Sort::Sign([b'{' | b'(', 0, 0])) => self.closure(),
            b"do" | b"eval" if self.ahead(1) == sign(b"{") => {
                self.bump();
                self.called_block()
            }
            b"map" | b"grep" | b"sort" => self.each_call(),
            b"print" | b"printf" | b"say" => self.print(),
            b"return" => {
                self.bump();
                let before = self.bounds.begin();
                let value = if self.at_end() { Expr::null(at) } else { self.expression_from(level::COMMA) };
                self.bounds.end(before);
                value
            }
            b"qw" => Expr::null(at),
            b"__PACKAGE__" | b"__FILE__" | b"__LINE__" => {
                self.bump();
                Expr::bytes(at, word)
            }
            b"new" if self.ahead(1) == Sort::Word && self.ahead(2) != FAT_COMMA => self.new_object(),
            b"if" | b"unless" | b"while" | b"until" | b"foreach" | b"or" | b"and" | b"xor" | b"eq" | b"ne" | b"lt" | b"gt"
            | b"le" | b"ge" | b"cmp" => Expr::null(at),
            _ => self.call(),
        }
    }

    fn postfix_entered(&mut self) -> Expr {
        let at = self.offset();
        if !self.bounds.enter() {
            return Expr::null(at);
        }
        let value = self.postfix();
        self.bounds.leave();
        value
    }

    /// A call of a function by its name, or a name.
    fn call(&mut self) -> Expr {
        let at = self.offset();
        let word = self.word();
        self.bump();
        let function = Expr::new(at, Kind::Name(name(word)));
        if self.is(b"(") {
            let args = self.arguments();
            return self.call_of(function, args);
        }
        // `A->b`, `A::`.
        if self.is(b"->") || word.ends_with(b"::") {
            return function;
        }
        if self.at_end() || self.is(b")") || self.is(b",") {
            return self.bare(word, function);
        }
        if takes_one(word) {
            let args = if self.begins_operand() { vec![Item::plain(self.expression_from(level::NAMED))] } else { Vec::new() };
            return self.call_of(function, args);
        }
        let small = word.first().is_some_and(|byte| byte.is_ascii_lowercase() || *byte == b'_');
        let more = small && (self.is(b"{") || self.sort() == Sort::Word && !self.at_operator_word());
        let takes_list = takes_list(word) || self.begins_sure_operand() || more;
        if !takes_list {
            return self.bare(word, function);
        }
        // `system { $file } @args`, `exec {…}`.
        if self.is(b"{") && matches!(word, b"system" | b"exec") {
            self.bump();
            let file = self.expression();
            self.close(b"}");
            let mut args = vec![Item::plain(file)];
            args.append(&mut self.items_entered());
            return self.call_of(function, args);
        }
        let mut args = Vec::new();
        if matches!(word, b"system" | b"exec") {
            args.extend(self.loose_scalar());
        }
        // `first {…} @a`: a function that takes a block.
        if self.is(b"{") && !self.begins_hash() {
            args.push(Item::plain(self.block_of_each()));
            self.eat(b",");
        }
        args.append(&mut self.items_entered());
        self.call_of(function, args)
    }

    fn call_of(&mut self, function: Expr, mut args: Vec<Item>) -> Expr {
        let at = function.at;
        if let Kind::Name(name) = &function.kind {
            match &**name {
                // They take the arguments, of the function or of the program.
                "shift" | "pop" if args.is_empty() => {
                    let array = sigiled('@', if self.in_function { b"_" } else { b"ARGV" });
                    args.push(Item::plain(Expr::new(at, Kind::Var(array))));
                }
                // They work on the default variable.
                "lc" | "uc" | "chomp" | "chop" | "ord" | "chr" | "length" | "eval" | "unlink" | "quotemeta" | "rmdir"
                | "evalbytes"
                    if args.is_empty() =>
                {
                    args.push(Item::plain(Expr::new(at, Kind::Var("_".into()))));
                }
                _ => {}
            }
        }
        if self.bounds.link() { Expr::new(at, Kind::Call(Box::new(function), args)) } else { function }
    }

    /// A word alone: what begins with a capital is a file or a class, anything else is called.
    fn bare(&mut self, word: &[u8], function: Expr) -> Expr {
        let named = word.first().is_some_and(u8::is_ascii_uppercase) || word.contains(&b':');
        if named { function } else { self.call_of(function, Vec::new()) }
    }

    /// `exec $file @args`, `sort $by @a`: a variable in front of the list, without a comma.
    fn loose_scalar(&mut self) -> Option<Item> {
        let loose = self.sort() == Sort::Scalar
            && matches!(self.ahead(1), Sort::Scalar | Sort::Array | Sort::Quote(_) | Sort::Deref(_) | Sort::Sign([b'(', 0, 0]));
        if !loose {
            return None;
        }
        let variable = Expr::new(self.offset(), Kind::Var(name(self.bytes())));
        self.bump();
        Some(Item::plain(variable))
    }

    fn items_entered(&mut self) -> Vec<Item> {
        if !self.bounds.enter() {
            return Vec::new();
        }
        let before = self.bounds.begin();
        let items = self.items();
        self.bounds.end(before);
        self.bounds.leave();
        items
    }

    /// `new A(…)`.
    fn new_object(&mut self) -> Expr {
        let at = self.offset();
        let member = Expr::bytes(at, self.bytes());
        self.bump();
        let class = Expr::new(self.offset(), Kind::Name(name(self.bytes())));
        self.bump();
        let begins = self.begins_sure_operand() || self.sort() == Sort::Word && self.is_string_word();
        let args = match self.is(b"(") {
            true => self.arguments(),
            false if begins => self.items_entered(),
            false => Vec::new(),
        };
        let callee = Expr::new(at, Kind::Static(Box::new(class), Box::new(member)));
        Expr::new(at, Kind::Call(Box::new(callee), args))
    }

    /// `map {…} @a`, `map f($_), @a`, `sort f @a`.
    fn each_call(&mut self) -> Expr {
        let function = Expr::new(self.offset(), Kind::Name(name(self.bytes())));
        self.bump();
        let parenthesis = self.eat(b"(");
        let mut args = Vec::new();
        if self.bounds.enter() {
            if self.is(b"{") {
                args.push(Item::plain(self.block_of_each()));
                self.eat(b",");
            } else {
                args.extend(self.loose_scalar());
            }
            args.append(&mut self.items_entered());
            self.bounds.leave();
        }
        if parenthesis {
            self.close(b")");
        }
        if self.bounds.link() { Expr::new(function.at, Kind::Call(Box::new(function), args)) } else { function }
    }

    /// `print a, b`, `print F a`, `print {$f} a`, `print $f a`: the file comes first. One in a variable has the key `to`,
    /// since nothing else tells it from what is printed.
    fn print(&mut self) -> Expr {
        let function = Expr::new(self.offset(), Kind::Name(name(self.bytes())));
        self.bump();
        let parenthesis = self.eat(b"(");
        let at = self.offset();
        let mut args = Vec::new();
        let key = Some(Expr::bytes(at, b"to"));
        if !self.bounds.enter() {
            return function;
        }
        match self.sort() {
            Sort::Sign([b'{', 0, 0]) => {
                self.bump();
                let file = self.expression();
                self.close(b"}");
                args.push(Item { key, ..Item::plain(file) });
            }
            Sort::Word if self.word().first().is_some_and(u8::is_ascii_uppercase) && self.begins_file() => {
                args.push(Item::plain(Expr::new(at, Kind::Name(name(self.bytes())))));
                self.bump();
            }
            Sort::Scalar if self.begins_file() || self.ahead(1) == sign(b"(") => {
                let file = Expr::new(at, Kind::Var(name(self.bytes())));
                self.bump();
                args.push(Item { key, ..Item::plain(file) });
            }
            _ => {}
        }
        if parenthesis {
            args.extend(self.expression_list().unwrap_or_default());
            self.close(b")");
        } else {
            args.append(&mut self.items_entered());
        }
        self.bounds.leave();
        // `print;`, `print F;`
        let only_file = matches!(&args[..], [Item { key: Some(_), .. }] | [Item { value: Expr { kind: Kind::Name(_), .. }, .. }]);
        if args.is_empty() || only_file {
            args.push(Item::plain(Expr::new(at, Kind::Var("_".into()))));
        }
        if self.bounds.link() { Expr::new(function.at, Kind::Call(Box::new(function), args)) } else { function }
    }

    /// Whether what follows this token makes it a file that is printed to.
    fn begins_file(&self) -> bool {
        match self.ahead(1) {
            Sort::Scalar
            | Sort::Array
            | Sort::Hash
            | Sort::Quote(_)
            | Sort::Number
            | Sort::Function
            | Sort::Deref(b'$' | b'@') => true,
            Sort::Word => !is_operator(self.word_ahead(1)),
            // `print STDERR (…)`, `print STDERR;`
            Sort::Sign([b'(' | b';' | b'}' | b')', 0, 0]) | Sort::Nothing => {
                self.word().iter().all(u8::is_ascii_uppercase) && self.sort() == Sort::Word
            }
            _ => false,
        }
    }

    /// Whether this brace is that of a hash: empty, or with a key behind it.
    fn begins_hash(&self) -> bool {
        self.ahead(1) == sign(b"}") || self.ahead(2) == FAT_COMMA
    }

    /// Whether an operand begins here, where an operator may stand as well.
    fn begins_operand(&self) -> bool {
        match self.sort() {
            Sort::Sign(text) => matches!(text, [b'(' | b'[' | b'{' | b'\\' | b'-' | b'!' | b'~', 0, 0]),
            Sort::Word => !self.at_operator_word(),
            Sort::Nothing => false,
            _ => true,
        }
    }

    pub(super) fn at_operator_word(&self) -> bool {
        is_operator(self.word())
    }

    /// Whether only an operand can begin here, so that the word in front is called.
    fn begins_sure_operand(&self) -> bool {
        match self.sort() {
            Sort::Scalar | Sort::Array | Sort::Hash | Sort::Number | Sort::Quote(_) | Sort::LastIndex | Sort::Function => true,
            Sort::Deref(sigil) => sigil != b'&',
            Sort::Sign(text) => text == [b'\\', 0, 0],
            _ => false,
        }
    }
}

/// Words that stand between operands, or behind a statement.
fn is_operator(word: &[u8]) -> bool {
    matches!(
        word,
        b"x" | b"eq"
            | b"ne"
            | b"lt"
            | b"gt"
            | b"le"
            | b"ge"
            | b"cmp"
            | b"isa"
            | b"if"
            | b"unless"
            | b"for"
            | b"foreach"
            | b"while"
            | b"until"
            | b"and"
            | b"or"
            | b"xor"
    )
}

/// Functions of one argument, which bind more strongly than comparisons.
pub(super) fn takes_one(word: &[u8]) -> bool {
    matches!(
        word,
        b"shift"
            | b"pop"
            | b"defined"
            | b"ref"
            | b"lc"
            | b"uc"
            | b"lcfirst"
            | b"ucfirst"
            | b"length"
            | b"chr"
            | b"ord"
            | b"scalar"
            | b"keys"
            | b"values"
            | b"each"
            | b"delete"
            | b"exists"
            | b"chomp"
            | b"chop"
            | b"chdir"
            | b"rmdir"
            | b"readline"
            | b"close"
            | b"quotemeta"
            | b"rand"
            | b"int"
            | b"hex"
            | b"oct"
            | b"abs"
            | b"sqrt"
            | b"log"
            | b"exp"
            | b"sin"
            | b"cos"
            | b"caller"
            | b"umask"
            | b"sleep"
            | b"localtime"
            | b"gmtime"
            | b"alarm"
            | b"exit"
            | b"undef"
            | b"require"
            | b"fc"
            | b"stat"
            | b"lstat"
            | b"readlink"
            | b"fileno"
            | b"eof"
            | b"tell"
            | b"getc"
            | b"chroot"
            | b"study"
            | b"pos"
            | b"lock"
            | b"srand"
            | b"do"
            | b"eval"
            | b"evalbytes"
            | b"closedir"
            | b"readdir"
            | b"rewinddir"
            | b"untie"
            | b"tied"
    )
}

/// Functions that take everything up to the end of the list.
pub(super) fn takes_list(word: &[u8]) -> bool {
    matches!(
        word,
        b"push"
            | b"unshift"
            | b"splice"
            | b"join"
            | b"split"
            | b"sprintf"
            | b"die"
            | b"warn"
            | b"system"
            | b"exec"
            | b"open"
            | b"opendir"
            | b"unlink"
            | b"chmod"
            | b"chown"
            | b"rename"
            | b"mkdir"
            | b"link"
            | b"symlink"
            | b"utime"
            | b"kill"
            | b"pack"
            | b"unpack"
            | b"reverse"
            | b"bless"
            | b"binmode"
            | b"seek"
            | b"read"
            | b"sysread"
            | b"syswrite"
            | b"sysopen"
            | b"socket"
            | b"bind"
            | b"connect"
            | b"listen"
            | b"accept"
            | b"send"
            | b"recv"
            | b"select"
            | b"substr"
            | b"index"
            | b"rindex"
            | b"crypt"
            | b"atan2"
            | b"ioctl"
            | b"fcntl"
            | b"flock"
            | b"truncate"
            | b"waitpid"
            | b"syscall"
            | b"glob"
            | b"tie"
            | b"vec"
            | b"formline"
            | b"dbmopen"
            | b"not"
            | b"wantarray"
            | b"goto"
            | b"croak"
            | b"confess"
            | b"carp"
    )
}
