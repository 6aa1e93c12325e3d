//! Evaluation of an expression on a value of the tape.

use std::cmp::Ordering;

use super::ast::{Expr, Literal, Operator, Walk};
use super::value::{Failure, Place, Val};
use crate::validate::name::Digest;
use crate::validate::schema::{File, NodeId};
use crate::validate::tape::View;

/// Whether a rule holds of a value.
pub(super) fn holds<'a>(
    rule: &'a Expr,
    value: View<'a>,
    file: &'a File,
    node: NodeId,
) -> Result<bool, Failure> {
    let this = Place {
        view: value,
        file,
        node: Some(node),
    }
    .read();
    truth(
        rule,
        &Scope {
            value: this,
            outer: None,
        },
    )
}

/// A variable and those around it.
struct Scope<'s, 'a> {
    value: Val<'a>,
    outer: Option<&'s Scope<'s, 'a>>,
}

impl<'a> Scope<'_, 'a> {
    /// The parser has counted: there are as many scopes as it takes.
    fn find(&self, depth: usize) -> Val<'a> {
        let mut scope = self;
        for _ in 0..depth {
            scope = scope.outer.unwrap_or(scope);
        }
        scope.value.clone()
    }
}

/// The value of what is true or false. Most of a rule is, and this way needs no [`Val`].
fn truth<'a>(expr: &'a Expr, scope: &Scope<'_, 'a>) -> Result<bool, Failure> {
    match expr {
        Expr::Not(of) => Ok(!truth(of, scope)?),
        Expr::And(a, b) => both(truth(a, scope), || truth(b, scope), false),
        Expr::Or(a, b) => both(truth(a, scope), || truth(b, scope), true),
        Expr::Has(of, name) => match eval(of, scope)? {
            Val::MapAt(place) => Ok(place.field(name).is_some()),
            _ => Err(Failure::of(format!("`has(.{name})` of what is no object"))),
        },
        Expr::In(item, list) => contains(item, list, scope),
        Expr::Matches(of, pattern) => {
            let value = eval(of, scope)?;
            let text = value
                .text()
                .ok_or(Failure::new("`matches` takes a string"))?;
            Ok(pattern.matches(text))
        }
        _ => match eval(expr, scope)? {
            Val::Bool(b) => Ok(b),
            _ => Err(Failure::new("expected a boolean")),
        },
    }
}

fn eval<'a>(expr: &'a Expr, scope: &Scope<'_, 'a>) -> Result<Val<'a>, Failure> {
    match expr {
        Expr::Not(_)
        | Expr::And(..)
        | Expr::Or(..)
        | Expr::Has(..)
        | Expr::In(..)
        | Expr::Matches(..) => truth(expr, scope).map(Val::Bool),
        Expr::Literal(literal) => Ok(constant(literal)),
        Expr::Variable(depth) => Ok(scope.find(*depth)),
        Expr::Select(of, name) => match eval(of, scope)? {
            Val::MapAt(place) => place
                .field(name)
                .map(Place::read)
                .ok_or_else(|| Failure::of(format!("no such key: {name}"))),
            _ => Err(Failure::of(format!("`.{name}` of what is no object"))),
        },
        Expr::Index(of, at) => index(&eval(of, scope)?, &eval(at, scope)?),
        Expr::List(items) => {
            let items: Result<Vec<_>, _> = items.iter().map(|item| eval(item, scope)).collect();
            Ok(Val::List(items?.into()))
        }
        Expr::Negate(of) => match eval(of, scope)? {
            Val::Int(n) => n
                .checked_neg()
                .map(Val::Int)
                .ok_or(Failure::new("overflow")),
            Val::Double(d) => Ok(Val::Double(-d)),
            _ => Err(Failure::new("`-` of what is no number")),
        },
        Expr::Binary(operator, a, b) => binary(*operator, &eval(a, scope)?, &eval(b, scope)?),
        Expr::Choose(condition, yes, no) => {
            eval(if truth(condition, scope)? { yes } else { no }, scope)
        }
        Expr::Call(function, arguments) => match arguments.as_slice() {
            [one] => function.apply(&[eval(one, scope)?]),
            [one, two] => function.apply(&[eval(one, scope)?, eval(two, scope)?]),
            _ => Err(Failure::new("a function takes one or two values")),
        },
        Expr::Walk(walk, of, body) => over(*walk, &eval(of, scope)?, |item| {
            eval(
                body,
                &Scope {
                    value: item,
                    outer: Some(scope),
                },
            )
        }),
    }
}

fn constant(literal: &Literal) -> Val<'_> {
    match literal {
        Literal::Null => Val::Null,
        Literal::Bool(b) => Val::Bool(*b),
        Literal::Int(n) => Val::Int(*n),
        Literal::Double(d) => Val::Double(*d),
        Literal::Str(text) => Val::Str(text),
    }
}

