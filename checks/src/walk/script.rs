//! A script as a syntax tree with its scopes. Start at [`read`].

use std::cell::Cell;
use std::collections::HashMap;

use oxc_allocator::Allocator;
use oxc_ast::AstKind;
use oxc_ast::ast::{BindingPattern, Expression};
use oxc_parser::{ParseOptions, Parser};
use oxc_semantic::{Semantic, SemanticBuilder, SymbolId};
use oxc_span::SourceType;

use super::nesting;
use crate::file_kind::Dialect;
use crate::limits::PARSED_BYTES;

/// Why there is no tree, or not a whole one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Too large or too deeply nested to be parsed.
    NotChecked,
    /// A syntax error at this offset.
    Syntax(usize),
}

/// A script that was parsed.
pub(crate) struct Script<'s, 'a> {
    pub(crate) semantic: &'s Semantic<'a>,
    inits: HashMap<SymbolId, Init<'a>>,
    /// Steps that may still be spent on following names; a hostile file could double them for ever.
    pub(crate) budget: Cell<u32>,
}

/// What a name that is never assigned again stands for.
#[derive(Clone, Copy)]
pub(crate) enum Init<'a> {
    /// `const name = …`
    Whole(&'a Expression<'a>),
    /// `const { key: name } = …`
    Property(&'a Expression<'a>, &'a str),
}

/// Parses the text and hands the tree to `then`, unless there is none. Answers also what was wrong: a
/// tree with an error in it is still looked at.
pub(crate) fn read(text: &str, dialect: Dialect, then: &mut dyn FnMut(&Script<'_, '_>)) -> Option<Trouble> {
    if text.len() > PARSED_BYTES || nesting::too_deep(text) {
        return Some(Trouble::NotChecked);
    }
    let mut first = None;
    for source_type in readings(dialect) {
        let allocator = Allocator::default();
        let options =
            ParseOptions { allow_return_outside_function: true, preserve_parens: false, ..ParseOptions::default() };
        let parsed = Parser::new(&allocator, text, *source_type).with_options(options).parse();
        let error = parsed.diagnostics.first().map(|diagnostic| {
            let label = diagnostic.labels.first();
            label.map_or(0, |label| usize::try_from(label.offset()).unwrap_or_default())
        });
        if error.is_some() && first.is_none() {
            first = error;
        }
        let last = readings(dialect).last() == Some(source_type);
        if (error.is_some() && !last) || parsed.panicked {
            continue;
        }
        let program = allocator.alloc(parsed.program);
        let semantic = SemanticBuilder::new().with_build_nodes(true).build(program).semantic;
        let script = Script::new(&semantic);
        then(&script);
        if script.budget.get() == 0 {
            return Some(Trouble::NotChecked);
        }
        return error.and(first).map(Trouble::Syntax);
    }
    first.map(Trouble::Syntax)
}

/// How a dialect may be read, in this order.
fn readings(dialect: Dialect) -> &'static [SourceType] {
    const JS: &[SourceType] = &[SourceType::unambiguous().with_jsx(true), SourceType::script()];
    const TS: &[SourceType] = &[SourceType::ts()];
    const TSX: &[SourceType] = &[SourceType::tsx()];
    const DTS: &[SourceType] = &[SourceType::d_ts()];
    match dialect {
        Dialect::Js => JS,
        Dialect::Ts => TS,
        Dialect::Tsx => TSX,
        Dialect::Dts => DTS,
    }
}

impl<'s, 'a> Script<'s, 'a> {
    fn new(semantic: &'s Semantic<'a>) -> Self {
        let mut inits = HashMap::new();
        for node in semantic.nodes().iter() {
            if let AstKind::VariableDeclarator(declarator) = node.kind()
                && let Some(init) = &declarator.init
            {
                bind(semantic, &declarator.id, init, &mut inits);
            }
        }
        Script { semantic, inits, budget: Cell::new(20_000_000) }
    }

    /// What the name stands for, if it is never assigned again.
    pub(crate) fn init(&self, symbol: SymbolId) -> Option<Init<'a>> {
        self.inits.get(&symbol).copied()
    }

    /// Spends a step; false when there are none left.
    pub(crate) fn spend(&self) -> bool {
        let left = self.budget.get();
        self.budget.set(left.saturating_sub(1));
        left > 0
    }
}

fn bind<'a>(
    semantic: &Semantic<'a>,
    pattern: &'a BindingPattern<'a>,
    init: &'a Expression<'a>,
    inits: &mut HashMap<SymbolId, Init<'a>>,
) {
    let mut take = |symbol: Option<SymbolId>, init| {
        if let Some(symbol) = symbol
            && !semantic.scoping().symbol_is_mutated(symbol)
            && semantic.scoping().symbol_redeclarations(symbol).is_empty()
        {
            inits.insert(symbol, init);
        }
    };
    match pattern {
        BindingPattern::BindingIdentifier(name) => take(name.symbol_id.get(), Init::Whole(init)),
        BindingPattern::ObjectPattern(object) => {
            for property in &object.properties {
                if let (BindingPattern::BindingIdentifier(name), Some(key)) = (&property.value, key(&property.key)) {
                    take(name.symbol_id.get(), Init::Property(init, key));
                }
            }
        }
        BindingPattern::ArrayPattern(_) | BindingPattern::AssignmentPattern(_) => {}
    }
}

/// The name of a property, if it stands there.
pub(crate) fn key<'a>(key: &'a oxc_ast::ast::PropertyKey<'a>) -> Option<&'a str> {
    match key {
        oxc_ast::ast::PropertyKey::StaticIdentifier(name) => Some(name.name.as_str()),
        oxc_ast::ast::PropertyKey::StringLiteral(text) => Some(text.value.as_str()),
        _ => None,
    }
}
