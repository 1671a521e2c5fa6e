//! Rules over JSX: attributes that write HTML, and images.

use oxc_ast::ast::{
    JSXAttribute, JSXAttributeItem, JSXAttributeName, JSXAttributeValue, JSXElementName, JSXOpeningElement,
};

use super::{Out, dangerous};
use crate::rules::Rule;
use crate::walk::fold;
use crate::walk::script::Script;

/// React's, and what Vue, Solid and Preact set as a property of the element.
const WRITE_HTML: [&str; 7] = ["innerHTML", "outerHTML", "domPropsInnerHTML", "v-html", "vHtml", "srcdoc", "srcDoc"];

/// An attribute that writes HTML which is not a literal.
pub(super) fn attribute<'a>(script: &Script<'_, 'a>, attribute: &JSXAttribute<'a>, out: &mut Out<'_, '_>) {
    let JSXAttributeName::Identifier(name) = &attribute.name else { return };
    let value = match &attribute.value {
        Some(JSXAttributeValue::ExpressionContainer(container)) => container.expression.as_expression(),
        _ => None,
    };
    match (name.name.as_str(), value) {
        ("dangerouslySetInnerHTML", Some(value)) => dangerous(script, value, name.span, out),
        ("dangerouslySetInnerHTML", None) => out.push(Rule::HtmlInjection, name.span),
        (name_of, Some(value)) if WRITE_HTML.contains(&name_of) && fold::text(script, value).is_none() => {
            out.push(Rule::HtmlInjection, name.span);
        }
        _ => {}
    }
}

/// `<img>` that says nothing to those who do not see it; what is spread into it may.
pub(super) fn image(element: &JSXOpeningElement<'_>, out: &mut Out<'_, '_>) {
    let is_image = matches!(&element.name, JSXElementName::Identifier(name) if name.name == "img");
    let described = |item: &JSXAttributeItem<'_>| match item {
        JSXAttributeItem::SpreadAttribute(_) => true,
        JSXAttributeItem::Attribute(attribute) => {
            matches!(&attribute.name, JSXAttributeName::Identifier(name) if matches!(name.name.as_str(), "alt" | "aria-label"))
        }
    };
    if is_image && !element.attributes.iter().any(described) {
        out.push(Rule::ImgAlt, element.span);
    }
}
