//! What the platforms offer: where data of a visitor comes from, which functions are dangerous, what harmless functions give.
//!
//! A library says what a call would give, and writes down the dangerous ones ([`Interpreter::hit`]). It never does what the call
//! would do. Names come in lower case.

pub(crate) mod asp;
mod characters;
#[cfg(test)]
mod check;
mod coldfusion;
mod connection;
pub(crate) mod dotnet;
mod java;
pub(crate) mod pattern;
mod perl;
mod php;
mod python;

use std::rc::Rc;

use crate::interpret::{Args, Interpreter};
use crate::ir::{Class, Function, Item, Program};
use crate::language::Language;
use crate::value::{Array, Known, Made, Object, Part, Value};

/// One platform. None means: not known here.
pub(crate) trait Library {
    /// A variable or object that the runtime sets.
    fn global(&self, _it: &mut Interpreter<'_>, _name: &str) -> Option<Value> {
        None
    }

    /// A constant, as written.
    fn constant(&self, _it: &mut Interpreter<'_>, _name: &str) -> Option<Value> {
        None
    }

    fn function(&self, it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value>;

    /// Whether a function writes to an argument, by its position.
    fn writes_to(&self, _function: &str, _index: usize) -> bool {
        false
    }

    /// A call whose arguments are not simply evaluated before it: a substitution, a block for each element.
    fn special_form(&self, _it: &mut Interpreter<'_>, _name: &str, _items: &[Item], _at: u32) -> Option<Value> {
        None
    }

    /// What a variable of this name keeps of a value: in Perl its sigil decides.
    fn stored(&self, _name: &str, value: Value) -> Value {
        value
    }

    /// Whether the elements of a variable of this name are arguments of their own, and take the rest of a list.
    fn is_spread(&self, _name: &str) -> bool {
        false
    }

    /// Under which name a function finds all of its arguments.
    fn arguments_name(&self) -> Option<&'static str> {
        None
    }

    /// Whether methods have their object as first parameter.
    fn passes_object(&self) -> bool {
        false
    }

    /// Whether there is a function of this name.
    fn has_function(&self, _name: &str) -> bool {
        false
    }

    fn construct(&self, _it: &mut Interpreter<'_>, _class: &str, _args: &Args, _at: u32) -> Option<Value> {
        None
    }

    /// A method of an object (`class` is its class, empty if nobody knows), of a part of the request or of a plain value.
    fn method(
        &self,
        _it: &mut Interpreter<'_>,
        _object: &Value,
        _class: &str,
        _name: &str,
        _args: &Args,
        _at: u32,
    ) -> Option<Value> {
        None
    }

    /// A method of a class that is not in the file; `class` is lower case and without namespace.
    fn static_method(&self, _it: &mut Interpreter<'_>, _class: &str, _name: &str, _args: &Args, _at: u32) -> Option<Value> {
        None
    }

    /// A property of an object, a type (`Known::Type`, with its whole path) or a part of the request.
    fn member(&self, _it: &mut Interpreter<'_>, _object: &Value, _class: &str, _name: &str, _at: u32) -> Option<Value> {
        None
    }

    /// Writes a property of a platform's object. True if that is all there is to do.
    fn set_member(&self, _it: &mut Interpreter<'_>, _object: &Rc<Object>, _name: &str, _value: &Value, _at: u32) -> bool {
        false
    }

    /// An element of an object (`collection[key]`).
    fn element(&self, _it: &mut Interpreter<'_>, _object: &Rc<Object>, _key: Option<&Value>, _at: u32) -> Option<Value> {
        None
    }

