//! How long a product line is given updates.

use afterpatch_model::Product;

/// The end of a product line's updates, `YYYY-MM-DD`, each the last day on which one was given.
///
/// Source: Microsoft's lifecycle pages (2010: 2020-10-13; 2013: 2023-04-11; 2016 and 2019: 2025-10-14), and for 2016 and 2019 the
/// paid programme of two periods, the second from May to October 2026 (Exchange team, 2026; facts of this project, `README.md`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    /// Last day of updates for everybody; `None` while it goes on.
    pub until: Option<&'static str>,
    /// Last day of updates for those who paid; `None` when there were none.
    pub paid_until: Option<&'static str>,
}

/// What is known of a product line's life.
pub fn life(product: Product) -> Life {
    let (until, paid_until) = match product {
        Product::Exchange2010 => (Some("2020-10-13"), None),
        Product::Exchange2013 => (Some("2023-04-11"), None),
        Product::Exchange2016 | Product::Exchange2019 => (Some("2025-10-14"), Some("2026-10-31")),
        Product::ExchangeSe => (None, None),
    };
    Life { until, paid_until }
}

/// Where a product line stands on a day (`YYYY-MM-DD`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    /// It is given updates.
    Supported,
    /// It is given updates for those who pay, until that day.
    Paid(&'static str),
    /// It was given its last update for anybody on that day.
    Ended(&'static str),
}

/// Where a product line stands on a day (`YYYY-MM-DD`).
pub fn support(product: Product, day: &str) -> Support {
    let Life { until, paid_until } = life(product);
    match (until, paid_until) {
        (Some(end), _) if day <= end => Support::Supported,
        (Some(_), Some(paid)) if day <= paid => Support::Paid(paid),
        (Some(_), Some(paid)) => Support::Ended(paid),
        (Some(end), None) => Support::Ended(end),
        (None, _) => Support::Supported,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn support_ends_on_its_day() {
        for (product, day, expected) in [
            (Product::Exchange2013, "2023-04-11", Support::Supported),
            (Product::Exchange2013, "2023-04-12", Support::Ended("2023-04-11")),
            (Product::Exchange2016, "2025-10-15", Support::Paid("2026-10-31")),
            (Product::Exchange2019, "2026-11-01", Support::Ended("2026-10-31")),
            (Product::ExchangeSe, "2026-11-28", Support::Supported),
        ] {
            assert_eq!(support(product, day), expected, "{product:?} {day}");
        }
    }
}
