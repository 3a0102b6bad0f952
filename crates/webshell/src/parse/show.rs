//! The tree as S-expressions, short enough for the tables of the parsers' tests.
//!
//! A variable is its name, a `Name` has a `'` in front, lists are `[key:value …]`, blocks are in braces.

use std::fmt::Write;

use crate::ir::{Binary, Block, Class, Expr, Function, Item, Kind, Literal, Name, Param, Program, Stmt, Unary};

/// A program, its statements with a space between them.
pub(crate) fn program(program: &Program) -> String {
    all(&program.body, statement)
}

/// One expression.
pub(crate) fn expression(expr: &Expr) -> String {
    match &expr.kind {
        Kind::Literal(value) => literal(value),
        Kind::Joined(pieces) => list("join", pieces.iter().map(expression)),
        Kind::Var(name) => name.to_string(),
        Kind::Dynamic(inner) => list("$", [expression(inner)]),
        Kind::Name(name) => format!("'{name}"),
        Kind::Index(object, index) => list("at", [expression(object)].into_iter().chain(index.as_deref().map(expression))),
        Kind::Member(object, name) => list(".", [expression(object), name_of(name)]),
        Kind::Static(class, name) => list("::", [expression(class), name_of(name)]),
        Kind::Call(callee, args) => list("call", [expression(callee)].into_iter().chain(args.iter().map(item))),
        Kind::New(class, args) => list("new", [expression(class)].into_iter().chain(args.iter().map(item))),
        Kind::Initialised(object, items) => list("init", [expression(object)].into_iter().chain(items.iter().map(item))),
        Kind::Unary(op, operand) => list(unary(*op), [expression(operand)]),
        Kind::Binary(op, left, right) => list(binary(*op), [expression(left), expression(right)]),
        Kind::Assign(target, value) => list("=", [expression(target), expression(value)]),
        Kind::AssignRef(target, value) => list("=&", [expression(target), expression(value)]),
        Kind::AssignOp(op, target, value) => list(&format!("{}=", binary(*op)), [expression(target), expression(value)]),
        Kind::Step { target, by, prefix } => {
            let sign = if *by < 0 { "--" } else { "++" };
            let name = if *prefix { format!("{sign}_") } else { format!("_{sign}") };
            list(&name, [expression(target)])
        }
        Kind::Choose(condition, yes, no) => {
            let yes = yes.as_deref().map_or_else(|| "_".into(), expression);
            list("?", [expression(condition), yes, expression(no)])
        }
        Kind::List(items) => format!("[{}]", all(items, item)),
        Kind::Closure(function) => self::function("fn", function),
        Kind::Class(class) => self::class(class),
        Kind::Cast(name, value) => list("as", [name.to_string(), expression(value)]),
        Kind::Match(subject, arms) => {
            let arms = arms.iter().map(|(patterns, value)| format!("({} => {})", all(patterns, expression), expression(value)));
            list("match", [expression(subject)].into_iter().chain(arms))
        }
    }
}

fn statement(stmt: &Stmt) -> String {
    match stmt {
        Stmt::Expr(expr) => expression(expr),
        Stmt::Let(name, of_type, value, _) => {
            list("let", [typed(name, of_type.as_ref())].into_iter().chain(value.as_ref().map(expression)))
        }
        Stmt::If(condition, then, otherwise) => list("if", [expression(condition), block(then), block(otherwise)]),
        Stmt::Loop(of) => {
            let condition = of.condition.as_ref().map_or_else(|| "_".into(), expression);
            let head = format!("[{}] {condition} [{}]", all(&of.init, expression), all(&of.step, expression));
            list(if of.body_first { "do" } else { "loop" }, [head, block(&of.body)])
        }
        Stmt::Each(each) => {
            let key = each.key.as_ref().map(|key| format!("{}:", expression(key))).unwrap_or_default();
            let by_ref = if each.by_ref { "&" } else { "" };
            let target = format!("{key}{by_ref}{}", expression(&each.value));
            list("each", [target, expression(&each.subject), block(&each.body)])
        }
        Stmt::Switch(subject, cases) => {
            let cases = cases.iter().map(|(patterns, body)| format!("({} => {})", all(patterns, expression), block(body)));
            list("switch", [expression(subject)].into_iter().chain(cases))
        }
        Stmt::Try { body, catches, finally } => {
            let catches =
                catches.iter().map(|(name, body)| list("catch", [name.as_deref().unwrap_or("_").to_owned(), block(body)]));
            let finally = (!finally.is_empty()).then(|| list("finally", [block(finally)]));
            list("try", [block(body)].into_iter().chain(catches).chain(finally))
        }
        Stmt::Return(value) => list("return", value.iter().map(expression)),
        Stmt::Throw(value) => list("throw", [expression(value)]),
        Stmt::Break(levels) => format!("(break {levels})"),
        Stmt::Continue(levels) => format!("(continue {levels})"),
        Stmt::Block(body) => block(body),
        Stmt::Function(function) => self::function("def", function),
        Stmt::Class(class) => self::class(class),
        Stmt::Global(names) => list("global", names.iter().map(ToString::to_string)),
        Stmt::StaticVar(name, value) => list("static", [name.to_string()].into_iter().chain(value.as_ref().map(expression))),
        Stmt::Unset(targets) => list("unset", targets.iter().map(expression)),
        Stmt::Text(length) => format!("(text {length})"),
        Stmt::Label(name) => format!("(label {name})"),
        Stmt::Goto(name) => format!("(goto {name})"),
        Stmt::Unread(at) => format!("(unread {at})"),
    }
}

