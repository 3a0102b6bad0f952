//! What all languages become: a small tree of expressions and statements that the interpreter walks.
//!
//! The tree keeps what matters for following data (names, calls, assignments, order) and drops the rest (types of variables,
//! visibility, generics). Constructs that are calls in all but spelling are calls here: PHP's `eval`, `echo`, `include`, `exit`,
//! `isset` and backticks (`shell_exec`) become [`Kind::Call`] of a [`Kind::Name`].

use std::rc::Rc;

/// A name as the language compares it: languages that ignore case (VBScript, VB.NET, ColdFusion) hand on lower case.
pub(crate) type Name = Rc<str>;

/// Byte offset in the text that was parsed.
pub(crate) type Offset = u32;

pub(crate) type Block = Vec<Stmt>;

#[derive(Debug)]
pub(crate) struct Expr {
    pub at: Offset,
    pub kind: Kind,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Literal {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Bytes(Rc<[u8]>),
}

#[derive(Debug)]
pub(crate) enum Kind {
    Literal(Literal),
    /// Pieces joined to one string: interpolation, and a chain of the string operator (kept flat, it may have thousands).
    Joined(Vec<Expr>),
    /// A variable, without sigil. In C#, Java, JScript, VB an identifier, which may turn out to be a field, a type or a function.
    Var(Name),
    /// The variable that an expression names: `$$a`, `${"a" . "b"}`.
    Dynamic(Box<Expr>),
    /// A bare name where the language tells it from a variable: function, class or constant. Qualified names keep their
    /// separators (`a\b`, `A::B`).
    Name(Name),
    /// `a[b]`; without an index it appends (`a[] = …`).
    Index(Box<Expr>, Option<Box<Expr>>),
    /// `a.b`, `a->b`: the name of the member is a literal string, or an expression where the language allows it (`$a->$b`).
    Member(Box<Expr>, Box<Expr>),
    /// `A::b`: member of a class. PHP's static properties keep their `$` in front of the member's name.
    Static(Box<Expr>, Box<Expr>),
    Call(Box<Expr>, Vec<Item>),
    /// `new A(…)`; the class is a `Name`, an expression, or `Class` for an anonymous one. Initialisers are `Initialised`.
    New(Box<Expr>, Vec<Item>),
    /// An object and assignments to its members: `new A { B = c, … }` in C#. An item without a key is added.
    Initialised(Box<Expr>, Vec<Item>),
    Unary(Unary, Box<Expr>),
    Binary(Binary, Box<Expr>, Box<Expr>),
    /// Also destructuring: the target is then a `List`.
    Assign(Box<Expr>, Box<Expr>),
    /// `a = &b`.
    AssignRef(Box<Expr>, Box<Expr>),
    AssignOp(Binary, Box<Expr>, Box<Expr>),
    /// `a++`, `--a`.
    Step {
        target: Box<Expr>,
        by: i64,
        prefix: bool,
    },
    /// `a ? b : c`; `a ?: c` has no middle.
    Choose(Box<Expr>, Option<Box<Expr>>, Box<Expr>),
    /// An array, a hash, an object literal.
    List(Vec<Item>),
    Closure(Rc<Function>),
    Class(Rc<Class>),
    /// A cast or conversion to a named type, lower case, without namespace: `(string)$a`, `(byte[])a`, `a as T`.
    Cast(Name, Box<Expr>),
    /// `match` and `switch` expressions; no pattern means the default.
    Match(Box<Expr>, Vec<(Vec<Expr>, Expr)>),
}

/// An element of a list, or an argument. A named argument has its name as key.
#[derive(Debug)]
pub(crate) struct Item {
    pub key: Option<Expr>,
    pub value: Expr,
    /// `...$a`.
    pub spread: bool,
    /// `&$a`, `ref a`, `out a`.
    pub by_ref: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unary {
    Not,
    Minus,
    Plus,
    BitNot,
    /// `@a`, `await a`, `yield a`, `throw a` as an expression, `clone a`: the value itself.
    Same,
    TypeOf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Binary {
    /// Numbers add; strings join where the language does so (`+` in C#, Java, JScript, VB).
    Add,
    /// The string operator: `.` in PHP and Perl, `&` in VB, `#` rules in ColdFusion.
    Join,
    Sub,
    Mul,
    Div,
    /// Whole-number division (`\` in VB, `//` in Python).
    IntDiv,
    Mod,
    Pow,
    BitAnd,
    BitOr,
    BitXor,
    ShiftLeft,
    ShiftRight,
    And,
    Or,
    /// `xor` of truth values.
    Xor,
    /// `??`.
    Coalesce,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    /// `<=>`.
    Compare,
    /// `a instanceof B`, `a is B`.
    IsA,
    /// Repetition of a string (`x` in Perl, `*` in Python on strings).
    Repeat,
    /// A match of a regular expression (`=~`), `in`, `like`: a truth value that depends on both sides.
    Test,
}

#[derive(Debug)]
pub(crate) enum Stmt {
    Expr(Expr),
    /// A declaration of a local variable: name, type (lower case, without namespace and generics, if written) and value.
    Let(Name, Option<Name>, Option<Expr>, Offset),
    If(Expr, Block, Block),
    Loop(Box<Loop>),
    Each(Box<Each>),
    /// Cases in order; no expression means default. Falling through is a case without a `Break` at its end (languages that
    /// do not fall through end each block with `Break(1)`).
    Switch(Expr, Vec<(Vec<Expr>, Block)>),
    Try {
        body: Block,
        /// The variable of the exception and the block.
        catches: Vec<(Option<Name>, Block)>,
        finally: Block,
    },
    Return(Option<Expr>),
    Throw(Expr),
    /// How many loops are left.
    Break(u32),
    Continue(u32),
    Block(Block),
    Function(Rc<Function>),
    Class(Rc<Class>),
    /// `global $a, $b`.
    Global(Vec<Name>),
    /// `static $a = 1` inside a function.
    StaticVar(Name, Option<Expr>),
    Unset(Vec<Expr>),
    /// A place that `goto` leads to, and the jump there.
    Label(Name),
    Goto(Name),
    /// Text outside of code, so many bytes.
    Text(u32),
    /// What the parser could not read, from here.
    #[cfg_attr(not(test), allow(dead_code, reason = "only counted; the parsers' tests look at the place"))]
    Unread(Offset),
}

#[derive(Debug)]
pub(crate) struct Loop {
    pub init: Vec<Expr>,
    /// None is forever.
    pub condition: Option<Expr>,
    pub step: Vec<Expr>,
    pub body: Block,
    /// The body runs before the condition is looked at.
    pub body_first: bool,
}

#[derive(Debug)]
pub(crate) struct Each {
    pub subject: Expr,
    pub key: Option<Expr>,
    pub value: Expr,
    pub by_ref: bool,
    pub body: Block,
    pub at: Offset,
}

#[derive(Debug)]
pub(crate) struct Function {
    /// Empty for closures.
    pub name: Name,
    pub params: Vec<Param>,
    pub body: Block,
    /// Variables that a PHP closure takes along (`use`), and whether by reference.
    pub uses: Vec<(Name, bool)>,
    /// It sees the variables around it (arrow functions; all closures but PHP's).
    pub captures: bool,
    pub is_static: bool,
    /// Attributes, annotations and modifiers that say who calls it, lower case: `webmethod`, `override`, `dllimport`, `public`.
    pub marks: Vec<Name>,
    /// In VB a function returns what was assigned to its own name.
    pub returns_name: bool,
    pub at: Offset,
}

#[derive(Debug)]
pub(crate) struct Param {
    pub name: Name,
    /// Lower case, without namespace and generics.
    pub of_type: Option<Name>,
    pub default: Option<Expr>,
    pub by_ref: bool,
    pub variadic: bool,
}

#[derive(Debug)]
pub(crate) struct Class {
    /// Empty for anonymous ones.
    pub name: Name,
    /// Classes and interfaces that it extends, as written.
    pub extends: Vec<Name>,
    pub fields: Vec<Field>,
    pub methods: Vec<Rc<Function>>,
    /// Code in the class's body outside of methods: static initialisers and nested types' bodies.
    pub init: Block,
    pub at: Offset,
}

#[derive(Debug)]
pub(crate) struct Field {
    pub name: Name,
    pub of_type: Option<Name>,
    pub default: Option<Expr>,
    pub is_static: bool,
}

/// A parsed text.
#[derive(Debug, Default)]
pub(crate) struct Program {
    pub body: Block,
}

impl Expr {
    pub(crate) fn new(at: Offset, kind: Kind) -> Self {
        Self { at, kind }
    }

    pub(crate) fn bytes(at: Offset, bytes: &[u8]) -> Self {
        Self::new(at, Kind::Literal(Literal::Bytes(bytes.into())))
    }

    pub(crate) fn null(at: Offset) -> Self {
        Self::new(at, Kind::Literal(Literal::Null))
    }

    /// A call of a function by its name.
    pub(crate) fn call(at: Offset, name: &str, args: Vec<Expr>) -> Self {
        let callee = Box::new(Self::new(at, Kind::Name(name.into())));
        Self::new(at, Kind::Call(callee, args.into_iter().map(Item::plain).collect()))
    }

    /// `object.name`.
    pub(crate) fn member(at: Offset, object: Expr, name: &str) -> Self {
        Self::new(at, Kind::Member(Box::new(object), Box::new(Self::bytes(at, name.as_bytes()))))
    }
}

impl Item {
    pub(crate) fn plain(value: Expr) -> Self {
        Self { key: None, value, spread: false, by_ref: false }
    }
}
