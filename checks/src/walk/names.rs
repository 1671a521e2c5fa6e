//! Which global an expression is, through the aliases that can be followed: `eval`,
//! `document.write`, `navigator.serviceWorker.register`.

use oxc_ast::ast::{ChainElement, Expression, IdentifierReference};

use super::fold;
use super::script::{Init, Script};

const DEEPEST: u8 = 16;

/// The path of globals, without `window` and its like in front; nothing if it is no global.
pub(crate) fn path<'a>(script: &Script<'_, 'a>, expression: &Expression<'a>) -> Option<Vec<String>> {
    walk(script, expression, DEEPEST)
}

/// Whether the path is this one, written with dots.
pub(crate) fn is(path: Option<&Vec<String>>, dotted: &str) -> bool {
    path.is_some_and(|path| path.iter().map(String::as_str).eq(dotted.split('.')))
}

/// Whether the name is a global, not one of the script's own.
pub(crate) fn is_global(script: &Script<'_, '_>, name: &IdentifierReference<'_>) -> bool {
    symbol(script, name).is_none()
}

fn symbol(script: &Script<'_, '_>, name: &IdentifierReference<'_>) -> Option<oxc_semantic::SymbolId> {
    name.reference_id.get().and_then(|id| script.semantic.scoping().get_reference(id).symbol_id())
}

fn walk<'a>(script: &Script<'_, 'a>, expression: &Expression<'a>, depth: u8) -> Option<Vec<String>> {
    let depth = depth.checked_sub(1).filter(|_| script.spend())?;
    match expression.get_inner_expression() {
        Expression::Identifier(name) => match symbol(script, name) {
            None => Some(step(Vec::new(), name.name.as_str())),
            Some(symbol) => match script.init(symbol)? {
                Init::Whole(init) => walk(script, init, depth),
                Init::Property(init, key) => Some(step(walk(script, init, depth)?, key)),
            },
        },
        Expression::StaticMemberExpression(member) => {
            Some(step(walk(script, &member.object, depth)?, member.property.name.as_str()))
        }
        Expression::ComputedMemberExpression(member) => {
            let object = walk(script, &member.object, depth)?;
            Some(step(object, &fold::text(script, &member.expression)?))
        }
        Expression::ChainExpression(chain) => match &chain.expression {
            ChainElement::StaticMemberExpression(member) => {
                Some(step(walk(script, &member.object, depth)?, member.property.name.as_str()))
            }
            ChainElement::ComputedMemberExpression(member) => {
                let object = walk(script, &member.object, depth)?;
                Some(step(object, &fold::text(script, &member.expression)?))
            }
            _ => None,
        },
        Expression::SequenceExpression(sequence) => walk(script, sequence.expressions.last()?, depth),
        // `document.write.bind(document)`
        Expression::CallExpression(call) => match &call.callee {
            Expression::StaticMemberExpression(member) if member.property.name == "bind" => {
                walk(script, &member.object, depth)
            }
            _ => None,
        },
        _ => None,
    }
}

/// One member further; the global object itself is the empty path.
fn step(mut path: Vec<String>, name: &str) -> Vec<String> {
    let again =
        path.is_empty() && matches!(name, "window" | "self" | "globalThis" | "top" | "parent" | "frames" | "global");
    // `document.defaultView` is the global object again.
    let view = name == "defaultView" && path.iter().map(String::as_str).eq(["document"]);
    if view {
        path.clear();
    } else if !again {
        path.push(name.to_owned());
    }
    path
}
