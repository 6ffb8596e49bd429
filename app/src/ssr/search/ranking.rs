//! Which of many places somebody means.

use super::places::{Place, Places};

/// Places of a kind that are shown.
const MOST: usize = 8;

/// Those that hold every word, in their order but for how well they fit: a name that begins with what was
/// typed comes first, then one with a word that does, then all else. Without words the first ones.
pub(super) fn best(name: &'static str, text: &str, places: impl Iterator<Item = Place>) -> Places {
    let text = text.trim().to_lowercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut found: Vec<(u8, Place)> = places
        .filter_map(|place| Some((distance(&text, &words, &place)?, place)))
        .collect();
    found.sort_by_key(|(distance, _)| *distance);
    found.truncate(MOST);
    let places = found.into_iter().map(|(_, place)| place).collect();
    Places::new(name, places)
}

/// `None` where a word is missing.
fn distance(text: &str, words: &[&str], place: &Place) -> Option<u8> {
    let title = place.title.to_lowercase();
    if words.iter().all(|word| title.contains(word)) {
        let begins = |word: &&str| {
            title
                .split(|c: char| !c.is_alphanumeric())
                .any(|part| part.starts_with(*word))
        };
        return Some(match () {
            () if title.starts_with(text) => 0,
            () if words.iter().all(begins) => 1,
            () => 2,
        });
    }
    let about = place.about.to_lowercase();
    let is_anywhere = |word: &&str| title.contains(*word) || about.contains(*word);
    words.iter().all(is_anywhere).then_some(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(text: &str, all: &[&str]) -> Vec<String> {
        let places = all.iter().map(|title| Place::new(*title, "Tool", "/"));
        let found = best("Tools", text, places).places;
        found.into_iter().map(|place| place.title).collect()
    }

    #[test]
    fn what_begins_so_comes_first() {
        let all = [
            "old-contacts",
            "contacts-get",
            "crm-contacts",
            "x",
            "mycontacts",
        ];
        assert_eq!(
            titles("Contacts", &all),
            ["contacts-get", "old-contacts", "crm-contacts", "mycontacts"]
        );
    }

    #[test]
    fn every_word_has_to_be_there() {
        assert_eq!(titles("get crm", &["crm-get", "crm-set"]), ["crm-get"]);
        assert_eq!(titles("tool set", &["crm-get", "crm-set"]), ["crm-set"]);
        assert!(titles("zebra", &["crm-get"]).is_empty());
    }

    #[test]
    fn no_words_find_the_first_ones() {
        let many: Vec<String> = (0..20).map(|at| format!("tool-{at}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(titles(" ", &many).len(), MOST);
    }
}