fn function(kind: &str, function: &Function) -> String {
    let mut out = format!("({kind}");
    for mark in &function.marks {
        let _ = write!(out, " @{mark}");
    }
    if kind == "def" && function.captures {
        out.push_str(" captures");
    }
    if kind == "fn" && !function.captures {
        out.push_str(" alone");
    }
    let uses: Vec<_> = function.uses.iter().map(|(name, by_ref)| format!("{}{name}", if *by_ref { "&" } else { "" })).collect();
    if !uses.is_empty() {
        let _ = write!(out, " use[{}]", uses.join(" "));
    }
    if function.returns_name {
        out.push_str(" returns-name");
    }
    let _ = write!(out, " {}({}) {})", function.name, all(&function.params, param), block(&function.body));
    out
}

fn param(param: &Param) -> String {
    let by_ref = if param.by_ref { "&" } else { "" };
    let variadic = if param.variadic { "..." } else { "" };
    let default = param.default.as_ref().map(|value| format!("={}", expression(value))).unwrap_or_default();
    format!("{by_ref}{variadic}{}{default}", typed(&param.name, param.of_type.as_ref()))
}

fn class(class: &Class) -> String {
    let mut parts = vec![class.name.to_string()];
    parts.extend(class.extends.iter().map(|name| format!("<{name}")));
    for field in &class.fields {
        let of_static = if field.is_static { "static " } else { "" };
        let value = field.default.as_ref().map(|value| format!("={}", expression(value))).unwrap_or_default();
        parts.push(format!("({of_static}{}{value})", typed(&field.name, field.of_type.as_ref())));
    }
    parts.extend(class.methods.iter().map(|method| function("def", method)));
    if !class.init.is_empty() {
        parts.push(block(&class.init));
    }
    list("class", parts)
}

fn item(item: &Item) -> String {
    let key = item.key.as_ref().map(|key| format!("{}:", expression(key))).unwrap_or_default();
    let mark = match (item.spread, item.by_ref) {
        (true, _) => "...",
        (_, true) => "&",
        _ => "",
    };
    format!("{key}{mark}{}", expression(&item.value))
}

fn literal(value: &Literal) -> String {
    match value {
        Literal::Null => "null".into(),
        Literal::Bool(value) => value.to_string(),
        Literal::Int(value) => value.to_string(),
        Literal::Float(value) => format!("{value:?}"),
        Literal::Bytes(bytes) => format!("\"{}\"", bytes.escape_ascii()),
    }
}

/// The name of a member: without quotes if it is literal.
fn name_of(expr: &Expr) -> String {
    match &expr.kind {
        Kind::Literal(Literal::Bytes(bytes)) => bytes.escape_ascii().to_string(),
        _ => format!("({})", expression(expr)),
    }
}

fn typed(name: &Name, of_type: Option<&Name>) -> String {
    of_type.map_or_else(|| name.to_string(), |of_type| format!("{name}:{of_type}"))
}

fn block(block: &Block) -> String {
    format!("{{{}}}", all(block, statement))
}

fn all<T>(parts: &[T], show: impl Fn(&T) -> String) -> String {
    parts.iter().map(show).collect::<Vec<_>>().join(" ")
}

fn list(head: &str, parts: impl IntoIterator<Item = String>) -> String {
    let mut out = format!("({head}");
    for part in parts {
        out.push(' ');
        out.push_str(&part);
    }
    out.push(')');
    out
}

fn unary(op: Unary) -> &'static str {
    match op {
        Unary::Not => "!",
        Unary::Minus => "-",
        Unary::Plus => "+",
        Unary::BitNot => "~",
        Unary::Same => "same",
        Unary::TypeOf => "typeof",
    }
}

fn binary(op: Binary) -> &'static str {
    match op {
        Binary::Add => "+",
        Binary::Join => "join2",
        Binary::Sub => "-",
        Binary::Mul => "*",
        Binary::Div => "/",
        Binary::IntDiv => "//",
        Binary::Mod => "%",
        Binary::Pow => "**",
        Binary::BitAnd => "&",
        Binary::BitOr => "|",
        Binary::BitXor => "^",
        Binary::ShiftLeft => "<<",
        Binary::ShiftRight => ">>",
        Binary::And => "&&",
        Binary::Or => "||",
        Binary::Xor => "xor",
        Binary::Coalesce => "??",
        Binary::Equal => "==",
        Binary::NotEqual => "!=",
        Binary::Less => "<",
        Binary::LessEqual => "<=",
        Binary::Greater => ">",
        Binary::GreaterEqual => ">=",
        Binary::Compare => "<=>",
        Binary::IsA => "is",
        Binary::Repeat => "x",
        Binary::Test => "test",
    }
}
