#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;

#[test]
fn any_value_comes_out_of_its_quotes_as_it_went_in() {
    use proptest::prelude::*;
    let value = "[ -~äß]{0,40}|(;|'|S:|I32:|=|a|,|\"){0,30}";
    proptest!(|(values in prop::collection::vec(value, 1..6))| {
        let bag: Vec<String> = values.iter().map(|value| format!("S:K='{}'", value.replace('\'', "''"))).collect();
        let bag = bag.join(";");
        let (pairs, whole) = bag::parse(&bag);
        prop_assert!(whole);
        let read: Vec<&str> = pairs.iter().map(|(_, value)| &**value).collect();
        prop_assert_eq!(read, values);
    });
}

#[test]
fn hostile_bags_take_no_more_than_linear_time() {
    for piece in ["'", ";", ";S:a='", "S:a=''", ";S:a='x''", "';S:", ";S:aaaaaaaa", "''';S:a="] {
        let bag = piece.repeat((1 << 20) / piece.len());
        let begun = std::time::Instant::now();
        let _ = bag::parse(&bag);
        assert!(begun.elapsed().as_secs() < 5, "{piece}");
    }
}
