//! Which records a rule is for.

use afterpatch_model::{Record, Unified};
use rsigma_parser::LogSource;

/// The log source of a rule: what it states must be the record's, what it leaves out may be anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Route {
    product: Option<String>,
    category: Option<Category>,
    service: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Category {
    /// Ours: Exchange management commands reach us from several logs, and a rule has only one log source.
    ExchangeCmdlet,
    /// A category of the Sigma taxonomy.
    Named(String),
}

impl Route {
    pub(crate) fn of(source: &LogSource) -> Self {
        let category = source.category.as_deref().map(|name| {
            if name.eq_ignore_ascii_case("exchange_cmdlet") { Category::ExchangeCmdlet } else { Category::Named(name.to_owned()) }
        });
        Self { product: source.product.clone(), category, service: source.service.clone() }
    }

    pub(crate) fn admits(&self, record: &Record<'_>) -> bool {
        let agrees = |stated: &Option<String>, own: &str| stated.as_deref().is_none_or(|stated| stated.eq_ignore_ascii_case(own));
        let category = match &self.category {
            None => true,
            Some(Category::ExchangeCmdlet) => matches!(record.unified, Unified::Cmdlet(_)),
            Some(Category::Named(name)) => name.eq_ignore_ascii_case(&record.source.category),
        };
        category && agrees(&self.product, &record.source.product) && agrees(&self.service, &record.source.service)
    }
}
