//! The tree of an expression.

use smol_str::SmolStr;

use super::functions::Function;
use crate::validate::name::Name;
use crate::validate::schema::Pattern;

/// A constant.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// `1`, `1u`
    Int(i64),
    /// `1.5`
    Double(f64),
    /// `'a'`, `"a"`, `r"""a"""`
    Str(SmolStr),
}

/// Operators of two values, all but `&&` and `||`.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub enum Operator {
    /// `==`
    Equal,
    /// `!=`
    Unequal,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
}

/// The macros that walk a list or the keys of a map.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub enum Walk {
    /// `.all(x, …)`
    All,
    /// `.exists(x, …)`
    Exists,
    /// `.exists_one(x, …)`
    ExistsOne,
    /// `.filter(x, …)`
    Filter,
    /// `.map(x, …)`
    Map,
}

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A constant.
    Literal(Literal),
    /// A variable, by the number of macros between it and its own; the last is `self`.
    Variable(usize),
    /// `of.name`
    Select(Box<Expr>, Name),
    /// `has(of.name)`
    Has(Box<Expr>, Name),
    /// `of[at]`
    Index(Box<Expr>, Box<Expr>),
    /// `[a, b]`
    List(Vec<Expr>),
    /// `!a`
    Not(Box<Expr>),
    /// `-a`
    Negate(Box<Expr>),
    /// `a && b`
    And(Box<Expr>, Box<Expr>),
    /// `a || b`
    Or(Box<Expr>, Box<Expr>),
    /// `a < b` and the like
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// `item in list`, `name in map`
    In(Box<Expr>, Box<Expr>),
    /// `a ? b : c`
    Choose(Box<Expr>, Box<Expr>, Box<Expr>),
    /// A function; what stands before the dot is the first argument.
    Call(Function, Vec<Expr>),
    /// `a.matches("…")` with the pattern compiled once.
    Matches(Box<Expr>, Pattern),
    /// `of.all(x, body)` and the like; in the body, `x` is variable 0.
    Walk(Walk, Box<Expr>, Box<Expr>),
}