/// `&&` (`decisive` false) and `||` (true): one decisive side outweighs a failure of the other.
fn both(
    a: Result<bool, Failure>,
    b: impl FnOnce() -> Result<bool, Failure>,
    decisive: bool,
) -> Result<bool, Failure> {
    match a {
        Ok(a) if a == decisive => Ok(decisive),
        Ok(_) => b(),
        Err(failure) => match b() {
            Ok(b) if b == decisive => Ok(decisive),
            _ => Err(failure),
        },
    }
}

/// `item in list` and `name in map`; a list of literals is not built for it.
fn contains<'a>(item: &'a Expr, list: &'a Expr, scope: &Scope<'_, 'a>) -> Result<bool, Failure> {
    let item = eval(item, scope)?;
    let mut found = false;
    if let Expr::List(items) = list {
        for candidate in items {
            found = found || eval(candidate, scope)?.equals(&item);
        }
    } else {
        eval(list, scope)?.each(|candidate| {
            found = candidate.equals(&item);
            Ok(!found)
        })?;
    }
    Ok(found)
}

fn index<'a>(of: &Val<'a>, at: &Val<'a>) -> Result<Val<'a>, Failure> {
    let missing = || Failure::new("index out of range");
    match (of, at) {
        (Val::MapAt(place), name) => {
            let name = name.text().ok_or(Failure::new("a name is a string"))?;
            place
                .field_of(name, Digest::of(name))
                .map(Place::read)
                .ok_or_else(|| Failure::of(format!("no such key: {name}")))
        }
        (Val::ListAt(place), Val::Int(n)) => {
            let n = usize::try_from(*n).map_err(|_| missing())?;
            place.items().nth(n).ok_or_else(missing)
        }
        (Val::List(items), Val::Int(n)) => {
            let n = usize::try_from(*n).map_err(|_| missing())?;
            items.get(n).cloned().ok_or_else(missing)
        }
        _ => Err(Failure::new("`[…]` of what is no list or map")),
    }
}

fn binary<'a>(operator: Operator, a: &Val<'a>, b: &Val<'a>) -> Result<Val<'a>, Failure> {
    let order = |test: fn(Ordering) -> bool| {
        let order = a
            .compare(b)
            .ok_or(Failure::new("these cannot be compared"))?;
        Ok(Val::Bool(test(order)))
    };
    match operator {
        Operator::Equal => Ok(Val::Bool(a.equals(b))),
        Operator::Unequal => Ok(Val::Bool(!a.equals(b))),
        Operator::Less => order(Ordering::is_lt),
        Operator::AtMost => order(Ordering::is_le),
        Operator::Greater => order(Ordering::is_gt),
        Operator::AtLeast => order(Ordering::is_ge),
        _ => arithmetic(operator, a, b),
    }
}

fn arithmetic<'a>(operator: Operator, a: &Val<'a>, b: &Val<'a>) -> Result<Val<'a>, Failure> {
    if let (Operator::Add, Some(a), Some(b)) = (operator, a.text(), b.text()) {
        return Ok(Val::Owned(format!("{a}{b}").into()));
    }
    let (Val::Int(a), Val::Int(b)) = (a, b) else {
        return Err(Failure::new("arithmetic of what are no whole numbers"));
    };
    let result = match operator {
        Operator::Add => a.checked_add(*b),
        Operator::Subtract => a.checked_sub(*b),
        Operator::Multiply => a.checked_mul(*b),
        Operator::Divide => a.checked_div(*b),
        _ => a.checked_rem(*b),
    };
    result
        .map(Val::Int)
        .ok_or(Failure::new("overflow or division by zero"))
}

fn over<'a>(
    walk: Walk,
    of: &Val<'a>,
    body: impl Fn(Val<'a>) -> Result<Val<'a>, Failure>,
) -> Result<Val<'a>, Failure> {
    let test = |item| match body(item)? {
        Val::Bool(b) => Ok(b),
        _ => Err(Failure::new("expected a boolean")),
    };
    match walk {
        Walk::All | Walk::Exists => decide(of, walk == Walk::Exists, test),
        Walk::ExistsOne => {
            let mut count = 0;
            of.each(|item| {
                count += usize::from(test(item)?);
                Ok(true)
            })?;
            Ok(Val::Bool(count == 1))
        }
        Walk::Filter | Walk::Map => {
            let mut kept = Vec::new();
            of.each(|item| {
                if walk == Walk::Map {
                    kept.push(body(item)?);
                } else if test(item.clone())? {
                    kept.push(item);
                }
                Ok(true)
            })?;
            Ok(Val::List(kept.into()))
        }
    }
}

/// `all` (`decisive` false) and `exists` (true): a decisive item outweighs failures of others.
fn decide<'a>(
    of: &Val<'a>,
    decisive: bool,
    test: impl Fn(Val<'a>) -> Result<bool, Failure>,
) -> Result<Val<'a>, Failure> {
    let mut failure = None;
    let mut decided = false;
    of.each(|item| {
        match test(item) {
            Ok(result) => decided = result == decisive,
            Err(error) => failure = Some(error),
        }
        Ok(!decided)
    })?;
    match failure {
        _ if decided => Ok(Val::Bool(decisive)),
        Some(failure) => Err(failure),
        None => Ok(Val::Bool(!decisive)),
    }
}
