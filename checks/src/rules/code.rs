//! 代码安全: rules over the syntax tree. Start at [`script`].

mod jsx;

use oxc_ast::AstKind;
use oxc_ast::ast::{Argument, AssignmentTarget, CallExpression, Expression, IdentifierReference};
use oxc_span::{GetSpan, Span};

use super::Rule;
use crate::collector::FileFindings;
use crate::file_kind::Dialect;
use crate::finding::Found;
use crate::walk::script::{self, Script, Trouble};
use crate::walk::{fold, names};

/// Checks a script that stands at `offset` of its file.
pub(crate) fn script(text: &str, offset: usize, dialect: Dialect, out: &mut FileFindings) {
    let trouble = script::read(text, dialect, &mut |script| tree(script, text, offset, out));
    match trouble {
        None => {}
        Some(Trouble::NotChecked) => out.push(Found::at(Rule::NotChecked, offset..offset, "")),
        Some(Trouble::Syntax(at)) => {
            let at = offset.saturating_add(at);
            out.push(Found::at(Rule::Syntax, at..at, ""));
        }
    }
}

struct Out<'o, 't> {
    text: &'t str,
    offset: usize,
    findings: &'o mut FileFindings,
}

impl Out<'_, '_> {
    fn push(&mut self, rule: Rule, span: Span) {
        let (start, end) = (span.start as usize, span.end as usize);
        let subject = self.text.get(start..end).unwrap_or_default();
        let range = self.offset.saturating_add(start)..self.offset.saturating_add(end);
        self.findings.push(Found::at(rule, range, crate::text::short(subject)));
    }
}

fn tree(script: &Script<'_, '_>, text: &str, offset: usize, findings: &mut FileFindings) {
    let mut out = Out { text, offset, findings };
    for node in script.semantic.nodes().iter() {
        let parent = script.semantic.nodes().parent_kind(node.id());
        match node.kind() {
            AstKind::IdentifierReference(name) => identifier(script, name, &parent, &mut out),
            AstKind::StaticMemberExpression(member) if member.property.name == "eval" => {
                eval_member(script, &member.object, member.span, &mut out);
            }
            AstKind::ComputedMemberExpression(member)
                if fold::text(script, &member.expression).as_deref() == Some("eval") =>
            {
                eval_member(script, &member.object, member.span, &mut out);
            }
            AstKind::CallExpression(call) => call_rules(script, call, &mut out),
            AstKind::NewExpression(new) if names::is(names::path(script, &new.callee).as_ref(), "Function") => {
                out.push(Rule::NewFunction, new.callee.span());
            }
            AstKind::DebuggerStatement(statement) => out.push(Rule::Debugger, statement.span),
            AstKind::AssignmentExpression(assignment) => {
                if let Some((name, span)) = target(script, &assignment.left)
                    && matches!(name.as_str(), "innerHTML" | "outerHTML" | "srcdoc")
                    && fold::text(script, &assignment.right).is_none()
                {
                    out.push(Rule::HtmlInjection, span);
                }
            }
            AstKind::ObjectProperty(property) if script::key(&property.key) == Some("dangerouslySetInnerHTML") => {
                dangerous(script, &property.value, property.key.span(), &mut out);
            }
            AstKind::JSXAttribute(attribute) => jsx::attribute(script, attribute, &mut out),
            AstKind::JSXOpeningElement(element) => jsx::image(element, &mut out),
            _ => {}
        }
    }
}

/// `eval` itself, wherever it is named: called, handed on, given another name.
fn identifier(script: &Script<'_, '_>, name: &IdentifierReference<'_>, parent: &AstKind<'_>, out: &mut Out<'_, '_>) {
    let asked = matches!(parent, AstKind::UnaryExpression(unary) if unary.operator.as_str() == "typeof");
    if name.name == "eval" && !asked && names::is_global(script, name) {
        out.push(Rule::Eval, name.span);
    }
}

