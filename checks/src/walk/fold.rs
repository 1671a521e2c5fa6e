//! What text an expression is, as far as it can be decided without running it: literals, templates,
//! `+`, `[…].join`, `.concat`, and names that are never assigned again.

use oxc_ast::ast::{Argument, ArrayExpressionElement, BinaryExpression, BinaryOperator, CallExpression, Expression};

use super::script::{Init, Script};

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Decided.
    Known(String),
    /// Known only at run time.
    Unknown,
}

/// Longest text that is put together. Bytes.
const LONGEST: usize = 256 * 1024;
const DEEPEST: u8 = 24;

/// The pieces of a text, neighbours joined.
#[derive(Default)]
pub(crate) struct Pieces {
    pieces: Vec<Piece>,
    bytes: usize,
}

impl Pieces {
    fn known(&mut self, text: &str) {
        if self.bytes.saturating_add(text.len()) > LONGEST {
            return self.unknown();
        }
        self.bytes = self.bytes.saturating_add(text.len());
        match self.pieces.last_mut() {
            Some(Piece::Known(last)) => last.push_str(text),
            _ => self.pieces.push(Piece::Known(text.to_owned())),
        }
    }

    fn unknown(&mut self) {
        if self.pieces.last() != Some(&Piece::Unknown) {
            self.pieces.push(Piece::Unknown);
        }
    }
}

/// The pieces of the text that `expression` is.
pub(crate) fn pieces<'a>(script: &Script<'_, 'a>, expression: &Expression<'a>) -> Vec<Piece> {
    let mut out = Pieces::default();
    fold(script, expression, DEEPEST, &mut out);
    out.pieces
}

/// The text, if it is decided whole.
pub(crate) fn text<'a>(script: &Script<'_, 'a>, expression: &Expression<'a>) -> Option<String> {
    match pieces(script, expression).as_slice() {
        [] => Some(String::new()),
        [Piece::Known(text)] => Some(text.clone()),
        _ => None,
    }
}

/// The pieces of a sum.
pub(crate) fn sum<'a>(script: &Script<'_, 'a>, sum: &BinaryExpression<'a>) -> Vec<Piece> {
    let mut out = Pieces::default();
    fold_sum(script, sum, DEEPEST, &mut out);
    out.pieces
}

/// The pieces of a call that puts a text together; nothing if it is another call.
pub(crate) fn call_pieces<'a>(script: &Script<'_, 'a>, call: &CallExpression<'a>) -> Option<Vec<Piece>> {
    let mut out = Pieces::default();
    fold_call(script, call, DEEPEST, &mut out).then_some(out.pieces)
}

fn fold<'a>(script: &Script<'_, 'a>, expression: &Expression<'a>, depth: u8, out: &mut Pieces) {
    let Some(depth) = depth.checked_sub(1).filter(|_| script.spend()) else { return out.unknown() };
    match expression.get_inner_expression() {
        Expression::StringLiteral(literal) => out.known(&literal.value),
        Expression::NumericLiteral(number) => match number.raw {
            Some(raw) if raw.bytes().all(|byte| byte.is_ascii_digit()) => out.known(&raw),
            _ => out.unknown(),
        },
        Expression::TemplateLiteral(template) => {
            let mut values = template.expressions.iter();
            for quasi in &template.quasis {
                out.known(quasi.value.cooked.as_ref().unwrap_or(&quasi.value.raw));
                if let Some(value) = values.next() {
                    fold(script, value, depth, out);
                }
            }
        }
        Expression::BinaryExpression(sum) if sum.operator == BinaryOperator::Addition => {
            fold_sum(script, sum, depth, out)
        }
        Expression::Identifier(name) => {
            let symbol = name.reference_id.get().and_then(|id| script.semantic.scoping().get_reference(id).symbol_id());
            match symbol.and_then(|symbol| script.init(symbol)) {
                Some(Init::Whole(init)) => fold(script, init, depth, out),
                _ => out.unknown(),
            }
        }
        Expression::CallExpression(call) => {
            if !fold_call(script, call, depth, out) {
                out.unknown();
            }
        }
        _ => out.unknown(),
    }
}

fn fold_sum<'a>(script: &Script<'_, 'a>, sum: &BinaryExpression<'a>, depth: u8, out: &mut Pieces) {
    // The left side of a long sum is walked, not entered.
    let mut operands = vec![&sum.right];
    let mut left = &sum.left;
    while let Expression::BinaryExpression(sum) = left.get_inner_expression()
        && sum.operator == BinaryOperator::Addition
    {
        operands.push(&sum.right);
        left = &sum.left;
    }
    operands.push(left);
    for operand in operands.into_iter().rev() {
        fold(script, operand, depth, out);
    }
}

fn fold_call<'a>(script: &Script<'_, 'a>, call: &CallExpression<'a>, depth: u8, out: &mut Pieces) -> bool {
    let Expression::StaticMemberExpression(member) = &call.callee else { return false };
    match (member.property.name.as_str(), member.object.get_inner_expression()) {
        ("join", Expression::ArrayExpression(array)) => {
            let separator = match call.arguments.first().map(Argument::as_expression) {
                None => Some(",".to_owned()),
                Some(Some(expression)) => text(script, expression),
                Some(None) => None,
            };
            for (n, element) in array.elements.iter().enumerate() {
                match &separator {
                    Some(separator) if n > 0 => out.known(separator),
                    None if n > 0 => out.unknown(),
                    _ => {}
                }
                element_pieces(script, element, depth, out);
            }
            true
        }
        ("concat", object @ (Expression::StringLiteral(_) | Expression::TemplateLiteral(_))) => {
            fold(script, object, depth, out);
            for argument in &call.arguments {
                match argument.as_expression() {
                    Some(expression) => fold(script, expression, depth, out),
                    None => out.unknown(),
                }
            }
            true
        }
        _ => false,
    }
}

fn element_pieces<'a>(script: &Script<'_, 'a>, element: &ArrayExpressionElement<'a>, depth: u8, out: &mut Pieces) {
    match (element, element.as_expression()) {
        (ArrayExpressionElement::Elision(_), _) => {}
        (_, Some(expression)) => fold(script, expression, depth, out),
        _ => out.unknown(),
    }
}
