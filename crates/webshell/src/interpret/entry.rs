//! Where walking begins: the page's own code, then everything that the runtime or nobody calls.

use std::cell::Cell;
use std::rc::Rc;

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

use super::{Args, ClassOf, FunctionOf, Interpreter, Layer, Scope};
use crate::evidence::{SourceKind, Spot, Taint};
use crate::includes::Included;
use crate::ir::{Block, Class, Function, Name, Offset, Program, Stmt};
use crate::language::Language;
use crate::value::{Known, Made, Object, Value};

impl Interpreter<'_> {
    /// Walks a whole page.
    pub(crate) fn run(&mut self, text: Rc<[u8]>, program: &Program, included: &Included) {
        self.layers.push(Layer { text, run_at: Spot::default(), by: "".into(), made: Made::default(), depth: 0, runs: 1 });
        self.run_included(included);
        self.declare(&program.body);
        if self.library.is_php() {
            self.find_branch_functions(&program.body, 0);
        }
        self.page(&program.body);
        self.leaving = false;
        self.end_page();
        self.again_with_session(program);
        self.end_page();
        self.at_shutdown();
        // What one handler keeps in a field another may use: twice.
        let rounds = if self.library.is_php() { 1 } else { 2 };
        for _ in 0..rounds {
            self.entries();
        }
        self.at_shutdown();
    }

    /// Walks the page's own code. Compilers refuse code that nothing reaches: what follows a statement that always leaves shows that
    /// this one was misread, or that the text is damaged there, so it is walked as code that nothing calls.
    fn page(&mut self, body: &Block) {
        if !matches!(self.language, Language::Java | Language::CSharp) {
            self.block(body);
            return;
        }
        let mut rest = &body[..];
        while let Some(last) = self.block_from(rest) {
            rest = rest.get(last + 1..).unwrap_or_default();
            self.leaving = false;
            self.uncalled = true;
        }
        self.uncalled = false;
    }

    /// What one request keeps in the session the next one finds there.
    fn again_with_session(&mut self, program: &Program) {
        if !self.attributes.is_empty() {
            self.block(&program.body);
            self.leaving = false;
        }
        if !self.library.is_php() {
            return;
        }
        let Some(session) = self.globals.find("_SESSION") else { return };
        if !session.borrow().is_requested(crate::evidence::Control::Weak) {
            return;
        }
        let kept = session.borrow().clone();
        self.globals.vars.borrow_mut().clear();
        self.globals.own("_SESSION").replace(kept);
        self.block(&program.body);
        self.leaving = false;
    }

    /// Destructors and functions that were registered for the end of the page.
    fn at_shutdown(&mut self) {
        for object in std::mem::take(&mut self.destructible) {
            for name in ["__destruct", "finalize", "class_terminate"] {
                if let Some(method) = self.own_method(object.class(), name) {
                    self.call_own(&method, Args::default(), Some(object.clone()), 0);
                    self.leaving = false;
                }
            }
        }
        for (callback, at) in std::mem::take(&mut self.runtime.for_request) {
            if let Some(taint) = self.any_request(at) {
                self.call_value(&callback, Args::of(vec![Value::tainted(taint)]), at);
                self.leaving = false;
            }
        }
        for (callback, args) in std::mem::take(&mut self.later) {
            self.call_value(&callback, args, 0);
            self.leaving = false;
        }
    }

    fn entries(&mut self) {
        let is_php = self.library.is_php();
        let dull = self.dull_functions();
        let mut classes: Vec<Rc<ClassOf>> = self.classes.values().cloned().collect();
        classes.sort_by_key(|class| (class.layer, class.class.at));
        for class in classes {
            let mut methods: Vec<_> = class.methods.values().cloned().collect();
            methods.sort_by_key(|method| method.function.at);
            if methods.iter().all(|method| method.called.get() > 0) && is_php {
                continue;
            }
            let this = self.stand_in(&class);
            for method in methods {
                let is_entry = method.called.get() == 0 || !is_php && self.library.is_entry(&method.function);
                if is_entry && !dull.contains(&(method.layer, method.function.at)) {
                    self.enter(&method, Some(this.clone()));
                }
            }
        }
        let mut functions: Vec<Rc<FunctionOf>> = self.functions.values().cloned().collect();
        functions.extend(self.closures.iter().cloned());
        functions.sort_by_key(|function| (function.layer, function.function.at));
        for function in functions {
            let is_entry = function.called.get() == 0 || !is_php && self.library.is_entry(&function.function);
            if is_entry && !dull.contains(&(function.layer, function.function.at)) {
                self.enter(&function, function.this.clone());
            }
        }
    }

    /// Functions of PHP that nothing calls and in whose text no word stands that could matter: what they call is walked by itself.
    fn dull_functions(&self) -> HashSet<(u16, Offset)> {
        if !self.library.is_php() || self.limits.walk_all {
            return HashSet::default();
        }
        let methods = self.classes.values().flat_map(|class| class.methods.values());
        let mut starts: Vec<(u16, Offset)> =
            methods.chain(self.functions.values()).map(|function| (function.layer, function.function.at)).collect();
        starts.sort_unstable();
        let is_dull = |(index, &(layer, at)): (usize, &(u16, Offset))| {
            // The text of a function goes on to where the next one begins, or further.
            let next = starts.get(index + 1).filter(|next| next.0 == layer).map(|next| next.1 as usize);
            let text = self.layers.get(usize::from(layer)).map(|layer| &layer.text[..]).unwrap_or_default();
            let own = text.get(at as usize..next.unwrap_or(text.len())).unwrap_or_default();
            (!crate::lexical::may_matter(Language::Php, own)).then_some((layer, at))
        };
        starts.iter().enumerate().filter_map(is_dull).collect()
    }

    /// Walks a function that nothing in the file calls.
    fn enter(&mut self, of: &Rc<FunctionOf>, this: Option<Value>) {
        let is_native = of.function.marks.iter().any(|mark| &**mark == "dllimport" || &**mark == "native");
        if self.steps == 0 || is_native {
            return;
        }
        let promised = self.promised(of);
        let is_runtimes = self.library.is_entry(&of.function) || promised.as_ref().is_some_and(|one| self.library.is_entry(one));
        let is_handed = self.library.is_handed(&of.function) || promised.is_some_and(|one| self.library.is_handed(&one));
        self.uncalled = !is_runtimes;
        let values = of.function.params.iter().map(|param| {
            if is_runtimes && is_handed {
                let spot = Spot { layer: of.layer, at: of.function.at };
                return Value::tainted(Taint::source(SourceKind::Parameter, &param.name, spot));
            }
            self.library.param(param.of_type.as_deref().unwrap_or_default(), &param.name).unwrap_or_default()
        });
        let args = Args::of(values.collect());
        self.call_own(of, args, this, of.function.at);
        self.leaving = false;
        self.uncalled = false;
    }

    /// The method of an interface of this file that a method is the body of.
    fn promised(&self, of: &FunctionOf) -> Option<Rc<Function>> {
        let class = self.own_class(of.class.as_deref()?)?;
        let name = of.function.name.to_lowercase();
        let interfaces = class.class.extends.iter().filter_map(|parent| self.own_class(parent));
        interfaces.filter_map(|parent| parent.methods.get(name.as_str()).map(|method| method.function.clone())).next()
    }

    /// An object that stands for all of a class.
    fn stand_in(&mut self, class: &Rc<ClassOf>) -> Value {
        if let Some(value) = self.stand_ins.get(&class.class.name) {
            return value.clone();
        }
        self.uncalled = !self.library.is_entry_class(&class.class);
        let args = match class.methods.get("__construct").or_else(|| class.methods.get(class.class.name.to_lowercase().as_str()))
        {
            Some(constructor) => Args::unknown(constructor.function.params.len()),
            None => Args::default(),
        };
        let value = self.instantiate(&Self::class_key(&class.class), args, class.class.at);
        self.leaving = false;
        self.uncalled = false;
        self.stand_ins.insert(class.class.name.clone(), value.clone());
        value
    }

    /// What a function is found under: its name; if that is taken the number of its parameters, too; if that is taken its place.
    fn overload_key(name: &str, function: &Function, is_taken: impl Fn(&str) -> bool) -> Name {
        let counted = format!("{name}/{}", function.params.len());
        if is_taken(&counted) { format!("{counted}/{}", function.at).into() } else { counted.into() }
    }

    /// A function that is declared in a branch which was not walked yet.
    pub(super) fn in_branch(&mut self, name: &str) -> Option<Rc<FunctionOf>> {
        let function = self.branch_functions.get(name)?.clone();
        self.declare_function(&function);
        self.own_function(name)
    }

    /// Functions that stand in branches of a page.
    fn find_branch_functions(&mut self, block: &[Stmt], depth: u32) {
        for statement in block.iter().filter(|_| depth < 32) {
            match statement {
                Stmt::Function(function) if depth > 0 => {
                    self.branch_functions.entry(function.name.to_lowercase().into()).or_insert_with(|| function.clone());
                }
                Stmt::If(_, then, otherwise) => {
                    self.find_branch_functions(then, depth + 1);
                    self.find_branch_functions(otherwise, depth + 1);
                }
                Stmt::Block(block) => self.find_branch_functions(block, depth + 1),
                Stmt::Switch(_, cases) => cases.iter().for_each(|(_, block)| self.find_branch_functions(block, depth + 1)),
                Stmt::Loop(of) => self.find_branch_functions(&of.body, depth + 1),
                Stmt::Each(of) => self.find_branch_functions(&of.body, depth + 1),
                Stmt::Try { body, .. } => self.find_branch_functions(body, depth + 1),
                _ => {}
            }
        }
    }

    pub(super) fn declare_function(&mut self, function: &Rc<Function>) {
        let key: Name = function.name.to_lowercase().into();
        if self.functions.get(&key).is_some_and(|old| Rc::ptr_eq(&old.function, function)) {
            return;
        }
        // A function inside a function of JScript or C# sees the variables around it.
        let scope = (self.frames.len() > 1 && !self.library.is_php()).then(|| self.scope());
        let (this, class) = match self.frames.last() {
            Some(frame) if !self.library.is_php() => (frame.this.clone(), frame.class.clone()),
            _ => (None, None),
        };
        let of = FunctionOf::new(function.clone(), self.layer, scope, this, class);
        let key = match self.library.has_overloads() && self.functions.contains_key(&key) {
            true => {
                let other = |key: &str| self.functions.get(key).is_some_and(|old| !Rc::ptr_eq(&old.function, function));
                let key = Self::overload_key(&key, function, other);
                if self.functions.contains_key(&key) {
                    return;
                }
                key
            }
            false => key,
        };
        self.functions.insert(key, Rc::new(of));
    }

    /// What a class is found under. One without a name gets its place.
    pub(super) fn class_key(class: &Class) -> String {
        if class.name.is_empty() { format!("(class at {})", class.at) } else { class.name.to_lowercase() }
    }

    pub(super) fn declare_class(&mut self, class: &Rc<Class>) {
        let key = Self::class_key(class);
        if self.classes.get(key.as_str()).is_some_and(|old| Rc::ptr_eq(&old.class, class)) {
            return;
        }
        let around = (self.frames.len() > 1 && !self.library.is_php()).then(|| self.scope());
        let mut methods = HashMap::default();
        for method in &class.methods {
            let of = FunctionOf::new(method.clone(), self.layer, around.clone(), None, Some(key.as_str().into()));
            // Of methods with the same name the longest says the most; the others are walked as entries through it.
            let name: Name = method.name.to_lowercase().into();
            let of = Rc::new(of);
            match methods.get(&name) {
                Some(_) => {
                    let key = Self::overload_key(&name, method, |key| methods.contains_key(key));
                    methods.insert(key, of);
                }
                None => {
                    methods.insert(name, of);
                }
            }
        }
        let declared = Rc::new(ClassOf {
            class: class.clone(),
            layer: self.layer,
            methods,
            statics: Scope::default(),
            made: Cell::new(false),
        });
        let is_missing = |parent: &Name| {
            let short = parent.rsplit(['.', '\\']).next().unwrap_or(parent).to_lowercase();
            self.own_class(parent).is_none() && !self.library.is_platform_class(&short)
        };
        if class.extends.iter().any(is_missing) {
            self.notes.depends = self.notes.depends.saturating_add(1);
        }
        self.classes.insert(key.as_str().into(), declared.clone());
        self.frames.push(super::Frame {
            scope: Rc::new(around.map_or_else(Scope::default, Scope::inside)),
            class: Some(key.as_str().into()),
            name: class.name.clone(),
            ..Default::default()
        });
        for field in class.fields.iter().filter(|field| field.is_static) {
            let value = match &field.default {
                Some(default) => self.eval(default),
                None => self.library.blank(field.of_type.as_deref().unwrap_or_default()),
            };
            let value = self.typed(value, field.of_type.as_deref());
            declared.statics.own(field.name.trim_start_matches('$')).replace(value);
        }
        self.declare(&class.init);
        if !class.init.is_empty() {
            self.block(&class.init);
            self.leaving = false;
        }
        self.frames.pop();
    }

    /// A function that the page registers for its end.
    pub(crate) fn call_later(&mut self, callback: Value, args: Args) {
        if self.later.len() < 100 {
            self.later.push((callback, args));
        }
    }

    /// Gives a function another name.
    pub(crate) fn alias(&mut self, original: &str, alias: &str) {
        let original = original.rsplit('\\').next().unwrap_or(original);
        self.aliases.insert(alias.to_ascii_lowercase().into(), original.to_ascii_lowercase().into());
    }

    pub(crate) fn fresh_object(class: &str) -> Rc<Object> {
        Rc::new(Object::new(class))
    }

    pub(crate) fn object_value(object: Rc<Object>) -> Value {
        Known::Object(object).into()
    }
}