/// `window.eval`, `self["eval"]`.
fn eval_member<'a>(script: &Script<'_, 'a>, object: &Expression<'a>, span: Span, out: &mut Out<'_, '_>) {
    if names::path(script, object).is_some_and(|path| path.is_empty()) {
        out.push(Rule::Eval, span);
    }
}

fn call_rules<'a>(script: &Script<'_, 'a>, call: &CallExpression<'a>, out: &mut Out<'_, '_>) {
    let path = names::path(script, &call.callee);
    let callee = call.callee.span();
    let first = call.arguments.first().and_then(Argument::as_expression);
    let is = |dotted| names::is(path.as_ref(), dotted);
    if is("eval") {
        out.push(Rule::Eval, callee);
    } else if is("Function") || is_constructor(&call.callee) {
        out.push(Rule::NewFunction, callee);
    } else if is("document.write") || is("document.writeln") {
        out.push(Rule::DocumentWrite, callee);
    } else if is("setTimeout") || is("setInterval") || is("execScript") {
        if first.is_some_and(|first| is_text(script, first)) {
            out.push(Rule::StringTimer, callee);
        }
    } else if is("navigator.serviceWorker.register") {
        out.push(Rule::ServiceWorker, callee);
    } else if let Some(name) = method(script, &call.callee) {
        let html = match name.as_str() {
            "insertAdjacentHTML" => call.arguments.get(1).and_then(Argument::as_expression),
            "createContextualFragment" => first,
            _ => None,
        };
        if html.is_some_and(|html| fold::text(script, html).is_none()) {
            out.push(Rule::HtmlInjection, callee);
        }
    }
}

/// `x.constructor.constructor(…)` is `Function`, too.
fn is_constructor(callee: &Expression<'_>) -> bool {
    let Expression::StaticMemberExpression(outer) = callee else { return false };
    let Expression::StaticMemberExpression(inner) = outer.object.get_inner_expression() else { return false };
    outer.property.name == "constructor" && inner.property.name == "constructor"
}

fn method<'a>(script: &Script<'_, 'a>, callee: &Expression<'a>) -> Option<String> {
    match callee {
        Expression::StaticMemberExpression(member) => Some(member.property.name.to_string()),
        Expression::ComputedMemberExpression(member) => fold::text(script, &member.expression),
        _ => None,
    }
}

/// Whether the value is text for certain, whatever it says.
fn is_text<'a>(script: &Script<'_, 'a>, value: &Expression<'a>) -> bool {
    match value.get_inner_expression() {
        Expression::StringLiteral(_) | Expression::TemplateLiteral(_) => true,
        _ => fold::pieces(script, value)
            .iter()
            .any(|piece| matches!(piece, fold::Piece::Known(text) if !text.is_empty())),
    }
}

fn target<'a>(script: &Script<'_, 'a>, target: &AssignmentTarget<'a>) -> Option<(String, Span)> {
    match target {
        AssignmentTarget::StaticMemberExpression(member) => Some((member.property.name.to_string(), member.span)),
        AssignmentTarget::ComputedMemberExpression(member) => {
            Some((fold::text(script, &member.expression)?, member.span))
        }
        _ => None,
    }
}

/// `{ __html: … }` with what is not a literal.
fn dangerous<'a>(script: &Script<'_, 'a>, value: &Expression<'a>, span: Span, out: &mut Out<'_, '_>) {
    let fixed = match value.get_inner_expression() {
        Expression::ObjectExpression(object) => object.properties.iter().all(|property| match property {
            oxc_ast::ast::ObjectPropertyKind::ObjectProperty(property) => {
                script::key(&property.key) == Some("__html") && fold::text(script, &property.value).is_some()
            }
            oxc_ast::ast::ObjectPropertyKind::SpreadProperty(_) => false,
        }),
        _ => false,
    };
    if !fixed {
        out.push(Rule::HtmlInjection, span);
    }
}
