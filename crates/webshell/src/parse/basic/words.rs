//! The words that mean something to the parser.

macro_rules! words {
    ($( $name:ident $text:literal $reach:ident ),* $(,)?) => {
        /// A keyword, or [`Word::Plain`] for every other identifier.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Word {
            Plain,
            $( $name, )*
        }

        /// Finds a word that is lower case already. `net` admits the words that only VB.NET has.
        pub(super) fn find(word: &[u8], net: bool) -> Word {
            match word {
                $( $text => words!(@pick $reach net $name), )*
                _ => Word::Plain,
            }
        }
    };
    (@pick both $net:ident $name:ident) => { Word::$name };
    (@pick net $net:ident $name:ident) => { if $net { Word::$name } else { Word::Plain } };
}

words! {
    AddHandler b"addhandler" net,
    AddressOf b"addressof" net,
    And b"and" both,
    AndAlso b"andalso" net,
    As b"as" both,
    Async b"async" net,
    Await b"await" net,
    ByRef b"byref" both,
    ByVal b"byval" both,
    CType b"ctype" net,
    Call b"call" both,
    Case b"case" both,
    Catch b"catch" net,
    Class b"class" both,
    Const b"const" both,
    Continue b"continue" net,
    Declare b"declare" net,
    Default b"default" both,
    Delegate b"delegate" net,
    Dim b"dim" both,
    DirectCast b"directcast" net,
    Do b"do" both,
    Each b"each" both,
    Else b"else" both,
    ElseIf b"elseif" both,
    Empty b"empty" both,
    End b"end" both,
    EndIf b"endif" both,
    Enum b"enum" net,
    Eqv b"eqv" both,
    Erase b"erase" both,
    Error b"error" both,
    Event b"event" net,
    Exit b"exit" both,
    False b"false" both,
    Finally b"finally" net,
    For b"for" both,
    Friend b"friend" net,
    From b"from" net,
    Function b"function" both,
    Get b"get" both,
    GetType b"gettype" net,
    GoTo b"goto" both,
    Handles b"handles" net,
    If b"if" both,
    Imp b"imp" both,
    Implements b"implements" net,
    Imports b"imports" net,
    In b"in" both,
    Inherits b"inherits" net,
    Interface b"interface" net,
    Is b"is" both,
    IsNot b"isnot" net,
    Iterator b"iterator" net,
    Let b"let" both,
    Lib b"lib" net,
    Like b"like" net,
    Loop b"loop" both,
    Me b"me" both,
    Mod b"mod" both,
    Module b"module" net,
    MustInherit b"mustinherit" net,
    MustOverride b"mustoverride" net,
    MyBase b"mybase" net,
    MyClass b"myclass" net,
    Namespace b"namespace" net,
    Narrowing b"narrowing" net,
    New b"new" both,
    Next b"next" both,
    Not b"not" both,
    NotInheritable b"notinheritable" net,
    NotOverridable b"notoverridable" net,
    Nothing b"nothing" both,
    Null b"null" both,
    Of b"of" net,
    On b"on" both,
    Operator b"operator" net,
    Option b"option" both,
    Optional b"optional" both,
    Or b"or" both,
    OrElse b"orelse" net,
    Overloads b"overloads" net,
    Overridable b"overridable" net,
    Overrides b"overrides" net,
    ParamArray b"paramarray" both,
    Partial b"partial" net,
    Preserve b"preserve" both,
    Private b"private" both,
    Property b"property" both,
    Protected b"protected" net,
    Public b"public" both,
    RaiseEvent b"raiseevent" net,
    ReDim b"redim" both,
    ReadOnly b"readonly" net,
    Rem b"rem" both,
    RemoveHandler b"removehandler" net,
    Resume b"resume" both,
    Return b"return" net,
    Select b"select" both,
    Set b"set" both,
    Shadows b"shadows" net,
    Shared b"shared" net,
    Static b"static" both,
    Step b"step" both,
    Structure b"structure" net,
    Sub b"sub" both,
    SyncLock b"synclock" net,
    Then b"then" both,
    Throw b"throw" net,
    To b"to" both,
    True b"true" both,
    Try b"try" net,
    TryCast b"trycast" net,
    TypeOf b"typeof" net,
    Until b"until" both,
    Using b"using" net,
    Wend b"wend" both,
    While b"while" both,
    Widening b"widening" net,
    With b"with" both,
    WithEvents b"withevents" net,
    WriteOnly b"writeonly" net,
    Xor b"xor" both,
    Yield b"yield" net,
}

impl Word {
    /// It cannot be the name of a variable: where an operand is expected, it ends the expression.
    pub(super) fn reserved(self) -> bool {
        use Word::*;
        matches!(
            self,
            And | AndAlso
                | As
                | Case
                | Catch
                | Const
                | Dim
                | Do
                | Else
                | ElseIf
                | End
                | EndIf
                | Eqv
                | Exit
                | For
                | GoTo
                | Imp
                | In
                | Is
                | IsNot
                | Like
                | Loop
                | Mod
                | Next
                | Of
                | Or
                | OrElse
                | ReDim
                | Then
                | To
                | Until
                | Wend
                | While
                | With
                | Xor
        )
    }

    /// It may stand in front of a declaration.
    pub(super) fn modifier(self) -> bool {
        use Word::*;
        matches!(
            self,
            Async
                | Default
                | Friend
                | Iterator
                | MustInherit
                | MustOverride
                | Narrowing
                | NotInheritable
                | NotOverridable
                | Overloads
                | Overridable
                | Overrides
                | Partial
                | Private
                | Protected
                | Public
                | ReadOnly
                | Shadows
                | Shared
                | Widening
                | WithEvents
                | WriteOnly
        )
    }

    /// In VB.NET a line that ends with it goes on with the next one.
    pub(super) fn goes_on(self) -> bool {
        use Word::*;
        matches!(self, And | AndAlso | Or | OrElse | Xor | Mod | Is | IsNot | Like | In | Of | From | Eqv | Imp)
    }
}
