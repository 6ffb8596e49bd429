//! What a rendered guide says, cut at its headings.

/// A heading and what follows it, up to the next.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Entry {
    /// The heading's; empty before the first.
    pub id: String,
    pub heading: String,
    pub text: String,
}

/// Cuts what the server itself rendered: this reads no other HTML.
pub(super) fn entries(html: &str) -> Vec<Entry> {
    let mut all = vec![Entry::default()];
    let mut rest = html;
    // Lists of links to what the page says anyway, buttons, and titles that a heading says too.
    let mut passed_over = 0_usize;
    // A tick in a table says nothing by itself.
    let mut in_mark = false;
    let mut in_heading = false;
    while let Some(begin) = rest.find('<') {
        let (text, tag) = rest.split_at(begin);
        let entry = all.last_mut().expect("it begins with one");
        if passed_over == 0 && !in_mark {
            let to = if in_heading {
                &mut entry.heading
            } else {
                &mut entry.text
            };
            push(to, text);
        }
        if let Some(comment) = tag.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, rest)| rest);
            continue;
        }
        let Some((tag, after)) = tag[1..].split_once('>') else {
            break;
        };
        rest = after;
        let name = tag
            .split([' ', '/'])
            .find(|part| !part.is_empty())
            .unwrap_or_default();
        let is_end = tag.starts_with('/');
        match (name, is_end) {
            ("nav" | "button" | "caption", false) => passed_over += 1,
            ("nav" | "button" | "caption", true) => passed_over = passed_over.saturating_sub(1),
            ("td", false) if tag.contains("class=\"mark") => in_mark = true,
            ("td", true) if in_mark => in_mark = false,
            ("h2" | "h3", false) => {
                in_heading = true;
                all.push(Entry {
                    id: id_of(tag),
                    ..Entry::default()
                });
            }
            ("h2" | "h3", true) => in_heading = false,
            // What stands in a line with its neighbours.
            ("code" | "a" | "strong" | "em" | "span" | "!" | "", _) => {}
            _ => {
                let entry = all.last_mut().expect("it begins with one");
                if !in_heading && !entry.text.ends_with([' ', '\n']) && !entry.text.is_empty() {
                    entry.text.push(' ');
                }
            }
        }
    }
    if let Some(last) = all.last_mut() {
        push(&mut last.text, rest);
    }
    for entry in &mut all {
        entry.heading = entry.heading.trim().to_owned();
        entry.text = entry.text.trim().to_owned();
    }
    all.retain(|entry| !entry.heading.is_empty() || !entry.text.is_empty());
    all
}

fn id_of(tag: &str) -> String {
    let id = tag
        .split_once("id=\"")
        .and_then(|(_, rest)| rest.split_once('"'));
    id.map(|(id, _)| unescaped(id)).unwrap_or_default()
}

/// With one space where there is any.
fn push(to: &mut String, text: &str) {
    for letter in unescaped(text).chars() {
        if !letter.is_whitespace() {
            to.push(letter);
        } else if !to.ends_with(' ') && !to.is_empty() {
            to.push(' ');
        }
    }
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&amp;", "&")
}