    fn put_element(&self, _it: &mut Interpreter<'_>, _object: &Rc<Object>, _key: Option<&Value>, _value: &Value) {}

    /// What a loop over an object walks, if it holds things.
    fn elements(&self, _object: &Object) -> Option<Rc<Array>> {
        None
    }

    /// What stands under a name in a part of the request, where it is not simply the visitor's.
    fn of_request(&self, _it: &mut Interpreter<'_>, _part: Part, _name: &str, _at: u32) -> Option<Value> {
        None
    }

    /// A name that a class inherits from the platform's class that it extends.
    fn inherited(&self, it: &mut Interpreter<'_>, name: &str) -> Option<Value> {
        self.global(it, name)
    }

    /// What a name is that nothing declares: a class, a namespace, or a variable without a value.
    fn unknown_name(&self, name: &str) -> Value {
        Known::Type(name.into()).into()
    }

    /// What an unknown value of a type is: an object of a class that the library knows. Lower case.
    fn typed(&self, _of: &str) -> Option<Known> {
        None
    }

    /// What a variable of a type holds before it is set.
    fn blank(&self, _of: &str) -> Value {
        Value::undefined()
    }

    /// What the runtime hands to a function as a parameter of this type.
    fn param(&self, of: &str, _name: &str) -> Option<Value> {
        self.typed(of).map(Into::into)
    }

    /// Whether the runtime calls this function.
    fn is_entry(&self, _function: &Function) -> bool {
        false
    }

    /// Whether a class that is not in the file comes with the platform. Lower case, without namespace.
    fn is_platform_class(&self, _name: &str) -> bool {
        false
    }

    /// Whether the runtime makes objects of this class.
    fn is_entry_class(&self, _class: &Class) -> bool {
        false
    }

    /// Whether the visitor decides the arguments of this function.
    fn is_handed(&self, function: &Function) -> bool {
        function.marks.iter().any(|mark| mark.starts_with("webmethod") || &**mark == "operationcontract")
    }

    /// Whether functions with the same name differ by their parameters.
    fn has_overloads(&self) -> bool {
        false
    }

    fn is_php(&self) -> bool {
        false
    }

    /// Whether a variable that no function declares is the program's.
    fn undeclared_is_global(&self) -> bool {
        false
    }

    /// Whether a variable of this name is the same in every function.
    fn is_everywhere(&self, _name: &str) -> bool {
        false
    }

    /// Whether names are the same in upper and lower case, and calls may be elements.
    fn is_caseless(&self) -> bool {
        false
    }

    /// Whether `+` joins strings.
    fn plus_joins(&self) -> bool {
        true
    }

    /// Whether characters are numbers to the operators (`'a' + 1`).
    fn counts_characters(&self) -> bool {
        false
    }

    /// The number of the first element of a list.
    fn first_index(&self) -> i64 {
        0
    }

    /// Whether `a["b"]` is `a.b`.
    fn elements_are_members(&self) -> bool {
        false
    }

    /// Whether methods of lists change them in place.
    fn methods_change_lists(&self) -> bool {
        self.elements_are_members()
    }

    /// A method that changes the array it is called on, which is a value: what the call gives.
    fn changed(&self, _object: &mut Value, _name: &str, _args: &Args) -> Option<Value> {
        None
    }

    /// A character of a string as a value.
    fn character(&self, byte: u8) -> Value {
        Value::bytes(&[byte])
    }

    /// The bytes of the character with a number.
    fn encode_char(&self, number: i64) -> Vec<u8> {
        let character = u32::try_from(number).ok().and_then(char::from_u32).unwrap_or('\u{fffd}');
        character.to_string().into_bytes()
    }

    /// Under which key an object keeps a field.
    fn key(&self, name: &str) -> String {
        name.to_ascii_lowercase()
    }

    /// Parses code as the language's `eval` takes it.
    fn parse_code(&self, text: &[u8]) -> Program;

    /// Parses a file as an include takes it.
    fn parse_file(&self, text: &[u8]) -> Program {
        self.parse_code(text)
    }
}

/// The object that the server makes of an element of a page, and the name that the page's code has for it.
pub(crate) fn declare_control(it: &mut Interpreter<'_>, control: &crate::page::Control) {
    let Some(id) = control.id.as_deref().map(|id| String::from_utf8_lossy(id).into_owned()) else { return };
    let attribute = |name: &str| {
        let found = control.attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name))?;
        Some(String::from_utf8_lossy(&found.value).into_owned())
    };
    let value = match it.language {
        Language::VbScript | Language::Jscript if control.tag == "object" => {
            attribute("progid").or_else(|| attribute("classid")).map(|name| asp::object_of(&name))
        }
        Language::CSharp | Language::VisualBasic | Language::JscriptNet => dotnet::control(&control.tag),
        // A bean.
        Language::Java => attribute("class").or_else(|| attribute("type")).and_then(|class| {
            let class = class.rsplit('.').next().unwrap_or(&class).to_lowercase();
            let library = it.library;
            library.construct(it, &class, &Args::default(), 0)
        }),
        _ => None,
    };
    let Some(value) = value else { return };
    if let Known::Object(object) = &value.known {
        object.set("id", Value::text(&id));
    }
    // VB's names are lower case; so are those of members.
    it.set_global(&id.to_lowercase(), value.clone());
    it.set_global(&id, value);
}

/// What a call of a platform's function gives.
pub(crate) fn function(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    #[cfg(test)]
    if let Some(value) = crate::suite::function(it, name, args, at) {
        return Some(value);
    }
    let library = it.library;
    let value = library.function(it, name, args, at)?;
    // What is made of something that may be so or not may be so or not.
    let maybe = value.is_known() && args.all().any(|argument| argument.made.has(Made::MAYBE));
    Some(if maybe { value.with(Made::MAYBE) } else { value })
}

/// A variable or object that the runtime sets.
pub(crate) fn global(it: &mut Interpreter<'_>, name: &str) -> Option<Value> {
    #[cfg(test)]
    if let Some(value) = crate::suite::global(name) {
        return Some(value);
    }
    let library = it.library;
    library.global(it, name)
}

/// The library of a language.
pub(crate) fn of(language: Language) -> &'static dyn Library {
    match language {
        Language::CSharp => &dotnet::DotNet { language: Language::CSharp },
        Language::VisualBasic => &dotnet::DotNet { language: Language::VisualBasic },
        Language::JscriptNet => &dotnet::DotNet { language: Language::JscriptNet },
        Language::VbScript => &asp::Asp { language: Language::VbScript },
        Language::Jscript => &asp::Asp { language: Language::Jscript },
        Language::Java => &java::Java,
        Language::ColdFusion => &coldfusion::ColdFusion,
        Language::Perl => &perl::Perl,
        Language::Python => &python::Python,
        _ => &php::Php,
    }
}

/// A hit in one line, for tables of tests.
#[cfg(test)]
fn told(hit: &crate::evidence::Hit) -> String {
    let taint = hit.taint.as_ref().map(|taint| {
        let source = &taint.trail.source;
        format!(" {:?} {} {:?}", source.kind, source.name, taint.control)
    });
    let facts = [
        (hit.facts.name_computed, " computed"),
        (hit.facts.decoded, " decoded"),
        (hit.facts.uncalled, " uncalled"),
        (hit.facts.also, " also"),
        (hit.facts.served, " served"),
        (hit.facts.name_tainted, " name"),
    ];
    let facts: String = facts.iter().filter(|(is, _)| *is).map(|(_, fact)| *fact).collect();
    format!("{:?} {}{}{facts}", hit.capability, hit.callee, taint.unwrap_or_default())
}
