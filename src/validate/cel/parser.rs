//! Tokens to an expression: recursive descent, one function for each level of precedence.

use super::ast::{Expr, Literal, Operator, Walk};
use super::functions::Function;
use super::lexer::{Token, lex};
use crate::validate::name::Name;
use crate::validate::schema::Pattern;

/// Parses an expression.
///
/// # Errors
/// The first thing that the grammar does not know, in words.
pub fn parse(text: &str) -> Result<Expr, String> {
    let mut parser = Parser {
        tokens: lex(text)?,
        at: 0,
        variables: vec!["self".to_owned()],
    };
    let expr = parser.choice()?;
    match parser.peek() {
        Token::End => Ok(expr),
        other => Err(format!("unexpected {other:?} after the expression")),
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    /// Variables that are known here, the innermost last.
    variables: Vec<String>,
}

const RELATIONS: [(&str, Operator); 6] = [
    ("==", Operator::Equal),
    ("!=", Operator::Unequal),
    ("<=", Operator::AtMost),
    (">=", Operator::AtLeast),
    ("<", Operator::Less),
    (">", Operator::Greater),
];
const SUMS: [(&str, Operator); 2] = [("+", Operator::Add), ("-", Operator::Subtract)];
const PRODUCTS: [(&str, Operator); 3] = [
    ("*", Operator::Multiply),
    ("/", Operator::Divide),
    ("%", Operator::Remainder),
];

impl Parser {
    fn peek(&self) -> &Token {
        &self.tokens[self.at]
    }

    fn next(&mut self) -> Token {
        let token = self.tokens[self.at].clone();
        // `End` is never passed.
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        token
    }

    fn take(&mut self, mark: &str) -> bool {
        let found = matches!(self.peek(), Token::Mark(m) if *m == mark);
        if found {
            self.next();
        }
        found
    }

    fn expect(&mut self, mark: &str) -> Result<(), String> {
        if self.take(mark) {
            return Ok(());
        }
        Err(format!("expected `{mark}`, found {:?}", self.peek()))
    }

    fn name(&mut self) -> Result<String, String> {
        match self.next() {
            Token::Name(name) => Ok(name),
            other => Err(format!("expected a name, found {other:?}")),
        }
    }

    fn choice(&mut self) -> Result<Expr, String> {
        let condition = self.or()?;
        if !self.take("?") {
            return Ok(condition);
        }
        let yes = self.choice()?;
        self.expect(":")?;
        let no = self.choice()?;
        Ok(Expr::Choose(condition.into(), yes.into(), no.into()))
    }

    fn or(&mut self) -> Result<Expr, String> {
        let mut left = self.and()?;
        while self.take("||") {
            left = Expr::Or(left.into(), self.and()?.into());
        }
        Ok(left)
    }

    fn and(&mut self) -> Result<Expr, String> {
        let mut left = self.relation()?;
        while self.take("&&") {
            left = Expr::And(left.into(), self.relation()?.into());
        }
        Ok(left)
    }

    fn relation(&mut self) -> Result<Expr, String> {
        let mut left = self.sum()?;
        loop {
            if matches!(self.peek(), Token::Name(name) if name == "in") {
                self.next();
                left = Expr::In(left.into(), self.sum()?.into());
            } else if let Some(operator) = self.operator(&RELATIONS) {
                left = Expr::Binary(operator, left.into(), self.sum()?.into());
            } else {
                return Ok(left);
            }
        }
    }

    fn operator(&mut self, among: &[(&str, Operator)]) -> Option<Operator> {
        among
            .iter()
            .find(|(mark, _)| self.take(mark))
            .map(|(_, operator)| *operator)
    }

    fn sum(&mut self) -> Result<Expr, String> {
        let mut left = self.product()?;
        while let Some(operator) = self.operator(&SUMS) {
            left = Expr::Binary(operator, left.into(), self.product()?.into());
        }
        Ok(left)
    }

    fn product(&mut self) -> Result<Expr, String> {
        let mut left = self.unary()?;
        while let Some(operator) = self.operator(&PRODUCTS) {
            left = Expr::Binary(operator, left.into(), self.unary()?.into());
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Expr, String> {
        if self.take("!") {
            return Ok(Expr::Not(self.unary()?.into()));
        }
        if self.take("-") {
            return Ok(Expr::Negate(self.unary()?.into()));
        }
        self.member()
    }

    fn member(&mut self) -> Result<Expr, String> {
        let mut of = self.primary()?;
        loop {
            if self.take("[") {
                let at = self.choice()?;
                self.expect("]")?;
                of = Expr::Index(of.into(), at.into());
            } else if self.take(".") {
                let name = self.name()?;
                of = if self.take("(") {
                    self.method(of, &name)?
                } else {
                    Expr::Select(of.into(), unescape(&name))
                };
            } else {
                return Ok(of);
            }
        }
    }

    fn method(&mut self, of: Expr, name: &str) -> Result<Expr, String> {
        let walk = match name {
            "all" => Some(Walk::All),
            "exists" => Some(Walk::Exists),
            "exists_one" | "existsOne" => Some(Walk::ExistsOne),
            "filter" => Some(Walk::Filter),
            "map" => Some(Walk::Map),
            _ => None,
        };
        if let Some(walk) = walk {
            let variable = self.name()?;
            self.expect(",")?;
            self.variables.push(variable);
            let body = self.choice()?;
            self.variables.pop();
            self.expect(")")?;
            return Ok(Expr::Walk(walk, of.into(), body.into()));
        }
        let mut arguments = vec![of];
        self.rest_of_list(")", &mut arguments)?;
        call(name, arguments)
    }

    fn primary(&mut self) -> Result<Expr, String> {
        match self.next() {
            Token::Int(n) => Ok(Expr::Literal(Literal::Int(n))),
            Token::Double(d) => Ok(Expr::Literal(Literal::Double(d))),
            Token::Str(text) => Ok(Expr::Literal(Literal::Str(text.into()))),
            Token::Mark("(") => {
                let inner = self.choice()?;
                self.expect(")")?;
                Ok(inner)
            }
            Token::Mark("[") => {
                let mut items = Vec::new();
                self.rest_of_list("]", &mut items)?;
                Ok(Expr::List(items))
            }
            // Rules only take the size of an empty map or walk it: an empty list does as well.
            Token::Mark("{") => {
                self.expect("}")?;
                Ok(Expr::List(Vec::new()))
            }
            Token::Name(name) => self.named(&name),
            other => Err(format!("expected a value, found {other:?}")),
        }
    }

    fn named(&mut self, name: &str) -> Result<Expr, String> {
        match name {
            "true" => return Ok(Expr::Literal(Literal::Bool(true))),
            "false" => return Ok(Expr::Literal(Literal::Bool(false))),
            "null" => return Ok(Expr::Literal(Literal::Null)),
            _ => {}
        }
        if !self.take("(") {
            let known = self
                .variables
                .iter()
                .rev()
                .position(|variable| variable == name);
            return known
                .map(Expr::Variable)
                .ok_or_else(|| format!("unknown name `{name}`"));
        }
        let mut arguments = Vec::new();
        self.rest_of_list(")", &mut arguments)?;
        if name != "has" {
            return call(name, arguments);
        }
        match arguments.pop() {
            Some(Expr::Select(of, field)) if arguments.is_empty() => Ok(Expr::Has(of, field)),
            _ => Err("`has` takes one selected field".to_owned()),
        }
    }

    /// Items up to the closing mark; the opening one is taken already.
    fn rest_of_list(&mut self, close: &str, items: &mut Vec<Expr>) -> Result<(), String> {
        if self.take(close) {
            return Ok(());
        }
        loop {
            items.push(self.choice()?);
            if self.take(close) {
                return Ok(());
            }
            self.expect(",")?;
        }
    }
}

fn call(name: &str, mut arguments: Vec<Expr>) -> Result<Expr, String> {
    if let ("matches", [_, Expr::Literal(Literal::Str(text))]) = (name, arguments.as_slice()) {
        let pattern = Pattern::new(text);
        if !pattern.compiles() {
            return Err(format!("the pattern `{text}` does not compile"));
        }
        return Ok(Expr::Matches(arguments.swap_remove(0).into(), pattern));
    }
    Function::find(name, arguments.len())
        .map(|function| Expr::Call(function, arguments))
        .ok_or_else(|| format!("the function `{name}` is not supported"))
}

/// Undoes how Kubernetes writes property names that are no identifiers or are reserved words.
fn unescape(name: &str) -> Name {
    let name = name
        .replace("__dot__", ".")
        .replace("__dash__", "-")
        .replace("__slash__", "/")
        .replace("__underscores__", "__");
    match name.strip_prefix("__").and_then(|n| n.strip_suffix("__")) {
        Some(word) if !word.is_empty() => word.into(),
        _ => name.as_str().into(),
    }
}
